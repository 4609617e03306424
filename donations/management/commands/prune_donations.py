"""Empties what is kept for a while only, and what came in about forgotten people: the bodies of events from Stripe."""

from django.core.management.base import BaseCommand

from donations import forgetting, inbox


class Command(BaseCommand):
    help = "Empties the bodies of Stripe's events after 60 days, and of those about forgotten people at once."

    def handle(self, **options):
        old, forgotten = inbox.empty_old_bodies(), forgetting.scrub_again()
        self.stdout.write(f"{old} old bodies of events emptied, and {forgotten} about forgotten people.")
