"""What may be said, where and by whom: the site's rules, those of one article, words to look for, and counts."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from articles.models import Article


class Mode(models.TextChoices):
    ALL_WAIT = "all_wait", "Every comment waits for a moderator"
    FIRST_WAITS = "first_waits", "A person’s first comment waits"
    NONE_WAITS = "none_waits", "Nothing waits unless a rule finds something"
    BACKERS_ONLY = "backers_only", "Only backers may comment; their first comment waits"
    CLOSED = "closed", "Closed: comments are read, none are added"


class CommentSettings(models.Model):
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.FIRST_WAITS)
    closes_after_days = models.PositiveSmallIntegerField(
        default=0, help_text="Articles take no more comments so many days after publication. 0: never."
    )
    closed_words = models.CharField(
        max_length=200,
        blank=True,
        help_text="What readers are told where comments are closed. Empty: a plain sentence.",
    )
    hide_after_reports = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1)],
        help_text="So many readers’ reports hide a comment until a moderator has looked.",
    )
    most_links = models.PositiveSmallIntegerField(default=2, help_text="A comment with more links than this waits.")
    longest = models.PositiveSmallIntegerField(
        "longest comment", default=5000, validators=[MinValueValidator(200), MaxValueValidator(20000)]
    )
    edit_minutes = models.PositiveSmallIntegerField(default=10, help_text="So long may a person edit. 0: not at all.")
    edit_after_reply = models.BooleanField(default=False, help_text="Editing goes on after somebody has answered.")
    reserved_names = models.TextField(
        blank=True, help_text="Names nobody else may sign with, one a line. Authors and staff are protected anyway."
    )
    digest_minutes = models.PositiveSmallIntegerField(
        default=60, help_text="Moderators get one letter about what waits, at most so often. 0: no letters."
    )

    class Meta:
        verbose_name = verbose_name_plural = "comment rules"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="comment_settings_are_a_single_row")]

    def __str__(self):
        return "Comment rules"

    @classmethod
    def load(cls) -> "CommentSettings":
        """The one row, or an unsaved one with its defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class WordRule(models.Model):
    class Effect(models.TextChoices):
        WAITS = "waits", "The comment waits"
        SPAM = "spam", "It is taken for spam"
        REFUSED = "refused", "It is not taken; the writer is told"

    pattern = models.CharField(
        "word, phrase or host",
        max_length=200,
        unique=True,
        help_text="Whole words, in any case; * stands for any letters: casino*, buy * now, *.example.",
    )
    effect = models.CharField(max_length=7, choices=Effect, default=Effect.WAITS)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pattern"]

    def __str__(self):
        return self.pattern


class Discussion(models.Model):
    """
    The comments of one article: its own rules where an editor set some, and what is counted. `public_count` counts what
    readers can read; `changed_at` moves with everything they can see change.
    """

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="discussion")
    mode = models.CharField(max_length=12, choices=Mode, blank=True, help_text="Empty: as everywhere on the site.")
    closes_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: as everywhere on the site. 0: never."
    )
    closed_words = models.CharField(max_length=200, blank=True)
    public_count = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    recommends_shown_at = models.DateTimeField(null=True, editable=False)

    def __str__(self):
        return f"Comments on {self.article}"
