"""What was added to an article after its publication. Marker, pointers, feeds and metadata all read these rows."""

import uuid

from django.conf import settings
from django.db import models

from articles.models.article import Article
from articles.models.author import Author
from articles.querysets import AddendumQuerySet
from foundation import clock


def new_addendum_key() -> str:
    return uuid.uuid4().hex


class Addendum(models.Model):
    """
    `key` is known before the row is saved, so that a pointer in the text can name an addendum of the same form.
    `number` is given at first publication, never used again, and makes the permalink `#update-N`.
    `published_at` is what readers see; it is empty for a draft and ahead of now when scheduled.
    """

    class Kind(models.TextChoices):
        UPDATE = "update", "update"
        CORRECTION = "correction", "correction"
        CLARIFICATION = "clarification", "clarification"
        EDITORS_NOTE = "editors_note", "editor's note"

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"
        HIDDEN = "hidden", "hidden"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="addenda")
    key = models.CharField(max_length=32, unique=True, default=new_addendum_key)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.UPDATE)
    author = models.ForeignKey(Author, null=True, blank=True, on_delete=models.PROTECT, related_name="addenda")
    body = models.TextField()
    body_html = models.TextField(blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="supersedes", editable=False
    )
    saved_at = models.DateTimeField(auto_now=True)

    objects = AddendumQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addenda"
        ordering = ["published_at", "pk"]
        indexes = [
            models.Index(fields=["kind", "status", "-published_at"], name="addendum_newest_of_kind"),
            models.Index(fields=["status", "-published_at"], name="addendum_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="an_addendum_number_is_used_once"),
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False, number__isnull=False),
                name="a_published_addendum_has_a_time_and_a_number",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number or ''}".strip()

    def get_absolute_url(self):
        return f"{self.article.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"update-{self.number}"

    @property
    def is_visible(self) -> bool:
        """Readers of a live article see it now."""
        return self.status == self.Status.PUBLISHED and self.published_at <= clock.now()

    @property
    def is_permanent(self) -> bool:
        """A correction that readers have seen: superseded at most, never hidden, deleted or made another kind."""
        return self.kind == self.Kind.CORRECTION and self.is_visible

    def delete(self, *args, **kwargs):
        if self.is_permanent:
            raise models.ProtectedError("A published correction cannot be deleted, only superseded.", {self})
        return super().delete(*args, **kwargs)


class AddendumVersion(models.Model):
    """What an addendum said, and what it called itself, before it was changed."""

    addendum = models.ForeignKey(Addendum, on_delete=models.CASCADE, related_name="earlier_versions")
    kind = models.CharField(max_length=14, choices=Addendum.Kind)
    body = models.TextField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["replaced_at", "pk"]

    def __str__(self):
        return f"{self.addendum}, until {self.replaced_at:%Y-%m-%d %H:%M}"
