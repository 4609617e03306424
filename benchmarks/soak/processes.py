"""The site under soak: server processes, a worker and the stand-in, each of which may be killed and comes back."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from antiempire.demo.home import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
KEY, SECRET = "sk_test_soak", "whsec_soak"


class Site:
    """All that runs, with one environment. Use as a context: nothing survives it."""

    def __init__(self, database_url: str, folder: Path):
        self.folder = folder
        self.port, self.stripe_port = free_port(0), free_port(0)
        self.killed = {"server": 0, "worker": 0}
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = threading.Event()
        self.environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "antiempire.settings",
            "ENV_FILE": os.devnull,
            "DEBUG": "false",
            "DEMO": "true",
            "DEMO_CLOCK_FILE": str(folder / "clock.json"),
            "SECRET_KEY": "only-for-the-soak-" + "x" * 40,
            "BACKER_HASH_KEY": "only-for-the-soak-" + "y" * 40,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "DATABASE_URL": database_url,
            "CACHE_URL": f"filecache://{folder / 'cache'}",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRETS": SECRET,
            "STRIPE_API_BASE": f"http://127.0.0.1:{self.stripe_port}",
            "STRIPE_SITE": "soak",
            "ECB_DAILY_URL": "",
            "ECB_HISTORY_URL": "",
            "MAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            "LOG_LEVEL": "CRITICAL",
        }

    @property
    def stripe(self) -> str:
        return self.environ["STRIPE_API_BASE"]

    def manage(self, *arguments: str) -> int:
        return subprocess.run([sys.executable, "manage.py", *arguments], cwd=PROJECT, env=self.environ).returncode

    def __enter__(self) -> "Site":
        self.start_stand_in()
        for number in (1, 2):
            self.start(f"server{number}")
        self.start("worker")
        self.keeper = threading.Thread(target=self.keep_alive, daemon=True)
        self.keeper.start()
        self.await_answers()
        return self

    def __exit__(self, *trouble) -> None:
        self.stopping.set()
        self.keeper.join()
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def start_stand_in(self) -> None:
        webhook = f"http://127.0.0.1:{self.port}/support/stripe/webhook/"
        self.running["stand-in"] = self.spawn(
            *("-m", "fakestripe", "--port", str(self.stripe_port), "--state", str(self.folder / "stripe.sqlite3")),
            *("--clock-file", self.environ["DEMO_CLOCK_FILE"], "--webhook-url", webhook),
            *("--webhook-secret", SECRET, "--key", KEY, "--carriers", "4"),
        )

    def start(self, name: str) -> None:
        """Both servers listen on one port; the kernel shares the calls out."""
        server = (
            *("-m", "antiempire.serve", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", "1", "--blocking-threads", "4", "--log-level", "error"),
        )
        worker = ("manage.py", "db_worker", "--verbosity", "0", "--interval", "0.1", "--no-startup-delay")
        self.running[name] = self.spawn(*(worker if name == "worker" else server))

    def spawn(self, *command: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def keep_alive(self) -> None:
        while not self.stopping.wait(0.2):
            for name, process in list(self.running.items()):
                if process.poll() is not None and name != "stand-in":
                    self.start(name)

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL, with everything the process has started."""
        name = chance.choice(["server1", "server2", "worker"])
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
            self.killed["worker" if name == "worker" else "server"] += 1

    def await_answers(self, seconds: float = 60) -> None:
        patience_ends = time.monotonic() + seconds
        for url in (f"{self.stripe}/_fake/clock", f"http://127.0.0.1:{self.port}/support/how/"):
            while True:
                try:
                    urllib.request.urlopen(url, timeout=10).close()
                    break
                except OSError:
                    if time.monotonic() > patience_ends:
                        raise
                    time.sleep(0.2)
