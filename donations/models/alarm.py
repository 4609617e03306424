from django.db import models


class Alarm(models.Model):
    """
    Something that a person has to look into. The row stands as long as the alarm does: the check that found it takes it
    away when it finds nothing any more (`donations.alarms`), as does a repair that left nothing of it.
    """

    class Kind(models.TextChoices):
        DRIFT = "drift", "the ledger differs from Stripe"
        BOOKS = "books", "closed books do not add up"
        CONTRIBUTIONS = "contributions", "what quarters hold does not follow from the facts"
        SILENCE = "silence", "Stripe has been silent"
        INBOX = "inbox", "events wait to be worked on"
        FAILED = "failed", "events failed and are tried no more"
        CARDS = "cards", "stolen cards may be tried here"

    kind = models.CharField(max_length=20, choices=Kind, primary_key=True)
    text = models.TextField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField("last seen")

    class Meta:
        ordering = ["since"]

    def __str__(self):
        return self.get_kind_display()

    @property
    def lines(self) -> list[str]:
        """One for each thing that is wrong."""
        return self.text.splitlines()
