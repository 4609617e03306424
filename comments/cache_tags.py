"""
Which pages show what of comments, and which change makes which of them old. Rows of comments purge nothing by
themselves: they are saved far more often than readers see a difference, and the verbs know when they do.
"""

from django.http import HttpRequest

from articles.cache_tags import LISTINGS, MASTHEAD, article_tag, shows
from articles.models import Article
from comments.models import CommentSettings
from comments.rules import Rules
from pagecache import depends_on, purge_gone, purge_stale, register, register_view

COMMENTS = "comments"  # of the whole site, in the order in which they came

VIEWS = {"comments_on": ("page", "sort"), "comments_feed": (), "comments_feed_on": ()}


def thread_tag(article_id: int) -> str:
    """An article's comments, wherever they stand."""
    return f"thread:{article_id}"


def shows_discussion(request: HttpRequest, article: Article) -> None:
    """Its threads, and of the article what stands above them and the addenda among them."""
    shows(request, thread_tag(article.pk), article_tag(article.pk))


def shows_all(request: HttpRequest) -> None:
    """The newest of the site, under the headlines of their articles."""
    shows(request, COMMENTS, LISTINGS)


def is_open_until(request: HttpRequest, rules: Rules) -> None:
    """A page that invites to write does so no longer than comments are taken."""
    if rules.is_open and rules.closes_at:
        depends_on(request, until=rules.closes_at)


def purge_discussion(article_id: int) -> None:
    """Readers see something new in it, and maybe another number on its article's cards."""
    purge_stale(thread_tag(article_id), f"card:{article_id}", COMMENTS)


def take_away(article_id: int) -> None:
    """Words, or a name, that nobody may read any longer."""
    purge_gone(thread_tag(article_id), COMMENTS)
    purge_stale(f"card:{article_id}")


def purge_everything() -> None:
    purge_stale(MASTHEAD)


def declare() -> None:
    for name, query in VIEWS.items():
        register_view(name, *query)
    register(CommentSettings, lambda row: [MASTHEAD])
