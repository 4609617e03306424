"""Sends readers of old addresses to the new ones."""

from django.http import HttpRequest, HttpResponsePermanentRedirect

from articles import cache_tags, redirects
from pagecache import never_store, whole_query


def redirect_moved_articles(get_response):
    """
    Stands last, nearest to the views: what it answers passes all others, and an address without its last slash is
    led to its new place at once and not first to an old one. Costs nothing where a page is found, except `/?p=12`.
    """

    def answer(request: HttpRequest):
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        if request.path == "/" and request.GET:
            if target := redirects.address_of_number(request.GET):
                cache_tags.shows(request, cache_tags.LISTINGS)
                return HttpResponsePermanentRedirect(target)
            if redirects.asks_for_number(request.GET):
                never_store(request)  # the front page: once for every number that somebody invents
        response = get_response(request)
        if response.status_code != 404:
            return response
        # Also of one that leads nowhere: another middleware may still answer it with a redirect of its own.
        cache_tags.shows(request, cache_tags.LISTINGS)
        target = _new_address(request)
        return HttpResponsePermanentRedirect(target) if target else response

    return answer


def _new_address(request: HttpRequest) -> str | None:
    """By what the page cache has left of the query first: that answer can be stored."""
    understood = request.META.get("QUERY_STRING", "")
    target = redirects.new_address(request.path, understood)
    if target is None and (sent := whole_query(request)) != understood:
        target = redirects.new_address(request.path, sent)
    return target
