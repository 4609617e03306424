from django.db import models

from donations.models.fields import QuarterField
from donations.models.payment import Payment
from donations.money import Money


class QuarterBook(models.Model):
    """A quarter's goal and, once its books are closed, the figures as they then stood. They never change again."""

    livemode = models.BooleanField("real money")
    quarter = QuarterField()
    goal_minor = models.BigIntegerField(
        "goal", null=True, blank=True, help_text="In the base currency's smallest unit; empty for none."
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_backers = models.PositiveIntegerField(null=True, editable=False)
    closed_base_micro = models.BigIntegerField(null=True, editable=False)
    closed_totals = models.JSONField(default=dict, editable=False, help_text="Per currency, in minor units.")
    closed_unconverted = models.JSONField(default=dict, editable=False, help_text="The part of them without a rate.")
    closed_people = models.JSONField(
        default=dict,
        editable=False,
        help_text="Per currency, how many people gave in it, and how many of them something without a rate.",
    )

    class Meta:
        verbose_name = "quarter"
        ordering = ["-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["livemode", "quarter"], name="one_book_per_quarter_and_mode"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_backers__isnull=True, closed_base_micro__isnull=True)
                | models.Q(closed_at__isnull=False, closed_backers__isnull=False, closed_base_micro__isnull=False),
                name="closing_and_its_figures_come_together",
            ),
        ]

    def __str__(self):
        return str(self.quarter)


class LateEntry(models.Model):
    """
    A change to a quarter whose books are closed, dated, beside the closed figure: the closed figure and its late
    entries together are what a recomputation finds.
    """

    class Reason(models.TextChoices):
        REFUND = "refund", "refund"
        REVERSAL = "reversal", "refund that failed"
        DISPUTE = "dispute", "dispute lost"
        FOUND_LATE = "found_late", "found late"
        RATE = "rate", "rate found"
        PEOPLE = "people", "backers joined or parted"
        CORRECTION = "correction", "correction"

    book = models.ForeignKey(QuarterBook, on_delete=models.PROTECT, related_name="late_entries")
    reason = models.CharField(max_length=12, choices=Reason)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    base_micro = models.BigIntegerField(default=0)
    unconverted_minor = models.BigIntegerField(default=0, help_text="The part of the amount that has no rate.")
    backers = models.SmallIntegerField(default=0, help_text="+1 or −1 when it changed who backed the quarter.")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="late_entries")

    class Meta:
        verbose_name_plural = "late entries"
        ordering = ["occurred_at", "pk"]

    def __str__(self):
        return f"{self.occurred_at:%Y-%m-%d} {self.get_reason_display()}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class LedgerGround(models.Model):
    """The time zone and base currency the first payment was written under. Both must stay: quarters rest on them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    time_zone = models.CharField(max_length=100)
    base_currency = models.CharField(max_length=3)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="the_ledger_has_one_ground")]

    def __str__(self):
        return f"{self.base_currency}, {self.time_zone}"
