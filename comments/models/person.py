"""Who comments: a person by their e-mail address, which is shown to moderators alone."""

import uuid

from django.conf import settings
from django.db import models

from comments.querysets import CommenterQuerySet
from foundation import clock


class Commenter(models.Model):
    """
    One row per folded address. An address that was only typed proves nothing: `confirmed_at` says that somebody has
    read mail there, and a browser is this person only by a session or the signed cookie of `comments.identity`.
    A banned or erased person keeps keyed hashes, `address_digest` and `banned_mailbox`: a ban outlasts the address.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.CharField("e-mail address", max_length=254, blank=True)
    folded_email = models.CharField(max_length=254, null=True, unique=True, editable=False)  # noqa: DJ001
    address_digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=60, blank=True, help_text="As this person last signed.")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="commenter"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    cookie_version = models.PositiveIntegerField(default=1, editable=False)  # one more, and older cookies are void

    always_waits = models.BooleanField(
        default=False, help_text="Everything this person writes waits for a moderator, whatever was approved before."
    )
    banned_at = models.DateTimeField(null=True, blank=True, editable=False)
    banned_until = models.DateTimeField(null=True, blank=True, help_text="Empty: for good.")
    ban_reason = models.CharField(max_length=300, blank=True)
    # `comments.mailboxes` says what one mailbox is.
    banned_mailbox = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)

    mails_stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    shows_backing = models.BooleanField(
        default=False, help_text="The person asked for the mark of a backer beside their name. The amount never shows."
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("ban_commenter", "Can ban people from the comments")]

    def __str__(self):
        return self.name or ("Erased person" if self.erased_at else "Somebody")

    @property
    def is_banned(self) -> bool:
        """By the clock: a ban that is over needs nobody to lift it."""
        return self.banned_at is not None and (self.banned_until is None or self.banned_until > clock.now())


class Mute(models.Model):
    """This person wants no more mail about one thread."""

    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="mutes")
    root = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="mutes")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commenter", "root"], name="a_thread_is_muted_once")]

    def __str__(self):
        return f"{self.commenter} muted {self.root_id}"
