"""A picture in the media library. Its files are written by `articles.images` and by nothing else."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models


def new_image_key() -> str:
    return secrets.token_hex(8)


class Image(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", "sizes are being made"
        READY = "ready", "ready"

    key = models.CharField(max_length=16, unique=True, default=new_image_key, editable=False)
    title = models.CharField(max_length=200, help_text="For finding it again; readers never see this.")
    file = models.FileField(upload_to="images/", help_text="JPEG, PNG, WebP, AVIF or GIF.")
    alt = models.CharField(
        "alternative text",
        max_length=300,
        blank=True,
        help_text="What somebody who cannot see the picture should know.",
    )
    caption = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it, and its licence.")
    focal_x = models.PositiveSmallIntegerField(
        default=50, validators=[MaxValueValidator(100)], help_text="Per cent from the left."
    )
    focal_y = models.PositiveSmallIntegerField(
        default=50, validators=[MaxValueValidator(100)], help_text="Per cent from the top."
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING, editable=False)
    renditions = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text='Widths in pixels per format: {"webp": [480, 960]}.',
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=~models.Q(sha256=""), name="a_picture_is_kept_once")
        ]

    def __str__(self):
        return self.title
