"""The one command behind every timer: call it each minute from outside, or let it stay with --stay."""

import contextlib
import io
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from foundation import timers

PAUSE_SECONDS = 20


class Command(BaseCommand):
    help = "Runs the commands that are due by the clock. Any number of processes may run it at once."

    def add_arguments(self, parser):
        parser.add_argument("--stay", action="store_true", help="Go on until told to stop, instead of once.")
        parser.add_argument(
            "--brief",
            action="store_true",
            help="One line for what ran, without what the commands say and those that run several times an hour.",
        )

    def handle(self, *, stay, brief, **options):
        stopped = threading.Event()
        if stay:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stopped.set())
        while True:
            self._run_due(stay, brief)
            if not stay or stopped.wait(PAUSE_SECONDS):
                return

    def _run_due(self, stay: bool, brief: bool) -> None:
        if stay:
            close_old_connections()
        try:
            self._tell(_silently(timers.run_due) if brief else timers.run_due(), brief)
        except OperationalError as error:
            if not stay:
                raise
            self.stderr.write(f"The database did not answer, trying again in {PAUSE_SECONDS} s: {error}")

    def _tell(self, names: list[str], brief: bool) -> None:
        if not brief:
            for name in names:
                self.stdout.write(f"Ran {name}")
        elif told := [name for name in names if not timers.is_frequent(name)]:
            self.stdout.write(f"The timers ran {', '.join(told)}.")
        self.stdout.flush()  # also where it goes to a file


def _silently(run):
    with contextlib.redirect_stdout(io.StringIO()):
        return run()
