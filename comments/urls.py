"""
The addresses of comments. None of them tells whether a comment exists that readers may not read. Those of `mine`,
`confirm` and `letters` are a known person's own.
"""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comments import feeds
from comments.views import own, reacting, threads, writing


def read(route: str, view, name: str):
    """Nothing can be written here, so nothing needs a token."""
    return path(route, csrf_exempt(require_safe(view)), name=name)


urlpatterns = [
    read("", threads.root, "comments_root"),
    path("write/<uuid:uid>/", writing.write, name="comment_write"),
    read("on/<uuid:uid>/", threads.on, "comments_on"),
    path("on/<uuid:uid>/yours/", own.own_on, name="comment_own_on"),
    read("feed/", feeds.everywhere, "comments_feed"),
    read("on/<uuid:uid>/feed/", feeds.on_article, "comments_feed_on"),
    path("reported/", reacting.reported, name="comment_reported"),
    read("<uuid:uid>/", threads.permalink, "comment"),
    path("<uuid:uid>/yours/", own.own, name="comment_own"),
    path("<uuid:uid>/edit/", own.edit, name="comment_edit"),
    path("<uuid:uid>/withdraw/", own.withdraw, name="comment_withdraw"),
    path("<uuid:uid>/recommend/", reacting.recommend, name="comment_recommend"),
    path("<uuid:uid>/report/", reacting.report, name="comment_report"),
]
