"""The link that only a robot follows, at the foot of every page."""

from django import template
from django.conf import settings

from bottrap import arming, cache_tags, trap_links

register = template.Library()


@register.inclusion_tag("bottrap/_link.html", takes_context=True)
def trap_link(context) -> dict:
    """Nothing for whoever brings a session, so for nobody who is signed in; and for others no query."""
    request = context.get("request")
    shown = request is not None and settings.SESSION_COOKIE_NAME not in request.COOKIES and arming.is_shown()
    if request is not None:
        cache_tags.shows_link(request, is_shown=shown)
    return {"address": trap_links.first() if shown else ""}
