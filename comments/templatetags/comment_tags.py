"""What pages show of comments: the threads of an article, and the words of one comment."""

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from comments import cache_tags, markup, places, reading
from comments.models import Comment

register = template.Library()
LEAST_TO_SORT = 2


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def comment_thread(context, article: Article) -> dict:
    """The first page of an article's threads, below its text. Nothing for an article that is not live."""
    if not article.is_live:
        return {}
    return _shown(context, reading.discussion_page(article, stored=True), is_articles_own=True)


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context, page: reading.DiscussionPage) -> dict:
    """A following page of them, or another order."""
    return _shown(context, page, is_articles_own=False)


@register.simple_tag
def comment_count(article: Article) -> str:
    """How many comments readers can read, as a link to them; nothing for none. Of an article chosen for a card."""
    count = article.public_comments
    if not count:
        return ""
    address = f"{article.get_absolute_url()}#comments"
    words = f"{number_format(count, force_grouping=True)} comment{'' if count == 1 else 's'}"
    return format_html('<a class="card__comments" href="{}">{}</a>', address, words)


@register.simple_tag
def comment_text(comment: Comment) -> SafeString:
    """Of one that its reader may read. It was made safe when it was written."""
    return mark_safe(comment.body_html)


@register.simple_tag
def comment_anchor(comment: Comment) -> str:
    return places.anchor_of(comment.uid)


def _shown(context, page: reading.DiscussionPage, *, is_articles_own: bool) -> dict:
    if request := context.get("request"):
        cache_tags.is_open_until(request, page.rules)
    article, count = page.article, page.public_count
    return {
        "article": article,
        "rules": page.rules,
        "count": count,
        "count_told": number_format(count, force_grouping=True),
        "threads": markup.threads_html(page, is_articles_own=is_articles_own),
        "sorts": [_sort(page, name) for name in reading.SORTS] if count >= LEAST_TO_SORT else [],
        "earlier": _page(page, page.previous_number),
        "later": _page(page, page.next_number),
        "later_words": _more(page),
        "continues": page.continues,
        "feed": reverse("comments_feed_on", args=[article.uid]),
        "is_page": not is_articles_own,
    }


def _sort(page: reading.DiscussionPage, name: str) -> dict:
    return {"words": reading.SORTS[name], "address": _address(page.article, name, 1), "is_chosen": page.sort == name}


def _page(page: reading.DiscussionPage, number: int | None) -> str:
    return _address(page.article, page.sort, number) if number else ""


def _address(article: Article, sort: str, number: int) -> str:
    if (sort, number) == (reading.DEFAULT_SORT, 1):
        return f"{article.get_absolute_url()}#comments"
    return f"{places.page_address(article.uid, number, sort)}#comments"


def _more(page: reading.DiscussionPage) -> str:
    """How many are not on the first page; of later ones, that there are more."""
    if page.number > 1:
        return "Further comments"
    rest = page.public_count - page.shown_count
    return f"{number_format(rest, force_grouping=True)} further comment{'' if rest == 1 else 's'}"
