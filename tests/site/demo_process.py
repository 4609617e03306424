"""A demo under test: its processes, what they print, and the pages it serves."""

import contextlib
import http.cookiejar
import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
FIRST_RUN_SECONDS = 480
NEXT_RUN_SECONDS = 30  # of a processor, what is promised; the others are bounds for what would never come
PATIENCE_SECONDS = 120
STOP_SECONDS = 60
# Settings meant for another site: a demo that obeyed one of them could not start, or would spoil that site.
STRANGE_SETTINGS = {"DATABASE_URL": "sqlite:////nowhere/other.sqlite3", "SECRET_KEY": "other", "DEBUG": "true"}


class Demo:
    """One demo, with what it prints and every process that descends from it."""

    count = itertools.count(1)

    def __init__(self, command: list[str], *, port: int, log: Path, project: Path = PROJECT):
        self.port = port
        self.log = log
        # Inherited by every descendant, whatever group or session it is in.
        self.mark = f"DEMO_UNDER_TEST={os.getpid()}-{next(Demo.count)}"
        name, value = self.mark.split("=")
        with log.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=project,
                env={**os.environ, **STRANGE_SETTINGS, name: value},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @classmethod
    def in_folder(cls, folder: Path, *, port: int | None = None, through_make: bool = False) -> "Demo":
        """A demo of this checkout that keeps its site in `folder`."""
        port = port or free_port()
        command = [sys.executable, "-m", "antiempire.demo", "--port", str(port), "--folder", str(folder)]
        if through_make:
            arguments = f"--folder {shlex.quote(str(folder))}"
            command = ["make", "demo", f"PORT={port}", f"ARGS={arguments}", f"VENV={sys.prefix}"]
        return cls(command, port=port, log=folder.parent / f"{port}.log")

    @classmethod
    def of_newcomer(cls, clone: Path) -> "Demo":
        """What somebody sees who typed the one command in a fresh clone."""
        port = free_port()
        return cls(["make", "demo", f"PORT={port}"], port=port, log=clone.parent / f"{port}.log", project=clone)

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def payment_desk(self) -> str:
        return re.search(r"^The payment desk: +(http://\S+)", self.output, re.MULTILINE)[1]

    @property
    def login(self) -> list[str]:
        return re.search(r"^Login: (\S+) (\S+)$", self.output, re.MULTILINE).groups()

    def wait_for(self, words: str, seconds: float = FIRST_RUN_SECONDS):
        wait_until(lambda: words in self.output or self.process.poll() is not None, seconds, f"{words!r}")
        assert words in self.output, self.output
        return self

    def family(self) -> list[int]:
        pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
        return [pid for pid in pids if self.mark in environ_of(pid)]

    def processor_seconds(self) -> float:
        """What all its processes have worked so far, ended ones too; a busy machine adds next to nothing."""
        ticks = 0
        for pid in self.family():
            with contextlib.suppress(OSError):
                figures = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, figures[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def end(self, number: int = signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)
        self.expect_nobody_left()

    def press_ctrl_c(self):
        """A terminal interrupts the whole group that runs in it: make and what make has started."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        self.expect_nobody_left()

    def expect_nobody_left(self):
        wait_until(lambda: not self.family(), STOP_SECONDS, "the end of every process")

    def clear_away(self):
        """Whatever a failing test left behind."""
        for pid in self.family():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def environ_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    return ""


def wait_until(condition, seconds: float, what: str):
    patience_ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience_ends, f"{what} did not come within {seconds} s"
        time.sleep(0.1)


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:
        return response.read().decode()


def sign_in(demo: Demo, email: str, password: str) -> str:
    """Fills the login form as a browser does; gives the page that follows."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"{demo.url}/admin/login/?next=/admin/"
    with browser.open(address, timeout=PATIENCE_SECONDS) as response:
        form = response.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    fields = {"csrfmiddlewaretoken": token, "username": email, "password": password, "next": "/admin/"}
    with browser.open(address, urllib.parse.urlencode(fields).encode(), timeout=PATIENCE_SECONDS) as response:
        return response.read().decode()
