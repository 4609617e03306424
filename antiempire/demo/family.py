"""Child processes that end when this process ends, however it ends."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from antiempire.demo.watcher import GRACE_SECONDS

POLL_SECONDS = 0.25
# A helper that ends at once would otherwise be started several times a second.
RESTART_SECONDS = 3


class StepFailed(Exception):
    """A command that had to succeed did not; its own words are on the terminal already."""


class ParentGone(Exception):
    """Whoever started the demo (make, a terminal, a supervisor) has ended: nobody is left to stop it."""


class Family:
    """
    All children share one process group, led by the watcher, so that one signal reaches them and their own children
    and a Ctrl-C in the terminal reaches none of them behind our back.
    """

    def __init__(self, *, folder: Path, environ: Mapping[str, str], hold_open: int):
        """`hold_open` is a file descriptor (the demo's lock) that stays open until the watcher has ended."""
        self.folder = folder
        self.environ = environ
        self.parent = os.getppid()
        self.children: list[subprocess.Popen] = []
        self.watcher = subprocess.Popen(
            [sys.executable, "-m", "antiempire.demo.watcher"],
            cwd=folder,
            stdin=subprocess.PIPE,
            process_group=0,
            pass_fds=[hold_open],
        )

    def start(self, *command: str, is_quiet: bool = False, **environ: str) -> subprocess.Popen:
        """A quiet child shows its errors and nothing else."""
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if is_quiet else None,
            process_group=self.watcher.pid,
        )
        self.children = [known for known in self.children if known.poll() is None] + [child]
        return child

    def run(self, *command: str, **environ: str) -> None:
        """Waits for a command that must succeed."""
        child = self.start(*command, **environ)
        while child.poll() is None:
            self.pause(child)
        if child.returncode:
            raise StepFailed(f"{' '.join(command)} ended with code {child.returncode}")

    def pause(self, child: subprocess.Popen) -> None:
        """A moment's wait, cut short by the end of `child`. Raises ParentGone."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(POLL_SECONDS)
        if os.getppid() != self.parent:
            raise ParentGone

    def stop(self) -> None:
        """Closing the pipe lets the watcher ask everybody to end; nobody is waited for longer than its grace."""
        self.watcher.stdin.close()
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(GRACE_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.watcher.pid, signal.SIGKILL)
        self.watcher.wait()


@dataclass
class Helper:
    """A process beside the server that is started again whenever it ends."""

    name: str
    command: tuple[str, ...]
    is_quiet: bool = False
    process: subprocess.Popen | None = None
    restart_at: float | None = None

    def keep_alive(self, family: Family) -> None:
        if self.process is None or (self.restart_at and time.monotonic() > self.restart_at):
            self.process = family.start(*self.command, is_quiet=self.is_quiet)
            self.restart_at = None
        elif self.process.poll() is not None and self.restart_at is None:
            print(f"The {self.name} ended with code {self.process.returncode}; it is started again.", flush=True)
            self.restart_at = time.monotonic() + RESTART_SECONDS
