import uuid

from django.db import models
from django.db.models.functions import Now

from donations.models.backer import Backer, Customer
from donations.money import Money
from donations.querysets import IntentQuerySet, PledgeQuerySet


class Intent(models.Model):
    """
    What somebody asked for on the support page, made per rendering of the form and kept before Stripe is called. One
    intent leads to at most one Checkout session and at most one pledge or gift.
    """

    class Kind(models.TextChoices):
        QUARTERLY = "quarterly", "every quarter"
        ONCE = "once", "once"

    class Status(models.TextChoices):
        OPEN = "open", "not finished"
        COMPLETED = "completed", "completed"
        EXPIRED = "expired", "expired"

    class NameStatus(models.TextChoices):
        HIDDEN = "hidden", "not to be shown"
        PENDING = "pending", "waits for approval"
        APPROVED = "approved", "shown"
        REJECTED = "rejected", "rejected"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    livemode = models.BooleanField()
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    public_name = models.CharField(max_length=80, blank=True)
    name_status = models.CharField("name", max_length=10, choices=NameStatus, default=NameStatus.HIDDEN)
    message = models.TextField(max_length=1000, blank=True)
    came_from = models.CharField(max_length=500, blank=True, help_text="The page the backer came from.")
    browser_hash = models.CharField(max_length=64, blank=True)
    customer = models.ForeignKey(
        Customer,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        help_text="Set only when the intent was started from a valid manage link.",
    )
    replaces = models.ForeignKey(
        "Pledge", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by_intents"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    session_id = models.CharField(max_length=255, unique=True, null=True, blank=True)  # noqa: DJ001 - unique, so absent is NULL
    session_url = models.TextField(blank=True)
    idempotency_key = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Under which Stripe is asked for the session."
    )
    trial_end_at = models.DateTimeField(
        null=True, blank=True, help_text="When the first charge falls due, if not at once."
    )
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = IntentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["browser_hash", "status"], name="intent_of_browser")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="an_intent_asks_for_something"),
        ]

    def __str__(self):
        return f"{self.amount} {self.get_kind_display()}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Pledge(models.Model):
    """A standing promise: a subscription at Stripe, charged every three months. Its state is what Stripe last said."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete", "first charge not done"
        INCOMPLETE_EXPIRED = "incomplete_expired", "first charge never done"
        TRIALING = "trialing", "begins later"
        ACTIVE = "active", "active"
        PAST_DUE = "past_due", "charge failed, tried again"
        UNPAID = "unpaid", "unpaid"
        PAUSED = "paused", "paused at Stripe"
        CANCELED = "canceled", "ended"

    GIVING = (Status.ACTIVE, Status.TRIALING, Status.PAST_DUE)  # the states in which a charge may still come
    ENDED = (Status.CANCELED, Status.INCOMPLETE_EXPIRED)

    stripe_id = models.CharField("subscription", max_length=255, unique=True)
    livemode = models.BooleanField("real money")
    backer = models.ForeignKey(Backer, on_delete=models.PROTECT, related_name="pledges")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="pledges")
    intent = models.OneToOneField(Intent, null=True, blank=True, on_delete=models.SET_NULL, related_name="pledge")
    item_id = models.CharField(max_length=255, blank=True, help_text="The subscription's one item at Stripe.")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(help_text="Of the next charge, in minor units.")
    status = models.CharField(max_length=20, choices=Status)
    anchor_at = models.DateTimeField(
        help_text="Stripe's billing cycle anchor: charges fall on it, then every 3 months."
    )
    started_at = models.DateTimeField()
    next_charge_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Set to end then; charges before it still come.")
    ended_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(
        null=True, editable=False, help_text="When an ending that was set was last seen to be taken back."
    )
    is_paused = models.BooleanField("paused", default=False)
    cancel_reason = models.TextField(
        "reason for ending", max_length=1000, blank=True, help_text="In the backer's words, if they gave any."
    )
    fetched_at = models.DateTimeField(help_text="When the request that brought this state began (real time).")

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self):
        return f"{self.amount} every quarter"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_over(self) -> bool:
        return self.status in self.ENDED

    @property
    def is_giving(self) -> bool:
        """A further charge may come from it, as far as its own state tells."""
        return self.status in self.GIVING and not self.is_paused


class Invoice(models.Model):
    """A charge of a pledge, made at Stripe. Invoices over nothing (a trial's first) are not kept."""

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        OPEN = "open", "open"
        PAID = "paid", "paid"
        VOID = "void", "void"
        UNCOLLECTIBLE = "uncollectible", "uncollectible"

    stripe_id = models.CharField(max_length=255, unique=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="invoices")
    status = models.CharField(max_length=15, choices=Status)
    period_start = models.DateTimeField(help_text="Of the invoice's line: which charge of the pledge this is.")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    needs_action_since = models.DateTimeField(null=True, blank=True)
    is_processing = models.BooleanField(default=False, help_text="A bank debit is under way.")
    hosted_url = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ["period_start", "pk"]

    def __str__(self):
        return self.stripe_id

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
