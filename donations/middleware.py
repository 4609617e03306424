"""Keeps caches honest about pages that show the sentence."""

from django.http import HttpRequest
from django.utils.cache import patch_cache_control, patch_vary_headers


def keep_the_figure_fresh(get_response):
    """
    A page with the sentence comes in two variants, by a cookie, and its figure may change at any moment: a cache may
    keep it only for whoever sent the same cookies, and must ask before it shows it again. What says of itself how it
    may be kept is left alone. Stands beside the views, so that nothing answers before it.
    """

    def answer(request: HttpRequest):
        response = get_response(request)
        if getattr(request, "shows_the_figure", False):
            patch_vary_headers(response, ["Cookie"])
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, no_cache=True)
        return response

    return answer
