"""What the desk remembers of its moderators."""

from django.conf import settings
from django.db import models


class ModeratorMail(models.Model):
    """Whether this moderator wants letters about what waits, and what the last one told of."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="moderator_mail"
    )
    is_wanted = models.BooleanField(default=True)
    written_at = models.DateTimeField(null=True, editable=False)
    told_until = models.DateTimeField(null=True, editable=False)  # the newest thing that the last letter knew of

    def __str__(self):
        return f"Letters to {self.user}"
