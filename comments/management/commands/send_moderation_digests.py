from django.core.management.base import BaseCommand

from comments import digests


class Command(BaseCommand):
    help = "Writes to moderators about comments that wait, to each at most as often as the comment rules say."

    def handle(self, *args, **options):
        self.stdout.write(f"{digests.write_due()} letters written.")
