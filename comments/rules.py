"""Whether an article takes comments now, and which of them wait: an editor's rules over the site's. Writes nothing."""

import datetime as dt
from dataclasses import dataclass

from articles.models import Article
from comments.models import CommentSettings, Discussion, Mode
from foundation import clock

CLOSED = "Comments on this article are closed."
CLOSED_BY_AGE = "Comments on this article are closed: it takes them for {days} after publication."
NOT_PUBLISHED = "This article cannot be commented on: it is not published."


@dataclass(frozen=True)
class Rules:
    """`why_closed` is for readers and empty while comments are taken; `closes_at` is empty if no age closes them."""

    mode: Mode
    why_closed: str
    closes_at: dt.datetime | None
    settings: CommentSettings

    @property
    def is_open(self) -> bool:
        return not self.why_closed

    @property
    def is_for_backers(self) -> bool:
        return self.mode == Mode.BACKERS_ONLY


def rules_for(article: Article, discussion: Discussion | None = None, settings: CommentSettings | None = None) -> Rules:
    """Two queries, or none for whoever has the rows already."""
    settings = settings or CommentSettings.load()
    discussion = discussion or Discussion.objects.filter(pk=article.pk).first() or Discussion(pk=article.pk)
    mode = Mode(discussion.mode or settings.mode)
    days = settings.closes_after_days if discussion.closes_after_days is None else discussion.closes_after_days
    closes_at = _begun_at(article) + dt.timedelta(days=days) if days and article.published_at else None
    words = discussion.closed_words or settings.closed_words
    why_closed = ""
    if not article.is_live:
        why_closed = NOT_PUBLISHED
    elif mode == Mode.CLOSED or not article.comments_open:
        why_closed = words or CLOSED
    elif closes_at and closes_at <= clock.now():
        why_closed = words or CLOSED_BY_AGE.format(days="one day" if days == 1 else f"{days} days")
    return Rules(mode, why_closed, closes_at, settings)


def _begun_at(article: Article) -> dt.datetime:
    """A date that was moved forward opens nothing again, nor does an old text that was taken over from elsewhere."""
    return min(filter(None, (article.published_at, article.first_published_at)))
