from django.db import models

from donations.querysets import StripeEventQuerySet


class StripeEvent(models.Model):
    """An authentic event from Stripe, kept before anything is done about it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        NOT_OURS = "not_ours", "not ours"
        QUARANTINED = "quarantined", "quarantined"

    stripe_id = models.CharField("event", max_length=255, unique=True)
    type = models.CharField(max_length=100)
    object_id = models.CharField("about", max_length=255, blank=True)
    livemode = models.BooleanField("real money")
    account = models.CharField(max_length=255, blank=True)
    api_version = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField(help_text="Stripe's time.")
    received_at = models.DateTimeField(help_text="Real time.")
    status = models.CharField(max_length=12, choices=Status, default=Status.WAITING)
    reason = models.TextField(blank=True, help_text="Why it is not ours, was quarantined, or failed.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True, help_text="Real time.")
    handled_at = models.DateTimeField(null=True, blank=True)
    body = models.TextField(blank=True, help_text="As it was received; emptied after 60 days.")

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = "event from Stripe"
        verbose_name_plural = "events from Stripe"
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="events_to_handle")]

    def __str__(self):
        return f"{self.type} {self.stripe_id}"
