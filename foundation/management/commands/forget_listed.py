"""After a restore that could not forget everybody again, as when Stripe did not answer: once more, from the list."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation import forgotten


class Command(BaseCommand):
    help = "Forgets everybody whom the list beside the backups names."

    def add_arguments(self, parser):
        parser.add_argument("file", help=f"the {forgotten.FILE} beside the backups")

    def handle(self, *, file, **options):
        place = Path(file)
        if not place.exists():
            raise CommandError(f"{place} is not there.")
        if troubles := forgotten.again(forgotten.read(place)):
            raise CommandError("\n".join(troubles))
        self.stdout.write("Everybody on the list is forgotten.")
