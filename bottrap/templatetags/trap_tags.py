"""The links that only a robot follows: before the words of every page and at its foot."""

from django import template
from django.conf import settings

from bottrap import arming, cache_tags, trap_links

register = template.Library()


@register.inclusion_tag("bottrap/_link.html", takes_context=True)
def trap_ahead(context) -> dict:
    """For robots that take the links of a page in their order."""
    return {"addresses": trap_links.ahead() if _is_shown(context) else []}


@register.inclusion_tag("bottrap/_link.html", takes_context=True)
def trap_link(context) -> dict:
    """For those that go on from the last one."""
    return {"addresses": trap_links.at_foot() if _is_shown(context) else []}


def _is_shown(context) -> bool:
    """Not to whoever brings a session, so to nobody who is signed in; and to others without a query."""
    request = context.get("request")
    if request is None:
        return False
    shown = settings.SESSION_COOKIE_NAME not in request.COOKIES and arming.is_shown()
    cache_tags.shows_link(request, is_shown=shown)
    return shown
