"""The ask, and amounts and days as pages tell them."""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from donations import periods, wording
from pagecache import pieces

register = template.Library()


@register.simple_tag(takes_context=True)
def donation_banner(context, place: str = "head") -> SafeString:
    """
    The ask at the `head` of a page, or once more `after` an article. The database is asked once for both. The words
    that ask are the masthead's, which the page has.
    """
    return pieces.gap(context["request"], "ask", place, getattr(context.get("masthead"), "appeal", ""))


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
