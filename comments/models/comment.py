"""A comment, and what was found, said and done about it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.models import Article
from comments.models.person import Commenter
from comments.querysets import CommentQuerySet
from foundation import clock


class Comment(models.Model):
    """
    `parent` is the comment that was answered, however deep the page nests; `root` is the first of its thread, which is
    its own root. `source` is what was typed, `body_html` what `comments.formatting` made of it at writing. Nothing but
    `public` is ever served; the other states differ in who took it away, and whether somebody must still look.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "waiting"
        PUBLIC = "public", "public"
        SPAM = "spam", "suspected spam"
        REJECTED = "rejected", "rejected"
        HELD = "held", "hidden after reports"
        HIDDEN = "hidden", "hidden by staff"
        WITHDRAWN = "withdrawn", "withdrawn by its author"
        REMOVED = "removed", "removed for legal reasons"

    class Badge(models.TextChoices):
        AUTHOR = "author", "Author"
        STAFF = "staff", "Staff"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)  # made per form: sent twice, kept once
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    root = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="thread")
    depth = models.PositiveSmallIntegerField(default=0, editable=False)  # 0 for the first of a thread

    commenter = models.ForeignKey(Commenter, on_delete=models.PROTECT, related_name="comments")
    is_proven = models.BooleanField(default=False, editable=False)  # the browser or the letter's link was this person's
    name = models.CharField(max_length=60)
    badge = models.CharField(max_length=6, choices=Badge, blank=True, editable=False)
    is_backer = models.BooleanField(default=False, editable=False)  # the person chose to show it
    wants_replies = models.BooleanField(default=False)

    source = models.TextField()
    body_html = models.TextField(blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)  # of the words, to know a repeated text

    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING, editable=False)
    posted_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)  # first time public
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    # Keyed hashes of the network address and of its neighbourhood (/24, /48), emptied at `network_kept_until`.
    network_digest = models.CharField(max_length=64, blank=True, editable=False)
    neighbourhood_digest = models.CharField(max_length=64, blank=True, editable=False)
    network_kept_until = models.DateTimeField(null=True, blank=True, editable=False)

    recommends = models.PositiveIntegerField(default=0, editable=False)
    recommends_shown = models.PositiveIntegerField(default=0, editable=False)  # follows at most once a minute
    open_reports = models.PositiveIntegerField(default=0, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["posted_at", "pk"]
        permissions = [
            ("moderate_comment", "Can approve, reject and hide comments"),
            ("remove_comment", "Can remove comments for legal reasons"),
        ]
        indexes = [
            models.Index(fields=["article", "root", "posted_at", "id"], name="comment_in_thread"),
            models.Index(fields=["status", "posted_at", "id"], name="comment_in_queue"),
            models.Index(fields=["posted_at", "id"], name="comment_by_time"),
            models.Index(fields=["commenter", "-posted_at"], name="comment_of_person"),
            models.Index(fields=["fingerprint", "posted_at"], name="comment_same_words"),
            models.Index(fields=["posted_at", "id"], condition=Q(open_reports__gt=0), name="comment_reported"),
            models.Index(fields=["network_digest", "posted_at"], name="comment_same_network"),
            models.Index(
                fields=["network_kept_until"],
                condition=Q(network_kept_until__isnull=False),
                name="comment_network_kept",
            ),
            models.Index(
                fields=["article"],
                condition=~Q(recommends=F("recommends_shown")),
                name="comment_not_shown_yet",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gt=0),
                name="a_reply_has_a_parent_and_a_depth",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.source[:60]}"

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.PUBLIC


class Suspicion(models.Model):
    """One reason of one layer of `comments.screening`, in words a moderator understands."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="suspicions")
    layer = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    is_spam = models.BooleanField(default=False, help_text="Enough to be taken for spam; otherwise it only waits.")
    found_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.reason


class Revision(models.Model):
    """What a comment said before an edit; for staff."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    source = models.TextField()
    replaced_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.comment_id} until {self.replaced_at:%Y-%m-%d %H:%M}"


class Recommendation(models.Model):
    """Once per reader: `reader` is a keyed digest of the person, or of a browser that is nobody."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="recommendations")
    reader = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="a_reader_recommends_once")]

    def __str__(self):
        return f"{self.comment_id} by {self.reader[:8]}"


class Report(models.Model):
    class Reason(models.TextChoices):
        SPAM = "spam", "It is advertising"
        ABUSE = "abuse", "It attacks or threatens somebody"
        HATE = "hate", "It is hateful"
        PRIVATE = "private", "It tells private things about somebody"
        ILLEGAL = "illegal", "It is against the law"
        OTHER = "other", "Something else"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reader = models.CharField(max_length=64)
    reason = models.CharField(max_length=8, choices=Reason)
    words = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="a_reader_reports_once")]

    def __str__(self):
        return self.get_reason_display()


class Act(models.Model):
    """
    Who did what, and how it was before: enough to undo it. `by` is empty when a rule or the person did it; `said` then
    says who. Ban history is read from here.
    """

    class Verb(models.TextChoices):
        APPROVE = "approve", "approved"
        REJECT = "reject", "rejected"
        SPAM = "spam", "called spam"
        HIDE = "hide", "hidden"
        HOLD = "hold", "hidden after reports"
        REMOVE = "remove", "removed for legal reasons"
        WITHDRAW = "withdraw", "withdrawn"
        EDIT = "edit", "edited"
        KEEP = "keep", "reports settled, comment kept"
        BAN = "ban", "banned"
        UNBAN = "unban", "ban lifted"
        WAIT_ALWAYS = "wait_always", "always waits from now on"
        WAIT_NO_MORE = "wait_no_more", "no longer always waits"
        UNDO = "undo", "undone"

    verb = models.CharField(max_length=12, choices=Verb)
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="acts")
    commenter = models.ForeignKey(Commenter, null=True, on_delete=models.CASCADE, related_name="acts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    happened_at = models.DateTimeField(default=clock.now, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    batch = models.UUIDField(null=True, editable=False, db_index=True)  # acts of one click are undone together

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.get_verb_display()
