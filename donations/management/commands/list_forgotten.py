"""
Who was forgotten, as keyed hashes: kept beside the backups, they let a restored copy forget the same people again. They
name nobody without BACKER_HASH_KEY.
"""

from django.core.management.base import BaseCommand

from donations.models import BackerKey


class Command(BaseCommand):
    help = "Prints the keyed hashes of those who asked to be forgotten, one a line, for forget_again."

    def handle(self, **options):
        keys = BackerKey.objects.exclude(backer__forgotten_at=None).order_by("email_hash")
        for livemode, digest in keys.values_list("livemode", "email_hash"):
            self.stdout.write(f"{'live' if livemode else 'test'} {digest}")
