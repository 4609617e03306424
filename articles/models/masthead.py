"""The site's identity: one row that editors change in the admin."""

from django.core.validators import RegexValidator
from django.db import models

from articles.models.image import Image

# Characters that fit between two taglines in the largest type.
LONGEST_NAME_BETWEEN_TAGLINES = 20


class Masthead(models.Model):
    site_name = models.CharField(max_length=100, default="The Paper")
    first_tagline = models.CharField(max_length=200, blank=True)
    second_tagline = models.CharField(max_length=200, blank=True)
    description = models.TextField(
        max_length=300,
        blank=True,
        help_text="What the site is, for search engines and feeds. One or two sentences.",
    )
    appeal = models.CharField(
        "sentence that asks",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Why readers should pay. It stands above the figure of what backs the next quarter. Empty for none.",
    )
    logo = models.ForeignKey(Image, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accent_colour = models.CharField(
        max_length=7,
        default="#9b2226",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "A colour is written like #9b2226.")],
        help_text="Says “something changed” on every page. It is darkened or lightened until it can be read.",
    )
    contact_email = models.EmailField(blank=True)
    copyright_line = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "masthead"
        verbose_name_plural = "masthead"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="masthead_is_a_single_row")]

    def __str__(self):
        return self.site_name

    @property
    def has_long_name(self) -> bool:
        """The name fills the head of a page by itself. A logo never does: its size is bounded."""
        return self.logo is None and len(self.site_name) > LONGEST_NAME_BETWEEN_TAGLINES

    @classmethod
    def load(cls) -> "Masthead":
        """The one row, or an unsaved one with neutral defaults."""
        return cls.objects.select_related("logo").prefetch_related("footer_links").filter(pk=1).first() or cls(pk=1)


class FooterLink(models.Model):
    masthead = models.ForeignKey(Masthead, on_delete=models.CASCADE, related_name="footer_links")
    label = models.CharField(max_length=60)
    address = models.CharField(
        max_length=300,
        validators=[RegexValidator(r"^(/(?!/)|https?://|mailto:)", "Begin with /, https:// or mailto:.")],
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.label
