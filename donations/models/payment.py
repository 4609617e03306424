from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, localtime

from donations.models.backer import Backer, Customer
from donations.models.fields import QuarterField
from donations.models.pledge import Intent, Invoice, Pledge
from donations.money import Money
from donations.querysets import AdjustmentQuerySet, PaymentQuerySet


class Payment(models.Model):
    """
    Money that came, once per charge. Written by `donations.ledger` alone. `base_micro` is the amount in millionths of
    the base currency's unit at the rate pinned beside it: integers, so that sums are exact.
    """

    class Kind(models.TextChoices):
        PLEDGE = "pledge", "charge of a pledge"
        ONCE = "once", "gift through Stripe"
        OFFLINE = "offline", "offline gift"

    class Method(models.TextChoices):
        STRIPE = "stripe", "Stripe"
        BANK = "bank", "bank transfer"
        CASH = "cash", "cash"
        OTHER = "other", "other"

    fact_key = models.CharField(max_length=255, unique=True, help_text="Stripe's charge, or “offline:” and a number.")
    livemode = models.BooleanField("real money")
    kind = models.CharField(max_length=10, choices=Kind)
    method = models.CharField(max_length=10, choices=Method, default=Method.STRIPE)
    backer = models.ForeignKey(Backer, on_delete=models.PROTECT, related_name="payments")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    pledge = models.ForeignKey(Pledge, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    intent = models.ForeignKey(Intent, null=True, blank=True, on_delete=models.SET_NULL, related_name="payments")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    succeeded_at = models.DateTimeField(help_text="Stripe's time; for a bank debit when it settled.")
    quarter = QuarterField(help_text="The quarter it backs.")
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    rate_dated_on = models.DateField(null=True, blank=True)
    base_micro = models.BigIntegerField(null=True, blank=True)
    payment_intent = models.CharField(max_length=255, blank=True)
    settled_minor = models.BigIntegerField(null=True, blank=True, help_text="Gross, in Stripe's settlement currency.")
    settled_currency = models.CharField(max_length=3, blank=True)
    fee_minor = models.BigIntegerField(null=True, blank=True, help_text="In the settlement currency.")
    matched = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offline_twins",
        help_text="The payment at Stripe that turned out to be this same offline gift: then this row does not count.",
    )
    fraud_warned_at = models.DateTimeField(
        "warned of fraud", null=True, blank=True, help_text="When a card network's early warning was first seen."
    )
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-succeeded_at", "-pk"]
        indexes = [models.Index(fields=["livemode", "succeeded_at"], name="payment_by_time")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_payment_is_above_zero"),
            models.CheckConstraint(
                condition=models.Q(rate__isnull=True, rate_dated_on__isnull=True, base_micro__isnull=True)
                | models.Q(rate__isnull=False, rate_dated_on__isnull=False, base_micro__isnull=False),
                name="rate_date_and_base_come_together",
            ),
        ]

    def __str__(self):
        return (
            f"{self.amount.with_code} on {date_format(localtime(self.succeeded_at, get_default_timezone()), 'j M Y')}"
        )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def receipt_number(self) -> str:
        """The same in the letter and on the backer's own page."""
        return f"{self.succeeded_at:%Y}-{self.pk:06d}"


class Adjustment(models.Model):
    """
    A refund or a dispute of a payment, as Stripe last told it. It takes back exactly its share of the payment's base
    amount; `base_micro` is written beside its siblings', so that all of them together take back the whole.
    """

    class Kind(models.TextChoices):
        REFUND = "refund", "refund"
        DISPUTE = "dispute", "dispute"

    STATES = {  # Stripe's words, in ours
        "needs_response": "waits for our answer",
        "under_review": "the bank looks at our answer",
        "won": "won",
        "lost": "lost",
        "warning_needs_response": "an inquiry that waits for our answer",
        "warning_under_review": "an inquiry, the bank looks at our answer",
        "warning_closed": "an inquiry that was closed",
        "prevented": "prevented",
        "pending": "on its way",
        "requires_action": "waits for the backer",
        "succeeded": "given back",
        "failed": "failed",
        "canceled": "cancelled",
    }
    SETTLED = ("won", "warning_closed", "prevented")  # disputes after which the money stays here

    fact_key = models.CharField(max_length=255, unique=True, help_text="Stripe's refund or dispute.")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=40, help_text="Stripe's word.")
    takes_back = models.BooleanField(help_text="A refund that did not fail; a dispute that was lost.")
    amount_minor = models.BigIntegerField()
    base_micro = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    fee_minor = models.BigIntegerField(
        null=True, blank=True, help_text="What a dispute costs, in Stripe's settlement currency."
    )
    fee_currency = models.CharField(max_length=3, blank=True)
    occurred_at = models.DateTimeField(help_text="Stripe's time.")
    fetched_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["occurred_at", "fact_key"]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)

    @property
    def state_in_words(self) -> str:
        return self.STATES.get(self.status, self.status)

    @property
    def is_open(self) -> bool:
        """A dispute, or an inquiry that may become one, which nobody has decided so far."""
        return self.kind == self.Kind.DISPUTE and not self.takes_back and self.status not in self.SETTLED
