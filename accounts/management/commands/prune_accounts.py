"""For the timer: drops the letters with codes that nobody can use any more."""

from django.core.management.base import BaseCommand

from accounts import letters


class Command(BaseCommand):
    help = "Drops the letters with sign-in codes that are older than an hour."

    def handle(self, *args, **options):
        self.stdout.write(f"{letters.prune()} letters with codes dropped.")
