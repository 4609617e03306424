"""The record that words were removed: where, when, why and by whom, never which."""

from django.conf import settings
from django.db import models

from articles.models.article import Article


class Takedown(models.Model):
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="takedowns")
    reason = models.CharField(max_length=200, help_text="Readers see this in place of the words.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    places = models.PositiveIntegerField(help_text="How many occurrences were blacked out.")

    # Told by `black_out` to its caller and not stored: posts of the article that are now never fetched.
    unfetched = 0

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.made_at:%Y-%m-%d}: {self.reason}"
