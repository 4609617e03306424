"""Keeps caches honest about pages that show the sentence, and pages about pledging when the database is away."""

import logging

from django.http import HttpRequest
from django.utils.cache import patch_cache_control, patch_vary_headers

from donations import away, cache_tags
from pagecache import declaring

logger = logging.getLogger(__name__)


def keep_the_figure_fresh(get_response):
    """
    A page with the sentence comes in two variants, by a cookie, and its figure may change at any moment: a cache may
    keep it only for whoever sent the same cookies, and must ask before it shows it again. What says of itself how it
    may be kept is left alone. A page from the store says other things: there the cookie is a part of its key. Stands
    beside the views, so that nothing answers before it.
    """

    def answer(request: HttpRequest):
        response = get_response(request)
        if cache_tags.BANNER in declaring.of(request).tags:
            patch_vary_headers(response, ["Cookie"])
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, no_cache=True)
        return response

    return answer


def say_when_the_database_is_away(get_response):
    """Whatever view of ours meets a broken database, the answer is a page of our own that needs none."""

    def answer(request: HttpRequest):
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception):
        if not away.answers_for(request, error):
            return None
        logger.error("The database could not be reached for %s", _place(request), exc_info=error)
        return away.page(request)

    answer.process_exception = process_exception
    return answer


def _place(request: HttpRequest) -> str:
    """Not the address, which may hold a link that opens a backer's pages."""
    match = request.resolver_match
    return match.view_name if match else "a page about pledging"
