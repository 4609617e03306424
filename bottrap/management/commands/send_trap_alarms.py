"""For the timer: that the trap has stopped banning."""

from django.core.management.base import BaseCommand

from bottrap import digests, verdicts


class Command(BaseCommand):
    help = "Writes to staff, once for each time, that the trap bans nobody since too many would have been banned."

    def handle(self, *args, **options):
        # After the letters: that it tripped is told even if the timer stood still for the whole hour.
        self.stdout.write(f"{digests.write_alarms()} letters written.")
        if verdicts.close_breaker_if_quiet():
            self.stdout.write("An hour was quiet: the breaker is closed, and the trap bans again.")
