"""The one command behind every timer: call it each minute from outside, or let it stay with --stay."""

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

    def handle(self, *, stay, **options):
        stopped = threading.Event()
        if stay:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stopped.set())
        while True:
            self._run_due(stay)
            if not stay or stopped.wait(PAUSE_SECONDS):
                return

    def _run_due(self, stay: bool) -> None:
        if stay:
            close_old_connections()
        try:
            for name in timers.run_due():
                self.stdout.write(f"Ran {name}")
        except OperationalError as error:
            if not stay:
                raise
            self.stderr.write(f"The database did not answer, trying again in {PAUSE_SECONDS} s: {error}")
