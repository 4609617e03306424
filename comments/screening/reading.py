"""What is asked about, and what several layers want to know of it, worked out once."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import User
from articles.html import plain_text
from articles.models import Article
from comments import folding
from comments.models import Comment, Commenter, CommentSettings
from comments.screening import addresses, weights

RELATED_BY, RELATED_SHARE = 2, 0.125  # so many words shared, or this share of one's own


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
    parent: Comment | None = None  # the one that is answered
    user: User | None = None  # who is signed in


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
    def beside_links(self) -> str:
        source = self.candidate.source
        return " ".join(chunk for chunk in source.split() if not addresses.links(chunk)) if self.links else source

    @cached_property
    def name_words(self) -> list[str]:
        return folding.words(self.candidate.name)

    @cached_property
    def links(self) -> list[addresses.Link]:
        own = urlsplit(settings.SITE_URL).hostname or ""
        return [link for link in addresses.links(self.candidate.source) if link.host != own.removeprefix("www.")]

    @cached_property
    def advertised(self) -> list[addresses.Link]:
        """The links that lead neither where everybody links to nor where the article does."""
        return [link for link in self.links if not (_is_cited(link.host) or link.host in self.candidate.article.body)]

    @cached_property
    def is_about_the_article(self) -> bool | None:
        """Whether it shares words with the article or the comment it answers; None if that cannot be told."""
        article, parent = self.candidate.article, self.candidate.parent
        own = _telling(self.beside_links)
        read = _telling_of_page(article.headline, article.standfirst, article.body)
        shared = own & (read | _telling(parent.source if parent else ""))
        if len(shared) >= RELATED_BY or (own and len(shared) >= RELATED_SHARE * len(own)):
            return True
        return False if own else None

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
        user = self.candidate.user
        return bool(user and user.is_at_desk and self.candidate.is_proven)

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


def _is_cited(host: str) -> bool:
    return any(addresses.host_matches(cited, host) for cited in weights.CITED)


@lru_cache(maxsize=32)
def _telling_of_page(headline: str, standfirst: str, body: str) -> frozenset[str]:
    return _telling(f"{headline}\n{standfirst}\n{plain_text(body)}")


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in folding.words(text) if len(word) > 4 and word.isalpha()) - weights.EVERYDAY
