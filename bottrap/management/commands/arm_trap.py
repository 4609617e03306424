"""For the timer: notes that robots.txt forbids the trap, and tells pages from when on they carry its link."""

from django.core.management.base import BaseCommand

from bottrap import arming


class Command(BaseCommand):
    help = "Notes since when robots.txt forbids the trap, and fills the cache that pages ask."

    def handle(self, *args, **options):
        kept = arming.note_forbidden()
        self.stdout.write(f"Forbidden since {kept.forbidden_since:%Y-%m-%d %H:%M}, armed: {arming.bites(kept)}.")
