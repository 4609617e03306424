"""An article: its text, its place, and the dates that everything else reads."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from articles.models.author import Author
from articles.models.embed import Embed
from articles.models.image import Image
from articles.models.taxonomy import Section, Tag
from articles.querysets import ArticleQuerySet
from foundation import clock


class Article(models.Model):
    """
    Four dates: `first_published_at` (set once), `published_at` (what readers are told; ahead of now = scheduled),
    `updated_at` (annotated by `with_updated_at()`, moved by meaningful changes only) and `saved_at` (any save).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"
        WITHDRAWN = "withdrawn", "withdrawn"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    headline = models.CharField(max_length=500)
    slug = models.SlugField(
        max_length=100,
        blank=True,
        help_text="Part of the address. Fixed at publication; left empty, it is made from the headline.",
    )
    standfirst = models.TextField(max_length=1000, blank=True, help_text="One or two sentences under the headline.")
    lead_note = models.TextField(blank=True, help_text="A note from the editor, set apart above the text.")
    lead_image = models.ForeignKey(Image, null=True, blank=True, on_delete=models.PROTECT, related_name="leads")
    body = models.TextField(blank=True)
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles")
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles")
    source_name = models.CharField(
        max_length=120, blank=True, help_text="Where the piece was first published, if not here."
    )
    source_url = models.URLField(
        "source address",
        max_length=500,
        blank=True,
        validators=[RegexValidator(r"^https?://", "Begin with http:// or https://.")],
    )
    related = models.ManyToManyField("self", blank=True, symmetrical=False, related_name="+")

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    saved_at = models.DateTimeField(auto_now=True)
    public_path = models.CharField(max_length=120, null=True, blank=True, unique=True, editable=False)  # noqa: DJ001

    comments_open = models.BooleanField(default=True)
    is_pinned = models.BooleanField("pinned to home", default=False, help_text="Leads the home page until unpinned.")
    seo_title = models.CharField("search title", max_length=120, blank=True, help_text="Empty: the headline.")
    seo_description = models.CharField(
        "search description", max_length=300, blank=True, help_text="Empty: the standfirst."
    )
    social_title = models.CharField(max_length=120, blank=True, help_text="Empty: the search title.")
    social_description = models.CharField(max_length=300, blank=True, help_text="Empty: the search description.")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    edit_version = models.PositiveIntegerField(default=0, editable=False)

    last_addendum_number = models.PositiveSmallIntegerField(default=0, editable=False)

    # Written by articles.rendering alone, from the fields above.
    body_html = models.TextField(blank=True, editable=False)
    lead_note_html = models.TextField(blank=True, editable=False)
    embeds = models.ManyToManyField(Embed, blank=True, editable=False, related_name="articles")
    inline_images = models.ManyToManyField(Image, blank=True, editable=False, related_name="articles")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("publish_article", "Can publish, schedule and withdraw articles"),
            ("takedown_article", "Can black out words everywhere"),
        ]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),
            models.Index(fields=["section", "status", "-published_at", "-id"], name="article_newest_in_section"),
            models.Index(
                fields=["status", "-published_at", "-id"],
                condition=models.Q(is_pinned=True),
                name="article_pinned",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | models.Q(published_at__isnull=False, first_published_at__isnull=False, public_path__isnull=False),
                name="a_published_article_has_a_date_and_an_address",
            ),
        ]

    def __str__(self):
        return self.headline

    def get_absolute_url(self):
        return reverse("article", args=self.public_path.split("/")) if self.public_path else ""

    def delete(self, *args, **kwargs):
        if self.first_published_at:
            raise models.ProtectedError("An article that was published can be withdrawn, not deleted.", {self})
        return super().delete(*args, **kwargs)

    @property
    def is_live(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.published_at <= clock.now()

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.published_at > clock.now()

    @property
    def is_gone(self) -> bool:
        """Withdrawn after readers could see it: its address says so. One withdrawn before that is not known at all."""
        return self.status == self.Status.WITHDRAWN and self.withdrawn_at >= self.first_published_at

    @property
    def stage(self) -> str:
        """What an editor calls its state: draft, scheduled, published or withdrawn."""
        return "scheduled" if self.is_scheduled else self.status


class Byline(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="an_author_signs_an_article_once")]

    def __str__(self):
        return str(self.author)
