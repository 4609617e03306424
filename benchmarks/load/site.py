"""
The site of the load: what the system test starts (PostgreSQL, Redis, two processes, nginx), and beside it a worker, the
timers and Stripe's stand-in.
"""

import subprocess
import sys
from pathlib import Path

from tests.system.asking import SECRET
from tests.system.engines import PROJECT, free_port
from tests.system.stack import Stack

KEY = "sk_test_load"


class Site(Stack):
    def __init__(self, folder: Path):
        self.stripe_port = free_port()
        super().__init__(folder)
        self.helpers: list[subprocess.Popen] = []

    @property
    def stripe(self) -> str:
        return f"http://127.0.0.1:{self.stripe_port}"

    def start(self) -> None:
        """With the sample articles, copies of them, comments, and exchange rates."""
        super().start()
        clock, state = self.environ["DEMO_CLOCK_FILE"], self.folder / "stripe.sqlite3"
        webhook = f"{self.front.address}/support/stripe/webhook/"
        self.help_with(
            *("-m", "fakestripe", "--port", str(self.stripe_port), "--state", str(state), "--clock-file", clock),
            *("--webhook-url", webhook, "--webhook-secret", SECRET, "--key", KEY, "--carriers", "4"),
        )
        self.help_with("manage.py", "db_worker", "--verbosity", "0", "--interval", "0.2", "--no-startup-delay")
        self.help_with("manage.py", "run_timers", "--stay", "--brief")

    def fill(self, articles: int) -> None:
        self.manage("load_sample_content", "--copies", str(articles), "--verbosity", "0")
        self.manage("load_sample_comments", "--verbosity", "0")
        self.manage("load_sample_rates", "--verbosity", "0")

    def help_with(self, *command: str) -> None:
        with (self.folder / "helpers.log").open("ab") as log:
            self.helpers.append(
                subprocess.Popen(
                    [sys.executable, *command],
                    cwd=PROJECT,
                    env=self.environ,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )

    def stop(self) -> None:
        for helper in self.helpers:
            helper.terminate()
        for helper in self.helpers:
            try:
                helper.wait(timeout=20)
            except subprocess.TimeoutExpired:
                helper.kill()
                helper.wait()
        super().stop()

    def _environ(self) -> dict[str, str]:
        return super()._environ() | {
            "DEMO": "true",
            "DEMO_CLOCK_FILE": str(self.folder / "clock.json"),
            "STRIPE_API_BASE": self.stripe,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_SITE": "load",
            "AMOUNTS_HIDDEN_BELOW": "0",
            "MAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            "LOG_LEVEL": "ERROR",
        }
