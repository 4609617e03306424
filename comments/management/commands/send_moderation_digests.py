from django.core.management.base import BaseCommand

from comments import digests


class Command(BaseCommand):
    help = "Writes to moderators about comments that wait, each at most as often as the rules say; forgets old letters."

    def handle(self, *args, **options):
        digests.forget_old()
        self.stdout.write(f"{digests.write_due()} letters written.")
