"""For the timer: that the trap has stopped banning."""

from django.core.management.base import BaseCommand

from bottrap import digests


class Command(BaseCommand):
    help = "Writes to staff, once for each time, that the trap bans nobody since too many would have been banned."

    def handle(self, *args, **options):
        self.stdout.write(f"{digests.write_alarms()} letters written.")
