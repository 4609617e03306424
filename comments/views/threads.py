"""
Where comments are read: the following pages of an article's threads and their other orders, and permalinks. The first
page is the article's own, which stays the address that search engines know.
"""

import re
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comments import cache_tags, places, reading
from comments.views.finding import live_article, public_comment

NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z", re.ASCII)


def root(request: HttpRequest) -> HttpResponse:
    """Nothing stands here but what a reader has written."""
    return redirect("comments_mine")


def on(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    article = live_article(uid)
    number, sort = request.GET.get("page", "1"), request.GET.get("sort", reading.DEFAULT_SORT)
    if not NUMBER.match(number):
        raise Http404("Not the number of a page.")
    if (sort, number) == (reading.DEFAULT_SORT, "1"):
        return redirect(f"{article.get_absolute_url()}#comments")
    try:
        page = reading.discussion_page(article, sort, int(number), stored=True)
    except reading.NoSuchPage as refusal:
        raise Http404("No such page of comments.") from refusal
    cache_tags.shows_discussion(request, article)
    response = render(request, "comments/on.html", {"article": article, "page": page})
    response["X-Robots-Tag"] = "noindex"
    return response


def permalink(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """To the page that holds it now. Not for good: threads grow, and pages with them."""
    response = redirect(places.address_of(public_comment(uid)))
    response["X-Robots-Tag"] = "noindex"
    return response
