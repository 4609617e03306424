"""
The whole site as it runs in production: PostgreSQL, Redis, two processes of the application on ports of their own, and
nginx before them.
"""

import os
import subprocess
import sys
from pathlib import Path

import redis

from pagecache.entries import Entry
from tests.ports import free_port
from tests.system.asking import SECRET, Answer, ask
from tests.system.engines import PROJECT, PostgreSQL, Process, redis_server, wait_until
from tests.system.front import Front

PASSWORD = "a long password for the system test"


class Stack:
    def __init__(self, folder: Path):
        self.folder = folder
        self.database = PostgreSQL()
        self.database.start()
        self.redis = redis_server(folder / "redis")
        self.redis.start()
        self.static, self.media = folder / "static", folder / "media"
        self.media.mkdir()
        ports = [free_port(), free_port()]
        self.front = Front(folder / "front", ports, static=self.static, media=self.media)
        self.environ = self._environ()
        self.apps = [self.app(port) for port in ports]
        self.figures = self._figures()

    def start(self) -> None:
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        for app in self.apps:
            app.start()
        self.front.start()
        for app in self.apps:
            self.wait_ready(app)

    def stop(self) -> None:
        for process in (self.front, *self.apps, self.figures, self.redis):
            process.stop()
        self.database.clear_away()

    def wait_ready(self, app: Process) -> None:
        try:
            wait_until(lambda: self.readiness(app)[0] == 200, f"{app.name} ready")
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.readiness(app)[1]} {app.told()[-2000:]}") from None

    def readiness(self, app: Process) -> tuple[int, str]:
        try:
            answer = ask(f"http://127.0.0.1:{app.port}", "/readyz")
        except OSError as error:
            return 0, str(error)
        return answer.status, answer.text

    def direct(self, number: int, path: str, **headers: str) -> Answer:
        """From one process, as the front server would ask it."""
        host = self.front.address.removeprefix("http://")
        told = {"Host": host, "X_Forwarded_For": "203.0.113.9", **headers}
        return ask(f"http://127.0.0.1:{self.apps[number].port}", path, **told)

    def is_stored(self, path: str) -> bool:
        """Whether Redis, as it runs now, holds that page."""
        with redis.Redis(port=self.redis.port, db=1) as client:
            data = [client.get(key) for key in client.scan_iter("*:e:*")]
        return any(path in Entry.from_bytes(each).key for each in data if each)

    def children_of(self, process: Process) -> list[int]:
        listed = subprocess.run(["pgrep", "-P", str(process.process.pid)], capture_output=True, text=True).stdout
        return sorted(map(int, listed.split()))

    @staticmethod
    def kill(pid: int) -> None:
        os.kill(pid, 9)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code).strip()

    def app(self, port: int, *, workers: int = 1, target: str = "antiempire.wsgi:application") -> Process:
        command = [sys.executable, "-m", "antiempire.serve", "--port", str(port), "--workers", str(workers)]
        command += ["--blocking-threads", "4", "--respawn-failed-workers", target]
        log = self.folder / f"app-{port}.log"
        return Process(f"The process at {port}", command, port=port, log=log, environ=self.environ)

    def _figures(self) -> Process:
        port = free_port()
        command = [sys.executable, "manage.py", "serve_metrics", "--port", str(port)]
        return Process("The figures", command, port=port, log=self.folder / "figures.log", environ=self.environ)

    def _environ(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        return plain | {
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "antiempire.settings",
            "SECRET_KEY": "only-for-the-system-test-0123456789-abcdefghijklmnop",
            "BACKER_HASH_KEY": "only-for-the-system-test-9876543210-zyxwvutsrqponm",
            "SITE_URL": self.front.address,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": self.database.url(),
            "CACHE_URL": f"redis://127.0.0.1:{self.redis.port}/0",
            "PAGE_CACHE_URL": f"redis://127.0.0.1:{self.redis.port}/1",
            "PAGE_CACHE_FOLDER": str(self.folder / "pagecache"),
            "FRONT_CACHE_FOLDER": str(self.front.cache),
            "FRONT_BANS_FILE": str(self.front.bans),
            "TRUSTED_PROXY_COUNT": "1",
            "STATIC_ROOT": str(self.static),
            "MEDIA_ROOT": str(self.media),
            "STAFF_SECOND_FACTOR": "false",
            "CRAWLER_RANGES": "{}",
            "ECB_DAILY_URL": "",
            "ECB_HISTORY_URL": "",
            "STRIPE_SECRET_KEY": "sk_test_of_the_system_test",
            "STRIPE_WEBHOOK_SECRETS": SECRET,
            "STRIPE_API_BASE": f"http://127.0.0.1:{free_port()}",
            "LOG_FORMAT": "json",
            "METRICS_FOLDER": str(self.folder / "metrics"),
        }
