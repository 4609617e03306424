"""
A post from another platform as our own fields, kept even if the original vanishes. The provider's HTML is never
stored for output: `html` is written from the fields by `articles.embeds.snapshot` and by nothing else.
"""

from django.conf import settings
from django.db import models

from articles.models.image import Image
from articles.querysets import EmbedQuerySet


class Embed(models.Model):
    class Provider(models.TextChoices):
        TWEET = "tweet", "Tweet"
        YOUTUBE = "youtube", "YouTube"
        VIMEO = "vimeo", "Vimeo"
        TELEGRAM = "telegram", "Telegram"
        INSTAGRAM = "instagram", "Instagram"
        FACEBOOK = "facebook", "Facebook"
        TIKTOK = "tiktok", "TikTok"
        BLUESKY = "bluesky", "Bluesky"
        MASTODON = "mastodon", "Mastodon"

    class State(models.TextChoices):
        PENDING = "pending", "waiting to be fetched"
        CAPTURED = "captured", "snapshot taken"
        FAILED = "failed", "could not be fetched"
        BY_HAND = "by_hand", "written by hand"

    class Availability(models.TextChoices):
        AVAILABLE = "available", "available"
        GONE = "gone", "no longer available"
        NOT_PUBLIC = "not_public", "not public"

    class Choice(models.TextChoices):
        KEEP = "keep", "keep everything"
        TEXT_ONLY = "text_only", "keep the text, hide author and pictures"
        REMOVED = "removed", "remove from our pages"

    provider = models.CharField(max_length=12, choices=Provider)
    external_id = models.CharField(max_length=200, help_text="The platform's own id; for a tweet its number.")
    url = models.URLField("address", max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    failure = models.CharField("what went wrong", max_length=300, blank=True)
    author_name = models.CharField(max_length=200, blank=True)
    author_handle = models.CharField(max_length=200, blank=True)
    author_url = models.URLField(max_length=500, blank=True)
    title = models.CharField(max_length=300, blank=True, help_text="Of a video.")
    text = models.TextField(max_length=25_000, blank=True, help_text="Plain text; addresses in it become links.")
    language = models.CharField(max_length=12, blank=True, help_text="Language code such as en, tr, ar.")
    links = models.JSONField(default=list, blank=True, help_text='Links in the text: [{"text": …, "url": …}].')
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True, help_text="Where only the day is known.")
    quoted = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="quoted_by",
        help_text="The quoted post.",
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replies",
        help_text="The post it answers.",
    )
    raw_reply = models.TextField(blank=True, editable=False)
    is_sample = models.BooleanField(default=False, help_text="An invented post: the page says so.")
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.AVAILABLE, editable=False)
    unavailable_since = models.DateTimeField(null=True, blank=True, editable=False)
    first_failed_check_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    choice = models.CharField(max_length=10, choices=Choice, default=Choice.KEEP, editable=False)
    html = models.TextField(blank=True, editable=False)
    captured_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EmbedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="one_snapshot_per_post")]
        indexes = [models.Index(fields=["availability"], name="embed_availability")]

    def __str__(self):
        said = " ".join((self.text or self.title).split())
        words = f": {said[:50].rstrip()}{'…' if len(said) > 50 else ''}" if said else ""
        return f"{self.get_provider_display()} {self.author_handle or self.external_id}{words}"

    @property
    def key(self) -> str:
        """The name under which rendered bodies refer to this snapshot."""
        return f"{self.provider}:{self.external_id}"

    @property
    def lacks_words(self) -> bool:
        """The platform was asked and told nothing, and nobody has written it by hand."""
        is_empty = self.state in (self.State.PENDING, self.State.FAILED)
        return is_empty and (bool(self.failure) or self.state == self.State.FAILED)

    @property
    def is_edited_after_capture(self) -> bool:
        """The words are an editor's, and the platform's are kept beside them."""
        return self.state == self.State.BY_HAND and bool(self.raw_reply)


class EmbedPicture(models.Model):
    """Our own copy of a picture that was part of the post."""

    embed = models.ForeignKey(Embed, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="embed_pictures")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.image)


class EmbedDecision(models.Model):
    """What an editor decided about a post that vanished, and why. Never changed afterwards."""

    embed = models.ForeignKey(Embed, on_delete=models.CASCADE, related_name="decisions")
    choice = models.CharField(max_length=10, choices=Embed.Choice)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.get_choice_display()}: {self.reason}"
