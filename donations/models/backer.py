from django.db import models


class Backer(models.Model):
    """
    A person who gives. The keys that find a person again (folded e-mail, hashed) and the customers at Stripe are rows
    of their own, so that two of them can be joined and a forgotten person stays one pseudonym.
    """

    livemode = models.BooleanField("real money", help_text="Off for Stripe's test mode; the two never mix.")
    email = models.EmailField("e-mail", blank=True, help_text="As it was last given.")
    name = models.CharField(max_length=200, blank=True, help_text="For letters. It is never shown to the public.")
    note = models.TextField(blank=True, help_text="For the treasurer.")
    created_at = models.DateTimeField()
    news_stopped_at = models.DateTimeField(
        "wants no news since", null=True, blank=True, help_text="Then only receipts and warnings are written."
    )
    forgotten_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("handle_money", "Can see and handle backers, pledges and money"),
        ]

    def __str__(self):
        if self.forgotten_at:
            return f"Forgotten backer {self.pk}"
        return self.name or self.email or f"Backer {self.pk}"


class BackerKey(models.Model):
    """How a Backer is found by e-mail: a keyed hash of the folded address (`donations.people`)."""

    backer = models.ForeignKey(Backer, on_delete=models.CASCADE, related_name="keys")
    livemode = models.BooleanField()
    email_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["livemode", "email_hash"], name="one_backer_per_address_and_mode"),
        ]

    def __str__(self):
        return self.email_hash[:12]


class Customer(models.Model):
    """A customer object at Stripe. Stripe ties each to one currency, so a person may have several."""

    stripe_id = models.CharField(max_length=255, unique=True)
    backer = models.ForeignKey(Backer, on_delete=models.PROTECT, related_name="customers")
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self):
        return self.stripe_id
