"""
What protects an editor's text: a save is refused when somebody else saved in between, and every text that was saved
can be read, compared and brought back.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from articles import html, rendering
from articles.difference import Paragraph, compare_html, compare_text
from articles.models import Article, Revision
from foundation import clock

VERSIONED = ("headline", "standfirst", "lead_note", "body")
KEPT_BY_PUBLISHING = (
    "status",
    "first_published_at",
    "published_at",
    "withdrawn_at",
    "public_path",
    "created_by_id",
    "last_addendum_number",
    "uid",
)


class EditConflict(Exception):
    """Somebody saved since this form was opened. `current` is the row as it stands, `by` who saved it."""

    def __init__(self, current: Article):
        self.current = current
        self.by = current.edited_by
        super().__init__(f"{self.by or 'Somebody'} saved this article in the meantime.")


@dataclass(frozen=True)
class FieldDifference:
    """One field of two revisions; `paragraphs` holds what is the same, removed and added, ready for a template."""

    label: str
    paragraphs: list[Paragraph]


@transaction.atomic
def save(
    article: Article,
    *,
    by,
    meaningful: bool = False,
    note: str = "",
    base_version: int | None = None,
    at: dt.datetime | None = None,
) -> Revision | None:
    """
    Stores an article's fields, renders it and records a revision if the text changed. `base_version` is the
    `edit_version` that the form was opened with; `at` (default: now) dates the revision. Only a `meaningful` change
    of a published article's text moves the date that readers see. Raises EditConflict and then stores nothing.
    """
    for name in ("body", "lead_note"):
        clean = html.clean_body if name == "body" else html.clean_note
        setattr(article, name, clean(getattr(article, name)))
    if article.pk is None:
        article.created_by, article.edit_version = by, 0
    else:
        _take_over_state(article, base_version)
    article.edited_by = by
    article.edit_version += 1
    article.save()
    rendering.render_article(article)
    return record(article, by=by, meaningful=meaningful, note=note, at=at)


@transaction.atomic
def record(article: Article, *, by, meaningful: bool, note: str = "", at: dt.datetime | None = None) -> Revision | None:
    """Keeps the text as it stands as a new revision, unless the newest one says the same to the same people."""
    was_published = article.status == Article.Status.PUBLISHED
    is_meaningful = meaningful and was_published
    if _is_recorded(article, is_meaningful=is_meaningful, was_published=was_published):
        return None
    return Revision.objects.create(
        article=article,
        number=(article.revisions.aggregate(Max("number"))["number__max"] or 0) + 1,
        created_at=at or clock.now(),
        created_by=by,
        is_meaningful=is_meaningful,
        was_published=was_published,
        note=note,
        **{name: getattr(article, name) for name in VERSIONED},
    )


def restore(revision: Revision, *, by, meaningful: bool = False) -> Revision | None:
    """Brings an earlier text back as a new save; nothing in between is lost."""
    article = Article.objects.get(pk=revision.article_id)
    for name in VERSIONED:
        setattr(article, name, getattr(revision, name))
    return save(article, by=by, meaningful=meaningful, note=f"Restored the text of revision {revision.number}")


def public_versions(article: Article) -> list[Revision]:
    """
    What readers could have read, newest first: the text with which the article went live and every meaningful
    version since. Drafts, minor saves and texts replaced before a scheduled time are not among them.
    """
    if not article.is_live:
        return []
    published = article.revisions.filter(was_published=True).order_by("-number")
    since = published.filter(is_meaningful=True, created_at__gt=article.first_published_at)
    first = published.filter(created_at__lte=article.first_published_at).first()
    versions = [version for version in since if version.created_at <= clock.now()]
    return [*versions, first] if first else versions


def difference(
    old: Revision | Article, new: Revision | Article, *, as_told: Callable[[str], str] = str
) -> list[FieldDifference]:
    """
    What changed between two texts, field by field; fields that are the same are left out. `as_told` takes from a text
    what this reader is not told.
    """
    changed = []
    for name in VERSIONED:
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if name in ("lead_note", "body"):
            paragraphs = compare_html(as_told(before), as_told(after))
        else:
            paragraphs = compare_text(before, after)
        changed.append(FieldDifference(Article._meta.get_field(name).verbose_name.capitalize(), paragraphs))
    return changed


def _is_recorded(article: Article, *, is_meaningful: bool, was_published: bool) -> bool:
    """
    A meaningful save is held against the newest meaningful version: what was first saved as a trifle can be told to
    readers afterwards. Any other save is held against the newest revision, of published texts if it is one itself.
    """
    revisions = article.revisions.filter(is_meaningful=True) if is_meaningful else article.revisions.all()
    newest = revisions.first()
    return newest is not None and (newest.was_published or not was_published) and _same_text(newest, article)


def _same_text(revision: Revision, article: Article) -> bool:
    return all(getattr(revision, name) == getattr(article, name) for name in VERSIONED)


def _take_over_state(article: Article, base_version: int | None) -> None:
    """Locks the row, refuses a save on an outdated text, and keeps what only `publishing` may change."""
    current = Article.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=article.pk)
    if base_version is not None and base_version != current.edit_version:
        raise EditConflict(current)
    for name in KEPT_BY_PUBLISHING:
        setattr(article, name, getattr(current, name))
    if current.public_path:
        article.slug = current.slug
    article.edit_version = current.edit_version
