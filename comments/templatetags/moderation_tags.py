"""Small words of the moderation desk's pages."""

from django import template
from django.utils.timesince import timesince

from foundation import clock

register = template.Library()


@register.filter
def of(words: dict, key: str) -> str:
    return words.get(key, key)


@register.filter
def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


@register.filter
def ago(moment) -> str:
    """ "3 hours ago", by the site's clock; one unit is enough to know how long somebody has waited."""
    span = timesince(moment, clock.now(), depth=1)
    return "just now" if span.startswith("0") else f"{span} ago"
