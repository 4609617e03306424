"""Every save of an article's text. The meaningful ones of a published article can be read by anybody."""

from django.conf import settings
from django.db import models

from articles.models.article import Article


class Revision(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_meaningful = models.BooleanField(help_text="Moves the date that readers see.")
    was_published = models.BooleanField(help_text="The article was published or scheduled when this was saved.")
    note = models.CharField(
        max_length=300, blank=True, help_text="What changed, in the editor's words; readers see it."
    )
    headline = models.CharField(max_length=500)
    standfirst = models.TextField(blank=True)
    lead_note = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="a_revision_number_is_used_once")]
        indexes = [
            models.Index(fields=["-created_at"], condition=models.Q(is_meaningful=True), name="revision_newest"),
            models.Index(
                fields=["article", "-created_at"],
                condition=models.Q(is_meaningful=True),
                name="revision_meaningful",
            ),
        ]

    def __str__(self):
        return f"Revision {self.number}"
