"""What protects an editor's work while it is being written, and the links that let outsiders read a draft."""

from django.conf import settings
from django.db import models

from articles.models.article import Article


class Autosave(models.Model):
    """What one editor has typed and not saved. `form_key` names the open form of an article that has no row yet."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="autosaves")
    form_key = models.CharField(max_length=32, blank=True)
    data = models.JSONField(default=dict)
    base_version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["user", "article", "form_key"], name="one_autosave_per_form")]

    def __str__(self):
        return f"{self.user}: {self.data.get('headline') or 'untitled'}"


class EditingPresence(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="one_presence_per_editor")]

    def __str__(self):
        return str(self.user)


class PreviewLink(models.Model):
    """A link to a draft for somebody without a login. The address itself is signed and never stored."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="preview_links")
    label = models.CharField(max_length=120, blank=True, help_text="Whom it is for.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.label or f"Preview {self.pk}"
