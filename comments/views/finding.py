"""
What an address names, for the views of comments. Whatever readers may not read is not found, in the same words as an
address that never led anywhere: nobody learns here that a comment waits, was spam, or is gone.
"""

import uuid

from django.http import Http404, HttpRequest

from articles.models import Article
from comments import identity, written_here
from comments.models import Comment


def live_article(uid: uuid.UUID) -> Article:
    article = Article.objects.published().filter(uid=uid).first()
    if article is None:
        raise Http404("No such article.")
    return article


def article_named(text: str) -> Article | None:
    """The live article that an address names, for those that do not need one."""
    try:
        return Article.objects.published().filter(uid=uuid.UUID(text)).first()
    except ValueError:
        return None


def public_comment(uid: uuid.UUID) -> Comment:
    comment = _of_live_article(uid)
    if comment is None or not comment.is_public:
        raise Http404("No such comment.")
    return comment


def own_comment(request: HttpRequest, uid: uuid.UUID, *, is_to_change: bool = False) -> Comment:
    """
    In any state, for the browser that it was written in and for the person who proved to be its author; under an
    article that was withdrawn as well, unless the words are to change.
    """
    person = identity.person_of(request)  # asked first: the answer's headers tell that somebody was asked for
    comment = _of_live_article(uid) if is_to_change else _of_any_article(uid)
    if comment is not None and (written_here.holds(request, uid) or (person and person.pk == comment.commenter_id)):
        return comment
    raise Http404("No such comment.")


def own_comments(request: HttpRequest, article: Article) -> list[Comment]:
    """This reader's own on one article, in any state, the newest first."""
    rows = Comment.objects.filter(article=article).select_related("commenter", "article").newest_first()
    own = {comment.pk: comment for comment in rows.filter(uid__in=written_here.uids(request))}
    person = identity.person_of(request)
    if person is not None:
        own |= {comment.pk: comment for comment in rows.filter(commenter=person)[:50]}
    return sorted(own.values(), key=lambda comment: (comment.posted_at, comment.pk), reverse=True)


def answered_comment(article: Article, text: str) -> Comment | None:
    """The public comment of this article that a form or an address says is answered."""
    try:
        uid = uuid.UUID(text)
    except ValueError:
        return None
    return Comment.objects.public().filter(article=article, uid=uid).first()


def _of_live_article(uid: uuid.UUID) -> Comment | None:
    comment = _of_any_article(uid)
    return comment if comment is not None and comment.article.is_live else None


def _of_any_article(uid: uuid.UUID) -> Comment | None:
    return Comment.objects.select_related("article", "commenter").filter(uid=uid).first()
