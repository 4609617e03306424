"""For the timer: drops spent links that have expired and counters whose time is over."""

from django.core.management.base import BaseCommand

from foundation import limits, links


class Command(BaseCommand):
    help = "Drops spent links that have expired and counters whose time is over."

    def handle(self, *args, **options):
        self.stdout.write(f"{links.prune()} links, {limits.prune()} counters dropped.")
