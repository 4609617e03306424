"""
The demo as a newcomer meets it: real processes on a real port. Most tests share one folder, which the first of them
fills; each leaves it stopped.
"""

import contextlib
import http.cookiejar
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo

PROJECT = Path(__file__).resolve().parent.parent.parent
FIRST_RUN_SECONDS = 180
NEXT_RUN_SECONDS = 30
STOP_SECONDS = 12


class Demo:
    """One `make demo`, with what it prints and every process that descends from it."""

    count = 0

    def __init__(self, folder: Path, *, through_make: bool = False, port: int | None = None):
        Demo.count += 1
        self.folder = folder
        self.port = port or free_port()
        self.log = folder.parent / f"demo-{Demo.count}.log"
        # Inherited by every descendant, whatever group or session it is in.
        self.mark = f"DEMO_UNDER_TEST={os.getpid()}-{Demo.count}"
        module = ["-m", "antiempire.demo", "--port", str(self.port), "--folder", str(folder)]
        command = [sys.executable, *module]
        if through_make:
            command = [
                "make",
                "demo",
                f"PORT={self.port}",
                f"ARGS=--folder {shlex.quote(str(folder))}",
                f"VENV={sys.prefix}",
            ]
        name, value = self.mark.split("=")
        # Settings meant for another site must not reach the demo.
        strangers = {"DATABASE_URL": "sqlite:////nowhere/other.sqlite3", "SECRET_KEY": "other", "DEBUG": "true"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**os.environ, **strangers, name: value},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

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

    def end(self, number: int = signal.SIGTERM):
        self.process.send_signal(number)
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def sign_in(demo: Demo, email: str, password: str) -> str:
    """Fills the login form as a browser does; gives the page that follows."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"{demo.url}/admin/login/?next=/admin/"
    with browser.open(address, timeout=30) as response:
        form = response.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    fields = {"csrfmiddlewaretoken": token, "username": email, "password": password, "next": "/admin/"}
    with browser.open(address, urllib.parse.urlencode(fields).encode(), timeout=30) as response:
        return response.read().decode()


def count_articles(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / "site.sqlite3")) as connection:
        return connection.execute("SELECT count(*) FROM articles_article").fetchone()[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder whose name needs quoting, filled by a first run."""
    folder = tmp_path_factory.mktemp("a demo") / "home"
    demo = Demo(folder)
    try:
        demo.wait_for("Login: ").end()
    finally:
        demo.clear_away()
    return folder


@pytest.fixture
def start():
    """Starts demos and makes sure that none survives the test."""
    started = []

    def start(*arguments, **options) -> Demo:
        started.append(Demo(*arguments, **options))
        return started[-1]

    yield start
    for demo in started:
        demo.clear_away()


def test_the_printed_login_opens_the_desk_of_a_running_site(folder, start):
    demo = start(folder).wait_for("Login: ")
    assert "</html>" in read(f"{demo.url}/")
    email, password = demo.login
    assert 'id="logout-form"' in sign_in(demo, email, password)
    assert 'id="logout-form"' not in sign_in(demo, email, password + "x")
    demo.end()


def test_a_second_run_is_quick_and_keeps_what_was_edited_and_the_login(folder, start):
    demo = start(folder).wait_for("Login: ")
    login = demo.login
    with contextlib.closing(sqlite3.connect(folder / "site.sqlite3", timeout=20)) as connection, connection:
        connection.execute("UPDATE articles_masthead SET site_name = 'The Edited Times'")
    demo.end()

    started_at = time.monotonic()
    again = start(folder).wait_for("Login: ", NEXT_RUN_SECONDS)
    assert time.monotonic() - started_at < NEXT_RUN_SECONDS
    assert again.login == login
    assert "The Edited Times" in read(f"{again.url}/")
    assert "first run" not in again.output
    again.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_survives_the_demo_however_it_ends(folder, start, number):
    demo = start(folder).wait_for("Login: ", NEXT_RUN_SECONDS)
    assert len(demo.family()) >= 4  # demo, watcher, server and its worker process, background worker
    demo.end(number)
    assert demo.process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", demo.port))


def test_no_process_survives_a_killed_make(folder, start):
    demo = start(folder, through_make=True).wait_for("Login: ", NEXT_RUN_SECONDS)
    assert "make" in command_of(demo.process.pid)
    demo.end(signal.SIGKILL)


def test_a_demo_can_be_started_again_at_once_after_a_kill(folder, start):
    demo = start(folder).wait_for("Login: ", NEXT_RUN_SECONDS)
    demo.process.kill()
    demo.process.wait()
    again = start(folder, port=demo.port).wait_for("Login: ", NEXT_RUN_SECONDS)
    assert "</html>" in read(f"{again.url}/")
    again.end()


def test_a_taken_port_is_told_with_the_way_out(folder, start):
    with socket.socket() as occupier:
        occupier.bind(("127.0.0.1", 0))
        occupier.listen()
        port = occupier.getsockname()[1]
        demo = start(folder, port=port)
        assert demo.process.wait(NEXT_RUN_SECONDS) == 1
    assert f"Port {port} cannot be used" in demo.output
    assert f"make demo PORT={port + 1}" in demo.output
    demo.expect_nobody_left()


def test_two_demos_never_share_a_folder(folder, start):
    first = start(folder).wait_for("Login: ", NEXT_RUN_SECONDS)
    second = start(folder)
    assert second.process.wait(NEXT_RUN_SECONDS) == 1
    assert "running already" in second.output
    assert "</html>" in read(f"{first.url}/")
    first.end()


def test_a_worker_that_dies_is_replaced(folder, start):
    demo = start(folder).wait_for("Login: ", NEXT_RUN_SECONDS)

    def workers():
        return {pid for pid in demo.family() if "db_worker" in command_of(pid)}

    wait_until(workers, NEXT_RUN_SECONDS, "the first worker")
    (killed,) = workers()
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: workers() - {killed}, NEXT_RUN_SECONDS, "another worker")
    demo.end()


def test_an_interrupted_first_run_is_made_good_by_the_next(folder, start, tmp_path):
    broken_off = start(tmp_path / "home").wait_for("Loading the sample content")
    time.sleep(1)
    broken_off.end(signal.SIGKILL)
    assert not (tmp_path / "home" / "site.sqlite3").exists()

    again = start(tmp_path / "home").wait_for("Login: ")
    assert "</html>" in read(f"{again.url}/")
    again.end()
    assert count_articles(tmp_path / "home") == count_articles(folder) > 0
