"""The real services on this machine, each on a port of its own, started and stopped as a test wants it."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 60
_FAST = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS):
    """The first answer that is not empty."""
    patience_ends = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < patience_ends, f"{what} did not come within {seconds} s"
        time.sleep(0.05)
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class PostgreSQL:
    """A cluster that trusts everybody on this machine. It refuses to run as root, so root lends it a user."""

    def __init__(self):
        # Where that user may go: the folders of a test run belong to root alone.
        self.folder = folder = Path(tempfile.mkdtemp(prefix="antiempire-postgresql-"))
        self.port = free_port()
        folders = Path("/usr/lib/postgresql").glob("*/bin")
        self._binaries = max(folders, key=lambda found: int(found.parent.name))
        self._user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self._user:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", f"{folder}/data", "-U", "antiempire", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def url(self, database: str = "postgres") -> str:
        return f"postgres://antiempire@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = " ".join(f"-c {name}='{value}'" for name, value in {**_FAST, "port": self.port}.items())
        self._control("-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def clear_away(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):  # it may be stopped already
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_database(self, name: str) -> str:
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "antiempire", name)
        return self.url(name)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-s", "-w", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._binaries / program, *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, **self._user)


class Process:
    """A server in the foreground, with what it says in a file."""

    def __init__(self, name: str, command: list[str], *, port: int, log: Path, environ: dict[str, str] | None = None):
        self.name, self.command, self.port, self.log, self.environ = name, command, port, log, environ
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=PROJECT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(self._is_up, f"{self.name} at its port")

    def stop(self) -> None:
        """As a service manager does it: asked to end, and waited for."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """With everything that descends from it, at once."""
        os.killpg(self.process.pid, 9)
        self.process.wait()

    def told(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _is_up(self) -> bool:
        assert self.process.poll() is None, f"{self.name} ended: {self.told()[-3000:]}"
        return listens(self.port)


def redis_server(folder: Path) -> Process:
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    options = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(folder)}
    command = ["redis-server", *(part for name, value in options.items() for part in (f"--{name}", value))]
    return Process("Redis", command, port=port, log=folder / "redis.log")
