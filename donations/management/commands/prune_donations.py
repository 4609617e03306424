"""
Empties what is kept for a while only: the bodies of events from Stripe, forms that nobody paid, and what came in about
forgotten people.
"""

from django.core.management.base import BaseCommand

from donations import completion, dedications, forgetting, inbox


class Command(BaseCommand):
    help = "Empties old events' bodies and unpaid forms after 60 days, and what is about forgotten people at once."

    def handle(self, **options):
        old, forgotten = inbox.empty_old_bodies(), forgetting.scrub_again()
        self.stdout.write(f"{old} old bodies of events emptied, and {forgotten} about forgotten people.")
        self.stdout.write(f"{dedications.prune()} rows emptied about people in whose name others gave.")
        self.stdout.write(f"{completion.forget_abandoned()} forms emptied that nobody paid.")
