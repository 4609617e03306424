"""Empties what is kept for a while only: the bodies of events from Stripe, which name people."""

from django.core.management.base import BaseCommand

from donations import retention


class Command(BaseCommand):
    help = "Empties the bodies of Stripe's events after 60 days."

    def handle(self, **options):
        self.stdout.write(f"{retention.empty_old_bodies()} bodies of events emptied.")
