"""What is asked about, and what several layers want to know of it, worked out once."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings

from articles.models import Article
from comments import folding
from comments.models import Comment, Commenter, CommentSettings
from comments.screening import addresses


@dataclass(frozen=True)
class Candidate:
    """
    A comment that somebody wants to post, or the new words of one that is edited. `commenter` is whose address was
    typed, which proves nothing; `is_proven` says that this browser is that person.
    """

    article: Article
    source: str
    name: str = ""
    email: str = ""
    address: str = field(default="", repr=False)
    user_agent: str = ""
    form_age_seconds: float | None = None
    honeypot: str = ""
    commenter: Commenter | None = None
    is_edit: bool = False
    is_proven: bool = False
    comment: Comment | None = None  # the one that is edited


class Reading:
    def __init__(self, candidate: Candidate, rules: CommentSettings):
        self.candidate = candidate
        self.rules = rules

    @cached_property
    def words(self) -> list[str]:
        return folding.words(self.candidate.source)

    @cached_property
    def known_words(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def plain_words(self) -> list[str]:
        """Without accents, which advertisers strew in."""
        return [word if word.isascii() else folding.without_accents(word) for word in self.words]

    @cached_property
    def letters_beside_links(self) -> int:
        chunks = [chunk for chunk in self.candidate.source.split() if not addresses.links(chunk)]
        return sum(map(str.isalpha, " ".join(chunks)))

    @cached_property
    def name_words(self) -> list[str]:
        return folding.words(self.candidate.name)

    @cached_property
    def links(self) -> list[addresses.Link]:
        own = urlsplit(settings.SITE_URL).hostname or ""
        return [link for link in addresses.links(self.candidate.source) if link.host != own.removeprefix("www.")]

    @cached_property
    def mail_addresses(self) -> list[str]:
        return addresses.mail_addresses(self.candidate.source)

    @cached_property
    def hosts(self) -> set[str]:
        """Of links in the text and the name, of mail addresses in the text, and of the writer's own address."""
        linked = [link.host for link in [*self.links, *addresses.links(self.candidate.name)]]
        mails = [*self.mail_addresses, self.candidate.email.strip().lower()]
        return {*linked, *(mail.rpartition("@")[2] for mail in mails if "@" in mail)}

    @cached_property
    def is_of_staff(self) -> bool:
        user = self.candidate.commenter.user if self.candidate.is_proven and self.candidate.commenter else None
        return bool(user and user.is_staff and user.is_active)

    @cached_property
    def is_known(self) -> bool:
        """Whether this browser is a person of whom a comment was found good."""
        writer = self.candidate.commenter
        return bool(
            self.candidate.is_proven
            and writer is not None
            and writer.pk
            and Comment.objects.approved().filter(commenter=writer).exists()
        )
