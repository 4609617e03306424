"""Who has an article open right now. A heartbeat and nothing more: it warns, it never locks."""

import datetime as dt

from articles.models import Article, EditingPresence
from foundation import clock

HEARTBEAT = dt.timedelta(seconds=20)
# Three missed heartbeats: the browser was closed, or the computer sleeps.
FORGOTTEN_AFTER = 3 * HEARTBEAT


def note(article: Article, user) -> None:
    EditingPresence.objects.update_or_create(article=article, user=user, defaults={"seen_at": clock.now()})


def leave(article: Article, user) -> None:
    EditingPresence.objects.filter(article=article, user=user).delete()


def current():
    return EditingPresence.objects.filter(seen_at__gt=clock.now() - FORGOTTEN_AFTER).select_related("user", "article")


def others(article: Article, user) -> list[str]:
    """The names of everybody else who has it open."""
    return [str(presence.user) for presence in current().filter(article=article).exclude(user=user).order_by("pk")]
