"""What the trap is set to, what robots.txt says beyond the apps' own paths, visits, bans, and published ranges."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from bottrap.paths import TRAP
from bottrap.querysets import BanQuerySet, HitQuerySet

# Those that gather texts for training; what they answer to is told by their makers.
AI_CRAWLERS = """\
GPTBot
ClaudeBot
anthropic-ai
CCBot
Google-Extended
Applebot-Extended
Bytespider
Amazonbot
meta-externalagent
cohere-ai
PerplexityBot
Diffbot
"""


class TrapSettings(models.Model):
    is_on = models.BooleanField(
        "the trap is laid", default=True, help_text="Otherwise no page carries its link and nothing is counted."
    )
    dry_run = models.BooleanField(
        "dry run", default=False, help_text="Everything is counted and written down, and nobody is banned."
    )
    refuse_ai_crawlers = models.BooleanField(
        "refuse AI crawlers", default=False, help_text="robots.txt asks those named below to stay away altogether."
    )
    ai_crawlers = models.TextField(
        "AI crawlers", default=AI_CRAWLERS, blank=True, help_text="The names they answer to in robots.txt, one a line."
    )
    forbidden_since = models.DateTimeField(
        null=True, editable=False, help_text="When robots.txt first forbade the trap; it bites three days later."
    )
    tripped_at = models.DateTimeField(null=True, editable=False)
    counted_from = models.DateTimeField(null=True, editable=False)  # when the breaker was last closed by hand

    class Meta:
        verbose_name = verbose_name_plural = "trap and robots.txt"

    def __str__(self):
        return "The trap and robots.txt"

    @classmethod
    def load(cls) -> "TrapSettings":
        """The one row, or an unsaved one with its defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class CrawlRule(models.Model):
    class Verdict(models.TextChoices):
        DISALLOW = "Disallow"
        ALLOW = "Allow"

    agent = models.CharField(
        max_length=80,
        default="*",
        validators=[RegexValidator(r"\A(\*|[A-Za-z][A-Za-z0-9_.-]*)\Z", "A crawler's name, or * for all.")],
    )
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.DISALLOW)
    path = models.CharField(
        max_length=200, validators=[RegexValidator(r"\A/[^\s#]*\Z", "Begin with /, without spaces or #.")]
    )

    class Meta:
        verbose_name = "rule for crawlers"
        verbose_name_plural = "rules for crawlers"
        ordering = ["agent", "path"]
        constraints = [models.UniqueConstraint(fields=["agent", "path"], name="one_rule_for_agent_and_path")]

    def __str__(self):
        return f"{self.agent}: {self.verdict} {self.path}"

    def clean(self):
        if self.verdict == self.Verdict.ALLOW and (self.path.startswith(TRAP) or set("*$") & set(self.path)):
            raise ValidationError({"path": "That could invite polite crawlers into the trap."})


class Ban(models.Model):
    """One row for each address that was ever banned and is remembered, with its newest ban."""

    class Source(models.TextChoices):
        TRAP = "trap", "the trap"
        HAND = "hand", "by hand"

    class Lifted(models.TextChoices):
        NO = "", "not lifted"
        PERSON = "person", "by the visitor"
        STAFF = "staff", "by staff"

    network = models.CharField(
        max_length=50, unique=True, help_text="One IPv4 address (/32), or the /64 around an IPv6 address."
    )
    reason = models.CharField(max_length=200)
    evidence = models.TextField(blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.TRAP)
    times = models.PositiveSmallIntegerField(default=1)
    banned_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    lifted = models.CharField(max_length=10, choices=Lifted, blank=True, default=Lifted.NO)
    lifted_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, help_text="For colleagues; no visitor sees it.")

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-banned_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted="", lifted_at=None) | (~models.Q(lifted="") & ~models.Q(lifted_at=None)),
                name="who_lifted_and_when_come_together",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_ban_has_a_reason"),
        ]

    def __str__(self):
        return self.network


class Hit(models.Model):
    """One visit to the trap, and what was made of it."""

    class Outcome(models.TextChoices):
        IGNORED = "ignored", "not counted"
        FIRST = "first", "first visit, warned"
        ALONE = "alone", "second link without the first"
        SPARED = "spared", "never banned"
        ASKING = "asking", "its name is being looked up"
        DRY_RUN = "dry run", "would be banned"
        BREAKER = "breaker", "not banned: too many at once"
        FULL = "full", "not banned: the table is full"
        BANNED = "banned", "banned"

    network = models.CharField(max_length=50)
    address = models.GenericIPAddressField(null=True)
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=200, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    objects = HitQuerySet.as_manager()

    class Meta:
        verbose_name = "visit to the trap"
        verbose_name_plural = "visits to the trap"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["network", "at"], name="hits_of_a_network")]

    def __str__(self):
        return f"{self.network} {self.at:%Y-%m-%d %H:%M}"


class TrapMail(models.Model):
    """Which letters about the trap somebody at the desk wants, and what the last ones told of."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="trap_mail"
    )
    wants_digest = models.BooleanField(default=True)
    wants_alarm = models.BooleanField(default=True)
    told_on = models.DateField(null=True, editable=False)
    alarmed_at = models.DateTimeField(null=True, editable=False)  # when the breaker tripped that was told of

    def __str__(self):
        return f"Letters about the trap to {self.user}"


class PublishedRange(models.Model):
    """A network that a crawler's maker, or another whom we must not ban, says is its own."""

    feed = models.CharField(max_length=60)
    network = models.CharField(max_length=50, db_index=True)
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ["feed", "network"]
        constraints = [models.UniqueConstraint(fields=["feed", "network"], name="a_range_once_in_a_feed")]

    def __str__(self):
        return f"{self.feed}: {self.network}"
