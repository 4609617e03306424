"""A page that is not an article: about, privacy, how to reach us."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import Resolver404, resolve, reverse


class Page(models.Model):
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True, editable=False)
    is_public = models.BooleanField(default=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("page", args=[self.slug])

    def clean(self):
        if self.slug and _is_taken(f"/{self.slug}/"):
            message = f"The site itself answers at /{self.slug}/, so nobody could read this page. Choose another slug."
            raise ValidationError({"slug": message})


def _is_taken(path: str) -> bool:
    """Pages are tried last: whatever else has this address answers first, here or in front of the application."""
    if path in (settings.STATIC_URL, settings.MEDIA_URL):
        return True
    try:
        return resolve(path).url_name != "page"
    except Resolver404:
        return False
