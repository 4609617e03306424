"""Where a comment stands on the site: which page, and where on it."""

from uuid import UUID

from django.urls import reverse

from comments import reading
from comments.models import Comment


def anchor_of(uid: UUID | str) -> str:
    """
    Of the comment's own name, not of its number: from gaps between numbers could be told how many comments were never
    shown.
    """
    text = str(uid)
    return f"comment-{text[:8]}{text[9:13]}"


def address_of(comment: Comment) -> str:
    """Of a public comment: the article's page while it stands there, else the following page that holds it."""
    number = reading.page_of(comment)
    page = comment.article.get_absolute_url() if number == 1 else page_address(comment.article.uid, number)
    return f"{page}#{anchor_of(comment.uid)}"


def page_address(article_uid: UUID, number: int, sort: str = reading.DEFAULT_SORT) -> str:
    """Of a page that is not the article's own."""
    asked = [f"sort={sort}"] if sort != reading.DEFAULT_SORT else []
    asked += [f"page={number}"] if number > 1 else []
    return f"{reverse('comments_on', args=[article_uid])}?{'&'.join(asked)}"


def place_for_author(comment: Comment) -> str:
    """Where its author finds it: among the others once it is public, else on a page of its own."""
    return address_of(comment) if comment.is_public else reverse("comment_own", args=[comment.uid])
