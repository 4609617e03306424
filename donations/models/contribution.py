from django.db import models

from donations.models.backer import Backer
from donations.models.fields import QuarterField
from donations.models.payment import Payment
from donations.models.pledge import Pledge
from donations.money import Money
from donations.querysets import ContributionQuerySet


class Contribution(models.Model):
    """
    What one charge of a pledge, or one gift, brings to one quarter: promised, paid or gone, and no money is two of them
    at once. A charge that was paid in part has a second row, which promises the rest. Derived from pledges, invoices,
    payments and adjustments; `donations.contributions` writes it and can rebuild it.
    """

    class State(models.TextChoices):
        PROMISED = "promised", "promised"
        PAID = "paid", "paid"
        GONE = "gone", "gone"

    livemode = models.BooleanField()
    backer = models.ForeignKey(Backer, on_delete=models.PROTECT, related_name="contributions")
    pledge = models.ForeignKey(Pledge, null=True, on_delete=models.CASCADE, related_name="contributions")
    payment = models.OneToOneField(Payment, null=True, on_delete=models.CASCADE, related_name="contribution")
    due_at = models.DateTimeField(null=True, help_text="Of a pledge's charge: the start of the period it pays for.")
    quarter = QuarterField()
    state = models.CharField(max_length=10, choices=State)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(help_text="What counts: promised, or paid less what was taken back.")
    base_micro = models.BigIntegerField(null=True, help_text="Of what was paid; none without a rate, nor for promises.")
    lapses_at = models.DateTimeField(null=True, help_text="A promise that waits for an answer counts until then.")

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["quarter", "pk"]
        indexes = [
            models.Index(
                fields=["livemode", "quarter", "state", "currency"],
                name="contributions_of_a_quarter",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "due_at"],
                condition=models.Q(state="promised"),
                name="one_promise_per_charge_of_a_pledge",
            ),
            models.UniqueConstraint(
                fields=["pledge", "due_at"],
                condition=~models.Q(state="promised"),
                name="one_outcome_per_charge_of_a_pledge",
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="contributions_never_below_zero"),
        ]

    def __str__(self):
        return f"{self.quarter}: {self.amount} {self.get_state_display()}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
