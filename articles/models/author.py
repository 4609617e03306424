"""People who sign articles. An author need not be able to sign in."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from articles.models.image import Image
from articles.querysets import AuthorQuerySet


class Author(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    biography = models.TextField(max_length=2000, blank=True, help_text="Plain text, shown on the author's page.")
    portrait = models.ForeignKey(Image, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text="The login of this author, so that own drafts can be found and edited.",
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("author", args=[self.slug])
