"""What pages show of comments: the threads of an article, and the words of one comment."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from comments import cache_tags, places, reading
from comments.models import Comment
from comments.pieces import discussion_parts
from pagecache import pieces

register = template.Library()


@register.simple_tag(takes_context=True)
def comment_thread(context, article: Article) -> SafeString:
    """The first page of an article's threads, below its text. Nothing for an article that is not live."""
    context["request"].shown_article = article
    return pieces.gap(context["request"], "thread", article.pk)


@register.simple_tag(takes_context=True)
def discussion(context, page: reading.DiscussionPage) -> SafeString:
    """A following page of them, or another order."""
    if request := context.get("request"):
        cache_tags.is_open_until(request, page.rules)
    return mark_safe("".join(discussion_parts(page, is_articles_own=False)))


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
