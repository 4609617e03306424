"""Words that must vanish by a takedown (`articles.takedown`) vanish from what was said below the article as well."""

from django.db import models

from articles.blackout import Pen
from articles.html import plain_text
from articles.models import Article
from comments import counting, formatting, stored
from comments.models import Act, Comment, Commenter, Report, Revision, Suspicion
from comments.moderation.locks import lock

SIGNS = "*_[>\\"


def write_over(article: Article, pen: Pen) -> None:
    """
    In every comment of the article, public or not: words, name, earlier words, reports about it, and what staff said.
    Moves no date. What is sent afterwards is for the word rules.
    """
    comments = Comment.objects.filter(article=article)
    keys = list(comments.values_list("pk", flat=True))
    locked = lock(comments=keys, articles=[article.pk], writers=True)
    before = pen.strokes
    for comment in locked.comments.values():
        source = _written_over(comment.source, pen)
        _write(comment, pen, name=60)
        if source != comment.source:
            made = {"body_html": formatting.render(source).body_html, "fingerprint": formatting.fingerprint(source)}
            comments.filter(pk=comment.pk).update(source=source, **made)
    for commenter in locked.commenters.values():
        _write(commenter, pen, name=60)
    for rows, fields in (
        (Report.objects, {"words": 1000}),
        (Suspicion.objects, {"reason": 300}),
        (Act.objects, {"said": 300}),
    ):
        for row in rows.filter(comment__in=keys):
            _write(row, pen, **fields)
    for revision in Revision.objects.filter(comment__in=keys):
        Revision.objects.filter(pk=revision.pk).update(source=_written_over(revision.source, pen))
    if pen.strokes > before:
        counting.note_change(locked.discussions[article.pk])
        stored.rewrite_discussion(article.pk)


def _written_over(source: str, pen: Pen) -> str:
    """Where signs of emphasis part the words, the comment goes on without any: `**John** Doe`."""
    source = pen.plain(source)
    if not any(sign in source for sign in SIGNS):
        return source
    words = plain_text(formatting.render(source).body_html)
    return pen.plain(words) if pen.phrase.is_in(words) else source


def _write(row: Report | Suspicion | Act | Comment | Commenter, pen: Pen, **lengths: int | None) -> None:
    """`lengths`: how long each field may be."""
    written = {name: pen.plain(getattr(row, name))[:longest] for name, longest in lengths.items()}
    changed = {name: value for name, value in written.items() if value != getattr(row, name)}
    if changed:
        manager: models.Manager = type(row)._base_manager
        manager.filter(pk=row.pk).update(**changed)
