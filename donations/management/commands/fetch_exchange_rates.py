"""For the timer: the bank's new rates, and the payments that waited for them."""

import logging

from django.core.management.base import BaseCommand, CommandError

from donations import ledger, rates
from donations.models import Payment

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Fetches the European Central Bank's reference rates. Changes nothing and ends with an error if it cannot."

    def add_arguments(self, parser):
        parser.add_argument(
            "--history",
            action="store_true",
            help="Read the whole of what ECB_HISTORY_URL names: to convert payments from before the first known rate.",
        )

    def handle(self, *args, history, **options):
        try:
            stored = rates.fetch_history() if history else rates.fetch_daily()
        except rates.NotFetched as error:
            logger.warning("Exchange rates were not fetched: %s", error)
            raise CommandError(f"Exchange rates were not fetched: {error}") from error
        # Only then: the ledger's ground is settled by its first write, and there may be no payment yet.
        pinned = ledger.pin_rates() if Payment.objects.without_rate().exists() else 0
        self.stdout.write(f"{stored.accepted} new rates, {stored.waiting} wait for a person, {pinned} payments pinned.")
