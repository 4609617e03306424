"""The ask: the sentence with its figure, the goal, the button, the other currencies."""

import logging
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.db import Error
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from donations import backing_cookie, cache_tags, mode, periods, tally, wording

logger = logging.getLogger(__name__)
register = template.Library()

# Pages that are about pledging themselves: the figure stays, a button that leads to where one is does not.
_ABOUT_PLEDGING = ("support", "manage")


@register.inclusion_tag("donations/_ask.html", takes_context=True)
def donation_banner(context, place: str = "head") -> dict:
    """
    The ask at the `head` of a page, or once more `after` an article. It asks the database once per page; when that
    fails the page stands without the figure, and the log says so.
    """
    request = context.get("request")
    asked = _ask_of(request)
    shown = {"place": place, "is_open": mode.pledging_is_possible(), "base": settings.BASE_CURRENCY}
    if asked:
        shown |= {"sentence": wording.sentence(asked.tally), "goal": wording.Goal.of(asked.tally)}
        shown |= {"quarter": asked.tally.quarter, "months": wording.months(asked.tally.quarter)}
    if request is None:
        return shown
    cache_tags.shows_sentence(request, asked)
    codes = wording.other_currencies(asked.offered) if asked else []
    return {
        **shown,
        "is_asked": not _is_about_pledging(request),
        "backs": backing_cookie.backs_until(request) is not None,
        "address": _leading_from(request, reverse("support")),
        "others": [(code, _leading_from(request, reverse("support_in", args=[code.lower()]))) for code in codes],
    }


@register.simple_tag
def money(value) -> str:
    """An amount as it stands in the sentence: $1018."""
    return wording.amount(value) if value is not None else ""


@register.simple_tag
def change_days(change, quarter) -> SafeString:
    """20 Oct, or 20 Oct to 3 Nov; with the year where it is not the quarter's own."""
    first, last = (at.astimezone(periods.zone()).date() for at in (change.first_at, change.last_at))
    days = [first] if first == last else [first, last]
    own = quarter.quarter.year
    told = [(day.isoformat(), date_format(day, "j M" if day.year == own else "j M Y")) for day in days]
    return format_html_join(" to ", '<time datetime="{}">{}</time>', told)


def _ask_of(request) -> tally.Ask | None:
    """Once per page, however often the page shows it. None when the ledger could not be read."""
    if request is None:
        return _read()
    if not hasattr(request, "donation_ask"):
        request.donation_ask = _read()
    return request.donation_ask


def _read() -> tally.Ask | None:
    try:
        return tally.for_ask()
    except Error:
        logger.exception("The ledger could not be read: pages stand without the figure")
        return None


def _leading_from(request, address: str) -> str:
    """
    The address, with where the reader comes from. Never with what was asked for there, nor from our own pages about
    money, whose addresses may be secret.
    """
    if request.path.startswith(reverse("support")):
        return address
    return f"{address}?{urlencode({'from': request.path}, safe='/')}"


def _is_about_pledging(request) -> bool:
    match = request.resolver_match
    return bool(match and match.url_name and match.url_name.startswith(_ABOUT_PLEDGING))
