"""For the timer: runs background work again whose worker died. Cheap when there is none."""

from django.core.management.base import BaseCommand

from foundation import tasks


class Command(BaseCommand):
    help = "Runs background work again that a dead worker left behind."

    def handle(self, *args, **options):
        revived, given_up = tasks.revive()
        self.stdout.write(f"{revived} to run again, {given_up} given up.")
