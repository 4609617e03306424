"""Where a saved form leads: to itself, without what was asked for once, and with what was chosen and not used yet."""

from urllib.parse import urlsplit

from django.http import HttpResponseRedirect, QueryDict

from articles.admin.times import SiteTimeInput, told_in_site_zone
from articles.models import Article

ASKED_ONCE = ("add", "publish_at")


def unused_time(article: Article, at) -> str:
    """The time that somebody chose for an article that did not go out at it, as its field writes it."""
    if at is None or article.is_live or at == article.published_at:
        return ""
    return told_in_site_zone(at).strftime(SiteTimeInput.SHAPE)


def lead_back(response, address: str, *, chosen_time: str = ""):
    """Any response but a redirect to the form at `address` is left as it is."""
    if not isinstance(response, HttpResponseRedirect) or urlsplit(response.url).path != address:
        return response
    query = QueryDict(urlsplit(response.url).query, mutable=True)
    for name in ASKED_ONCE:
        query.pop(name, None)
    if chosen_time:
        query["publish_at"] = chosen_time
    return HttpResponseRedirect(f"{address}?{query.urlencode()}" if query else address)
