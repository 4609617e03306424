"""
The ask: the sentence with its figure, the goal, the button, the other currencies. Both its places on a page are one
piece, and so one reading of the ledger; it is the same on every page but for the address it leads back to.
"""

import logging
from functools import partial
from urllib.parse import quote_plus

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from donations import backing_cookie, cache_tags, mode, tally, wording
from pagecache import pieces

logger = logging.getLogger(__name__)

PLACES = ("head", "after")
# Pages that are about pledging themselves: the figure stays, a button that leads to where one is does not.
_ABOUT_PLEDGING = ("support", "manage")
_BETWEEN = pieces.Gap("between")


def ask(request: HttpRequest, place: str, appeal: str = "") -> pieces.Parts | str:
    """`appeal` are the words of the site that go before the figure."""
    if hasattr(request, "donation_ask"):  # the page tells more of the ledger, by a reading of its own
        return _html(request, place, appeal, request.donation_ask)
    name = f"ask {_is_about_pledging(request)} {_tells_where_from(request)} {appeal}"
    both = pieces.kept(request, name, partial(_both, request, appeal))
    between = both.index(_BETWEEN)
    return both[:between] if place == PLACES[0] else both[between + 1 :]


def here(request: HttpRequest) -> str:
    """Without what was asked for there."""
    return quote_plus(request.path, safe="/")


def _both(request: HttpRequest, appeal: str) -> list[str | pieces.Gap]:
    asked = _read()
    head, after = (_html(request, place, appeal, asked) for place in PLACES)
    return [head, _BETWEEN, after]


def _read() -> tally.Ask | None:
    """None when the ledger could not be read: then the page stands without the figure, and the log says so."""
    try:
        return tally.for_ask()
    except Error:
        logger.exception("The ledger could not be read: pages stand without the figure")
        return None


def _html(request: HttpRequest, place: str, appeal: str, asked: tally.Ask | None) -> str:
    cache_tags.shows_sentence(request, asked)
    codes = wording.other_currencies(asked.offered) if asked else []
    shown = {
        "place": place,
        "appeal": appeal,
        "is_open": mode.pledging_is_possible(),
        "base": settings.BASE_CURRENCY,
        "is_asked": not _is_about_pledging(request),
        "backs": backing_cookie.backs_until(request) is not None,
        "address": _leading_from(request, reverse("support")),
        "others": [(code, _leading_from(request, reverse("support_in", args=[code.lower()]))) for code in codes],
    }
    if asked:
        shown |= {"sentence": wording.sentence(asked.tally), "goal": wording.Goal.of(asked.tally)}
        shown |= {"quarter": asked.tally.quarter, "months": wording.months(asked.tally.quarter)}
    return render_to_string("donations/_ask.html", shown)


def _leading_from(request: HttpRequest, address: str) -> str:
    return f"{address}?from={pieces.gap(request, 'here')}" if _tells_where_from(request) else address


def _tells_where_from(request: HttpRequest) -> bool:
    """Never from our own pages about money, whose addresses may be secret."""
    return not request.path.startswith(reverse("support"))


def _is_about_pledging(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(match and match.url_name and match.url_name.startswith(_ABOUT_PLEDGING))


def declare() -> None:
    pieces.register_filler("ask", ask)
    pieces.register_filler("here", here)
    pieces.register_filler("between", lambda request: "")
