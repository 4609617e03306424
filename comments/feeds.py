"""
Comments as Atom: the newest of the site, and of one article. Public ones of live articles only, so that what is taken
away is gone with the next answer; who asks again gets 304 by an ETag made of the answer. Each entry names what it
answers (RFC 4685), and no address of anybody.
"""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from articles.feed_formats import Answered, AtomFeed, Channel, Entry, Person, write
from articles.images.paths import absolute
from articles.models import Article, Masthead
from comments import cache_tags
from comments.models import Comment

NEWEST = 50


@conditional_page
@require_safe
def everywhere(request):
    cache_tags.shows_all(request)
    return _answer(request.path, Comment.objects.public(), "Comments", reverse("home"))


@conditional_page
@require_safe
def on_article(request, uid):
    article = get_object_or_404(Article.objects.published(), uid=uid)
    cache_tags.shows_discussion(request, article)
    rows = Comment.objects.public().filter(article=article)
    return _answer(request.path, rows, f"Comments on “{article.headline}”", article.get_absolute_url())


def _answer(path: str, rows: QuerySet, title: str, page: str) -> HttpResponse:
    masthead = Masthead.load()
    newest = rows.newest_first().select_related("article", "parent")[:NEWEST]
    channel = Channel(
        title=f"{title} · {masthead.site_name}",
        description=f"What readers of {masthead.site_name} say.",
        publisher=masthead.site_name,
        address=absolute(page),
        own_address=absolute(path),
        language=settings.LANGUAGE_CODE,
        entries=[_entry(comment) for comment in newest],
    )
    return HttpResponse(write(channel, AtomFeed), content_type=AtomFeed.content_type)


def _entry(comment: Comment) -> Entry:
    return Entry(
        uid=comment.uid.urn,
        title=f"{comment.name} on “{comment.article.headline}”",
        address=absolute(reverse("comment", args=[comment.uid])),
        content=comment.body_html,
        authors=[Person(comment.name)],
        published_at=comment.posted_at,
        updated_at=comment.edited_at or comment.posted_at,
        answers=_answered(comment),
    )


def _answered(comment: Comment) -> Answered:
    """The comment above it while readers can read that, else the article."""
    if comment.parent and comment.parent.is_public:
        return Answered(comment.parent.uid.urn, absolute(reverse("comment", args=[comment.parent.uid])))
    return Answered(comment.article.uid.urn, absolute(comment.article.get_absolute_url()))
