"""
After a backup was restored: people who were forgotten since it was made are back in it. The list that list_forgotten
printed says who they are; the customer at Stripe is gone already, which is no trouble.
"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from donations import forgetting
from donations.models import Backer


class Command(BaseCommand):
    help = "Forgets everybody whose keyed hash stands in the file."

    def add_arguments(self, parser):
        parser.add_argument("file", help="what list_forgotten printed; - for the input")

    def handle(self, *, file, **options):
        known = Backer.objects.filter(forgotten_at=None).distinct()
        forgotten, troubles = 0, []
        written = sys.stdin.read() if file == "-" else Path(file).read_text()
        lines = [line.split() for line in written.splitlines() if line.strip()]
        if any(len(line) != 2 or line[0] not in ("live", "test") for line in lines):
            raise CommandError("A line of the file is not of the form “live” or “test”, a space, a hash.")
        for mode, digest in lines:
            for backer in known.filter(keys__email_hash=digest, keys__livemode=mode == "live"):
                try:
                    forgetting.forget(backer)
                except forgetting.NotForgotten as trouble:
                    troubles.append(f"Backer {backer.pk}: {trouble}")
                else:
                    forgotten += 1
        self.stdout.write(f"{forgotten} forgotten again.")
        if troubles:
            raise CommandError("\n".join(troubles))
