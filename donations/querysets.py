"""The vocabulary of reading donations: every filter that means something has its name here."""

import datetime as dt

from django.db import models
from django.db.models import Q

from donations.quarters import Quarter


class CurrencyQuerySet(models.QuerySet):
    def offered(self):
        return self.filter(is_offered=True)


class ExchangeRateQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(status=self.model.Status.ACCEPTED)

    def waiting(self):
        return self.filter(status=self.model.Status.WAITING)

    def of(self, currency: str, *, base: str):
        return self.filter(currency=currency, base=base)

    def converting(self, currency: str, *, base: str):
        return self.accepted().of(currency, base=base)

    def dated_before(self, date: dt.date):
        return self.filter(dated_on__lt=date)

    def known_on(self, date: dt.date):
        """The demo's sample rates reach years ahead."""
        return self.filter(dated_on__lte=date)

    def from_the_bank(self):
        return self.filter(source=self.model.Source.ECB)

    def invented(self):
        return self.filter(source=self.model.Source.SAMPLE)


class IntentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=self.model.Status.OPEN)


class PledgeQuerySet(models.QuerySet):
    def giving(self):
        """Those from which a further charge may come, as far as their own state tells."""
        return self.filter(status__in=self.model.GIVING, is_paused=False)

    def not_ended(self):
        return self.exclude(status__in=self.model.ENDED)


class PaymentQuerySet(models.QuerySet):
    def counted(self):
        """Every payment except offline gifts that turned out to be one at Stripe."""
        return self.filter(matched=None)

    def without_rate(self):
        return self.filter(rate=None)


class AdjustmentQuerySet(models.QuerySet):
    def taking_back(self):
        return self.filter(takes_back=True)

    def open_disputes(self):
        """Inquiries too; `is_open` says the same of one."""
        disputes = self.filter(kind=self.model.Kind.DISPUTE, takes_back=False)
        return disputes.exclude(status__in=self.model.SETTLED)


class ContributionQuerySet(models.QuerySet):
    def in_quarter(self, quarter: Quarter, *, livemode: bool):
        return self.filter(quarter=quarter, livemode=livemode)

    def received(self):
        return self.filter(state=self.model.State.PAID, amount_minor__gt=0)

    def promised(self, now: dt.datetime):
        """Promises that still count at that moment."""
        return self.filter(self._still_promised(now))

    def counting(self, now: dt.datetime):
        """What makes its backer one of the quarter's: money above zero, or a promise."""
        # The states are named once more for the index, which an alternative alone would not use.
        state = self.model.State
        return self.filter(
            Q(state=state.PAID, amount_minor__gt=0) | self._still_promised(now), state__in=[state.PAID, state.PROMISED]
        )

    def _still_promised(self, now: dt.datetime) -> Q:
        return Q(state=self.model.State.PROMISED) & (Q(lapses_at=None) | Q(lapses_at__gt=now))


class StripeEventQuerySet(models.QuerySet):
    def unhandled(self):
        """Events that may still change the ledger: their quarter's books must not be closed over them."""
        return self.filter(status__in=[self.model.Status.WAITING, self.model.Status.FAILED])

    def overdue(self, moment: dt.datetime):
        """Those whose next attempt, or their first, should have been before that moment of real time."""
        first, next_one = Q(next_attempt_at=None, received_at__lt=moment), Q(next_attempt_at__lt=moment)
        return self.filter(first | next_one, status=self.model.Status.WAITING)
