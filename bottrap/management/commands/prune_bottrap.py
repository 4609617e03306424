"""For the timer: drops visits to the trap and bans whose time to be kept is over."""

from django.core.management.base import BaseCommand

from bottrap import retention


class Command(BaseCommand):
    help = "Drops visits to the trap after 30 days and bans 90 days after their end."

    def handle(self, *args, **options):
        visits, bans = retention.prune()
        self.stdout.write(f"{visits} visits, {bans} bans dropped.")
