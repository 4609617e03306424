"""For the timer: what the trap did in the last day."""

from django.core.management.base import BaseCommand

from bottrap import digests


class Command(BaseCommand):
    help = (
        "Writes to staff what the trap did in the last 24 hours, at most once a day, and nothing when it did nothing."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{digests.write_digests()} letters written.")
