"""
Which pages show what about money, and which change makes them old. The sentence stands on every page of the site: it
is told anew only when its words have changed, and at most every five seconds, so that a payment never empties the
store. What it said last is kept beside, and compared after each change of money. What comes by time alone is known when
a page is made: it is true until the quarter turns, or the first promise lapses. Whatever else changes without being
told, as a rate of another day, is found by comparing once a minute.
"""

import datetime as dt
import logging

from django.core.cache import cache
from django.db import Error, connection, transaction
from django.http import HttpRequest

from donations import backing_cookie, tally, wording
from donations.models import Currency, Dedication, ExchangeRate, Intent, QuarterBook
from pagecache import (
    depends_on,
    never_store,
    purge_gone,
    purge_stale,
    register,
    register_variant,
    register_view,
    stores,
)

logger = logging.getLogger(__name__)

MASTHEAD = "masthead"  # of every page: the name of the site, its sections
BANNER, FIGURES, NAMES = "banner", "figures", "backers"
VIEWS = ("figures", "figures_csv", "figures_json", "how", "backers")
EVERY_SECONDS = 5
# Two processes may compare at once: each looks again after it has told, until what was told is what is.
MOST_LOOKS = 5
_TOLD = "donations:sentence_told"


def shows_sentence(request: HttpRequest, asked: tally.Ask | None) -> None:
    """
    Until the quarter turns, or a promise lapses. A page that stands without the figure, since it could not be read, is
    kept by nobody.
    """
    if asked is None:
        never_store(request)
    depends_on(request, BANNER, until=asked.true_until if asked else None)


def shows_figures(request: HttpRequest, until: dt.datetime) -> None:
    depends_on(request, MASTHEAD, FIGURES, until=until)


def shows_names(request: HttpRequest) -> None:
    depends_on(request, MASTHEAD, NAMES)


def money_changed() -> None:
    """Said in the transaction that changes what counts, as often as it likes."""
    if stores.current() is None:
        return
    purge_stale(FIGURES, NAMES, every=EVERY_SECONDS)
    if not any(entry[1] is tell_if_changed for entry in connection.run_on_commit):
        transaction.on_commit(tell_if_changed, robust=True)


def names_changed() -> None:
    """A name may have been taken back: then no copy of it stays."""
    purge_gone(NAMES)


def tell_if_changed() -> bool:
    """Moves the stamp of the sentence if it says something else than when it was moved last."""
    try:
        told = False
        for _ in range(MOST_LOOKS):
            words = sentence_told()
            if cache.get(_TOLD) == words:
                break
            # In this order: a process that dies in between leaves a sentence that is told once more, not never.
            purge_stale(BANNER, FIGURES, every=EVERY_SECONDS)
            cache.set(_TOLD, words, timeout=None)
            told = True
    except Error:
        logger.exception("Whether the sentence changed could not be read: pages are made anew")
        purge_stale(BANNER, FIGURES, every=EVERY_SECONDS)
        return True
    return told


def sentence_told() -> str:
    """All that the ask shows of the ledger, as one text."""
    asked = tally.for_ask()
    goal = wording.Goal.of(asked.tally)
    measure = (goal.words, goal.filled, goal.mark, goal.is_beyond) if goal else None
    return repr((wording.sentence(asked.tally), str(asked.tally.quarter), measure, asked.offered))


def declare() -> None:
    for name in VIEWS:
        register_view(name)
    register_variant(backing_cookie.NAME, backing_cookie.word_of)
    register(Intent, lambda intent: [NAMES] if intent.public_name else [], gone=_is_hidden, gone_when_deleted=True)
    register(Dedication, lambda gift: [NAMES], gone=_is_hidden, gone_when_deleted=True)
    for model in (Currency, ExchangeRate, QuarterBook):
        register(model, _tags_of_money)


def _tags_of_money(row: Currency | ExchangeRate | QuarterBook) -> list[str]:
    """Beside the pages that list them, these may change the sentence."""
    money_changed()
    return [FIGURES]


def _is_hidden(row: Intent | Dedication) -> bool:
    return row.name_status != Intent.NameStatus.APPROVED
