"""Brings the last recommendations of a busy minute to the readers. Run by `run_timers`."""

from django.core.management.base import BaseCommand

from comments import moderation


class Command(BaseCommand):
    help = "Shows recommendations that came too soon after the last change of the shown numbers."

    def handle(self, **options):
        self.stdout.write(f"{moderation.show_recommends()} discussions")
