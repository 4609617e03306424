"""For the timer: drops the letters with codes that nobody can use any more."""

from django.core.management.base import BaseCommand

from accounts import letters
from accounts.staff import letters as desk_letters
from accounts.staff import sessions


class Command(BaseCommand):
    help = "Drops the letters with sign-in codes that are older than an hour."

    def handle(self, *args, **options):
        sessions.prune()
        desk_letters.prune()
        self.stdout.write(f"{letters.prune()} letters with codes dropped.")
