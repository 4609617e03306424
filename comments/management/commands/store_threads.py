"""Writes the threads that are not stored as the present renderer makes them. Run by `run_timers`."""

from django.core.management.base import BaseCommand

from comments import stored


class Command(BaseCommand):
    help = "Makes the HTML of threads that are missing, or were written before the renderer changed. Safe to repeat."

    def handle(self, **options):
        self.stdout.write(f"{stored.catch_up()} discussions")
