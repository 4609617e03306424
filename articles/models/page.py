"""A page that is not an article: about, privacy, how to reach us."""

from django.db import models
from django.urls import reverse


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
