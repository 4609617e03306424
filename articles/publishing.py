"""
What changes the state of an article or an addendum. Every verb locks the article first, so two editors who press at
the same time are judged one after the other. No verb waits for the network or for a worker.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from articles import editing, previews, redirects, rendering
from articles.models import Addendum, AddendumVersion, Article, Author, Redirect
from foundation import clock

MONTHS = range(1, 13)
YEARS = range(1900, 2200)


class CannotPublish(ValidationError):
    """What was asked cannot be done; the message says what to do first."""


@transaction.atomic
def publish(article: Article, *, by, at: dt.datetime | None = None) -> None:
    """
    Makes an article readable at `at` (default: now; ahead of now = scheduled). Its address is written at the first
    publication and stays. A withdrawn article that readers knew comes back with its old date unless `at` is given.
    Raises CannotPublish.
    """
    row = _lock(article)
    if row.status == Article.Status.PUBLISHED:
        raise CannotPublish("It is published already. To change the time, reschedule it.")
    _check_complete(row)
    was_known = row.is_gone
    moment = at or (row.published_at if was_known else clock.now())
    _check_not_younger_than_addenda(row, moment)
    row.status, row.published_at, row.withdrawn_at = Article.Status.PUBLISHED, moment, None
    if not was_known:
        row.first_published_at = moment
    if row.public_path is None:
        _save_with_free_path(row, article, by=by)
    else:
        _save_state(row, article, by=by)
    # What was changed while an article was withdrawn is dated by its return, not by its first publication.
    dated = clock.now() if was_known else min(moment, clock.now())
    editing.record(row, by=by, meaningful=True, at=dated)
    rendering.render_article(row)


@transaction.atomic
def reschedule(article: Article, *, by, at: dt.datetime) -> None:
    """Moves the publication time. The address stays as it is, whatever the new month. Raises CannotPublish."""
    row = _lock(article)
    if row.status != Article.Status.PUBLISHED:
        raise CannotPublish("Only a published or scheduled article can be rescheduled. Publish it first.")
    _check_not_younger_than_addenda(row, at)
    if row.is_scheduled and row.first_published_at == row.published_at:
        row.first_published_at = at
    row.published_at = at
    _save_state(row, article, by=by)


@transaction.atomic
def withdraw(article: Article, *, by) -> None:
    """
    Takes an article from every page and feed; its address answers 410, and links to its preview end.
    Raises CannotPublish.
    """
    row = _lock(article)
    if row.status != Article.Status.PUBLISHED:
        raise CannotPublish("Only a published or scheduled article can be withdrawn.")
    row.status, row.withdrawn_at, row.is_pinned = Article.Status.WITHDRAWN, clock.now(), False
    _save_state(row, article, by=by)
    previews.revoke_all(row)


@transaction.atomic
def move(article: Article, *, by, year: int, month: int, slug: str) -> None:
    """
    Gives an article another address. The old one leads to the new one, if readers can have seen it.
    Raises CannotPublish when the address is taken or is none.
    """
    row = _lock(article)
    if row.public_path is None:
        raise CannotPublish("It has no address yet. It gets one when it is published.")
    if year not in YEARS or month not in MONTHS or not slug or slug != slugify(slug):
        raise CannotPublish("An address is a year, a month from 1 to 12 and words joined by hyphens.")
    path = f"{year:04}/{month:02}/{slug}"
    if _is_taken(path, row):
        raise CannotPublish("Another article has this address. Choose other words.")
    old_path = row.get_absolute_url()
    row.public_path, row.slug = path, slug
    try:
        with transaction.atomic():
            _save_state(row, article, by=by)
    except IntegrityError as error:
        raise CannotPublish("Another article has this address. Choose other words.") from error
    if row.first_published_at <= clock.now():
        redirects.remember_old_path(row, old_path)


@transaction.atomic
def add_addendum(
    article: Article, *, kind: str, body: str, author: Author | None = None, at: dt.datetime | None = None
) -> Addendum:
    """Writes and publishes an addendum in one step. Raises CannotPublish."""
    addendum = Addendum.objects.create(article=article, kind=kind, body=body, author=author)
    publish_addendum(addendum, at=at)
    return addendum


@transaction.atomic
def publish_addendum(addendum: Addendum, *, at: dt.datetime | None = None) -> None:
    """
    Lets readers see an addendum from `at` on (default: now). Its number, and so its permalink, is given here once.
    Raises CannotPublish.
    """
    article = _lock(addendum.article)
    row = Addendum.objects.get(pk=addendum.pk)
    moment = at or clock.now()
    if row.is_visible:
        raise CannotPublish("Readers see this already; its time cannot change.")
    if article.status != Article.Status.PUBLISHED:
        raise CannotPublish("Publish the article first; until then there is nothing to add to.")
    if moment < article.published_at:
        raise CannotPublish("An update cannot be older than its article. Choose a later time.")
    if not _has_content(row.body):
        raise CannotPublish("Write what was added before publishing it.")
    if row.number is None:
        article.last_addendum_number += 1
        article.save(update_fields=["last_addendum_number"])
        row.number = article.last_addendum_number
    row.status, row.published_at = Addendum.Status.PUBLISHED, moment
    row.save(update_fields=["status", "published_at", "number", "saved_at"])
    _copy(row, addendum, "status", "published_at", "number")
    rendering.render_article(article)


@transaction.atomic
def edit_addendum(addendum: Addendum, *, by, at: dt.datetime | None = None) -> None:
    """
    Stores changed fields of an addendum. What it said before is kept as an earlier version, and readers who could see
    it are told that it was edited. Raises CannotPublish when a published correction would become something else.
    """
    article = _lock(addendum.article)
    before = Addendum.objects.get(pk=addendum.pk)
    addendum.body = rendering.html.clean_body(addendum.body)
    if before.is_permanent and addendum.kind != before.kind:
        raise CannotPublish("A published correction stays a correction. Supersede it with a new one.")
    if before.is_visible and not _has_content(addendum.body):
        raise CannotPublish("A published update cannot be emptied. Hide it, or supersede it with a correction.")
    if (addendum.body, addendum.kind) != (before.body, before.kind):
        moment = at or clock.now()
        AddendumVersion.objects.create(
            addendum=before, kind=before.kind, body=before.body, replaced_at=moment, replaced_by=by
        )
        if before.is_visible:
            addendum.edited_at = moment
    _copy(before, addendum, "status", "published_at", "number", "superseded_by_id")
    addendum.save()
    rendering.render_article(article)


@transaction.atomic
def hide_addendum(addendum: Addendum) -> None:
    """Takes an addendum from the page; its pointers go with it. Raises CannotPublish for a published correction."""
    article = _lock(addendum.article)
    row = Addendum.objects.get(pk=addendum.pk)
    if row.is_permanent:
        raise CannotPublish("A published correction cannot be hidden. Supersede it with a new one.")
    row.status = Addendum.Status.HIDDEN
    row.save(update_fields=["status", "saved_at"])
    _copy(row, addendum, "status")
    rendering.search.index(article)


@transaction.atomic
def supersede(correction: Addendum, *, by_addendum: Addendum) -> None:
    """Says on the page and in the log of corrections that a newer one replaces this one. Raises CannotPublish."""
    _lock(correction.article)
    newer = Addendum.objects.get(pk=by_addendum.pk)
    if newer.article_id != correction.article_id or newer.status != Addendum.Status.PUBLISHED:
        raise CannotPublish("Only a published addendum of the same article can supersede this one.")
    if not correction.published_at or newer.published_at <= correction.published_at:
        raise CannotPublish("What supersedes a correction must be newer than it.")
    correction.superseded_by = newer
    correction.save(update_fields=["superseded_by", "saved_at"])


def _lock(article: Article) -> Article:
    return Article.objects.select_for_update().get(pk=article.pk)


STATE_FIELDS = (
    "status", "first_published_at", "published_at", "withdrawn_at", "public_path", "slug", "is_pinned",
    "edit_version", "edited_by",
)  # fmt: skip


def _save_state(row: Article, caller_copy: Article, *, by) -> None:
    """Counts as an edit: a form that was opened before knows another state of the article and is told so."""
    row.edit_version += 1
    row.edited_by = by
    row.save(update_fields=[*STATE_FIELDS, "saved_at"])
    _copy(row, caller_copy, *STATE_FIELDS, "saved_at")


def _check_not_younger_than_addenda(article: Article, moment: dt.datetime) -> None:
    """Else an addendum that readers know, or will see at its time, would be older than its article, or vanish."""
    if article.addenda.filter(status=Addendum.Status.PUBLISHED, published_at__lt=moment).exists():
        raise CannotPublish("It has an update that is older than this time. Choose a time before that update.")


def _copy(source, target, *fields: str) -> None:
    for name in fields:
        setattr(target, name, getattr(source, name))


def _check_complete(article: Article) -> None:
    missing = []
    if not article.headline.strip():
        missing.append("a headline")
    if not _has_content(article.body):
        missing.append("a text")
    if not article.bylines.exists():
        missing.append("an author")
    if missing:
        raise CannotPublish(f"Before it can be published, the article needs {' and '.join(missing)}.")


def _has_content(body: str) -> bool:
    cleaned = rendering.html.clean_body(body)
    return bool(rendering.html.plain_text(cleaned)) or "<img" in cleaned


def _save_with_free_path(row: Article, caller_copy: Article, *, by) -> None:
    """Another article may take the same address at the same time; the database decides and the loser tries the next."""
    while True:
        row.public_path, row.slug = _free_path(row, row.published_at)
        try:
            with transaction.atomic():
                return _save_state(row, caller_copy, by=by)
        except IntegrityError:
            if not Article.objects.filter(public_path=row.public_path).exclude(pk=row.pk).exists():
                raise


def _free_path(article: Article, moment: dt.datetime) -> tuple[str, str]:
    """The address by the site's zone, with a number behind it when another article has it already."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    base = slugify(article.slug or article.headline)[:90].strip("-") or f"article-{article.pk}"
    slug, number = base, 1
    while _is_taken(f"{local.year:04}/{local.month:02}/{slug}", article):
        number += 1
        slug = f"{base}-{number}"
    return f"{local.year:04}/{local.month:02}/{slug}", slug


def _is_taken(path: str, article: Article) -> bool:
    others = Article.objects.filter(public_path=path).exclude(pk=article.pk)
    led_elsewhere = Redirect.objects.filter(old_path=f"/{path}/").exclude(article=article)
    return others.exists() or led_elsewhere.exists()
