"""For the timer: closes the books of every quarter whose time has come, if the ledger is what Stripe says."""

import datetime as dt

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from donations import books, periods, reconcile
from donations.mode import is_live
from donations.models import Payment
from donations.quarters import Quarter
from donations.stripe_gateway import StripeDown, StripeRefused


class Command(BaseCommand):
    help = (
        "Closes the books of every quarter whose time has come. Reconciles with Stripe first, and closes nothing while "
        "events wait or differences remain."
    )

    def handle(self, *args, **options):
        quarters = books.to_be_closed(livemode=is_live())
        if not quarters:
            self.stdout.write("No quarter's books are to be closed.")
            return
        self._reconcile(quarters[0])
        for quarter in quarters:
            try:
                books.close(quarter, livemode=is_live())
            except books.CannotClose as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"The books of {quarter} are closed.")

    def _reconcile(self, first: Quarter) -> None:
        """From where the oldest quarter's money came. The second time nothing may be left."""
        if not settings.STRIPE_SECRET_KEY:
            if Payment.objects.filter(method=Payment.Method.STRIPE, livemode=is_live()).exists():
                raise CommandError("There is no key for Stripe: what it knows cannot be compared with the ledger.")
            return
        since = periods.start_of(first.previous) - dt.timedelta(days=1)
        try:
            reconcile.run(since, apply=True, tell=self.stdout.write)
            left = reconcile.run(since, tell=self.stdout.write)
        except (StripeDown, StripeRefused) as error:
            raise CommandError(f"Stripe could not be asked: {error}") from error
        if left.found:
            raise CommandError(f"{len(left.found)} differences from Stripe remain; the books stay open.")
