from django.db import models


class TimerRun(models.Model):
    """When a timer's command was last begun, so that of several processes one runs it."""

    command = models.CharField(max_length=60, primary_key=True)
    begun_at = models.DateTimeField()
    failed_with = models.CharField(max_length=300, blank=True, help_text="Of the last run; empty if it went well.")

    class Meta:
        ordering = ["command"]

    def __str__(self):
        return self.command


class Letter(models.Model):
    """
    One mail to one person. The key says what it is about, so that the same letter asked for twice is one row.
    A forgotten person's letters keep their key and dates, without address or words.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60, help_text="The key's first part.")
    to = models.CharField(max_length=254, blank=True)
    folded_to = models.CharField(max_length=254, blank=True, db_index=True, editable=False)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField("HTML", blank=True)
    stop_url = models.TextField(
        blank=True, editable=False, help_text="Where this kind of letter is declined; empty for receipts and warnings."
    )
    about = models.CharField(max_length=200, blank=True, help_text="What it speaks of, for example a payment.")
    created_at = models.DateTimeField("written")
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    taken_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="By the machine's own time: until then one worker has it."
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="letter_newest_first")]

    def __str__(self):
        return self.key

    @property
    def state(self) -> str:
        if self.sent_at:
            return "sent"
        if not self.to:
            return "forgotten"
        return "failing" if self.last_error else "waiting"


class SpentLink(models.Model):
    """A single-use link that was used. Kept until the link would have expired anyway."""

    digest = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.digest


class Counter(models.Model):
    """How often somebody did one thing in one span of time. The digest is keyed and tells none of the three."""

    digest = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.digest


class Forgotten(models.Model):
    """Somebody who was forgotten, by a key that names nobody: whoever is in a restored copy is forgotten again."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="forgotten_once")]

    def __str__(self):
        return f"{self.kind} {self.key}"
