"""
RSS and Atom: everything, one section, one author; and two feeds of addenda alone, for readers who want to hear again.

An entry keeps its id for ever and carries the full text. What was added to an article stands first in its entry.

A feed holds the newest by publication, which no change of older ones can push out, and beside them the older ones that
changed last: an article comes back for a month when the date moves that readers are told, by an addendum as by a
meaningful revision, since who subscribed has the words that were changed. Minor saves bring nothing back. Who wants
to hear of each addendum by itself reads the feed of updates.

Who asks again gets 304 by the ETag alone, which is made of the answer itself. There is no Last-Modified: words leave a
feed without any row in it being saved (withdrawal, takedown, a snapshot removed), so a date made of these rows would
tell a reader that what it keeps is current.
"""

import datetime as dt
import itertools
import uuid

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from articles import cache_tags, feed_entries
from articles.corrections import Entry as AddendumText
from articles.corrections import public_corrections, with_texts
from articles.feed_entries import person
from articles.feed_formats import AtomFeed, Channel, Entry, RssFeed, write
from articles.images.paths import absolute
from articles.models import Addendum, Article, Author, Masthead, Revision, Section
from foundation import clock
from pagecache import depends_on, pieces

NEWEST = 30
NEWEST_CHANGED = 20
CHANGES_READ = 200
CHANGED_WITHIN = dt.timedelta(days=30)  # who has not asked for that long finds the change on the page

Format = type[RssFeed | AtomFeed]


@conditional_page
@require_safe
@pieces.page
def feed(request):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _everything(request, RssFeed)


@conditional_page
@require_safe
@pieces.page
def atom(request):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _everything(request, AtomFeed)


@conditional_page
@require_safe
@pieces.page
def section_feed(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_section(request, slug, RssFeed)


@conditional_page
@require_safe
@pieces.page
def section_atom(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_section(request, slug, AtomFeed)


@conditional_page
@require_safe
@pieces.page
def author_feed(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_author(request, slug, RssFeed)


@conditional_page
@require_safe
@pieces.page
def author_atom(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_author(request, slug, AtomFeed)


@conditional_page
@require_safe
@pieces.page
def updates_feed(request):
    """One entry for each visible addendum."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    rows = Addendum.objects.visible().of_live_articles().newest_first().select_related("article", "author")
    return _of_addenda(request.path, list(rows[:NEWEST]), title="Updates", page=reverse("home"))


@conditional_page
@require_safe
@pieces.page
def corrections_feed(request):
    """The public log: the correction of a withdrawn article stays, and leads to the log instead."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    rows = public_corrections().newest_first().select_related("article", "author")
    return _of_addenda(request.path, list(rows[:NEWEST]), title="Corrections", page=reverse("corrections"))


def _everything(request: HttpRequest, form: Format) -> HttpResponse:
    return _of_articles(request, form, "", reverse("home"))


def _of_section(request: HttpRequest, slug: str, form: Format) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    return _of_articles(request, form, section.name, section.get_absolute_url(), section=section)


def _of_author(request: HttpRequest, slug: str, form: Format) -> HttpResponse:
    author = get_object_or_404(Author.objects.known_to_readers(), slug=slug)
    return _of_articles(request, form, author.name, author.get_absolute_url(), bylines__author=author)


def _of_articles(request: HttpRequest, form: Format, title: str, page: str, **where) -> HttpResponse:
    articles = _recent(request, **where)
    written = [feed_entries.place(request, pk, form) for pk in articles]
    return _answer(form, request.path, title, page, written=written, latest=next(iter(articles.values()), None))


def _recent(request: HttpRequest, **where) -> dict[int, dt.datetime]:
    """The newest, and older ones that changed last; the latest change first. By their ids, with its date."""
    listed = Article.objects.published().filter(**where)
    revised = Revision.objects.filter(is_meaningful=True, was_published=True, created_at__lte=clock.now())
    changed = _changed_last(Addendum.objects.visible(), "published_at", listed) | _changed_last(
        revised, "created_at", listed.filter(published_at__lt=OuterRef("created_at"))
    )
    if changed:
        depends_on(request, until=min(changed.values()) + CHANGED_WITHIN)
    ids = {*listed.newest_first().values_list("pk", flat=True)[:NEWEST], *changed}
    rows = Article.objects.published().with_updated_at().filter(pk__in=ids).values_list("pk", "updated_at")
    return dict(sorted(rows, key=lambda row: (row[1], row[0]), reverse=True))


def _changed_last(rows: QuerySet, moment: str, articles: QuerySet[Article]) -> dict[int, dt.datetime]:
    """
    Ids of articles by their newest row, with its date. Only late rows are read, and only so many: the work does not
    grow with the archive, and an article that was changed hundreds of times in a row merely leaves fewer others to
    come back. Not joined, or SQLite would begin with all articles.
    """
    is_listed = Exists(articles.filter(pk=OuterRef("article")))
    late = rows.filter(is_listed, **{f"{moment}__gt": clock.now() - CHANGED_WITHIN})
    newest = late.order_by(f"-{moment}", "-pk").values_list("article_id", moment)
    found: dict[int, dt.datetime] = {}
    for article, changed_at in newest[:CHANGES_READ]:
        found.setdefault(article, changed_at)
    return dict(itertools.islice(found.items(), NEWEST_CHANGED))


def _of_addenda(path: str, rows: list[Addendum], *, title: str, page: str) -> HttpResponse:
    entries = [_addendum_entry(entry, page) for entry in with_texts(rows)]
    return _answer(AtomFeed, path, title, page, entries=entries)


def _addendum_entry(entry: AddendumText, page: str) -> Entry:
    addendum = entry.addendum
    address = addendum.get_absolute_url() if entry.is_linked else f"{page}#correction-{addendum.pk}"
    return Entry(
        uid=uuid.UUID(addendum.key).urn,
        title=f"{addendum.get_kind_display().capitalize()}: {entry.headline}",
        address=absolute(address),
        content=entry.text,
        authors=[person(addendum.author)] if addendum.author else [],
        published_at=addendum.published_at,
        updated_at=addendum.edited_at or addendum.published_at,
    )


def _answer(form: Format, path: str, title: str, page: str, **entries) -> HttpResponse:
    masthead = Masthead.load()
    channel = Channel(
        title=f"{title} · {masthead.site_name}" if title else masthead.site_name,
        description=masthead.description or masthead.first_tagline or masthead.site_name,
        publisher=masthead.site_name,
        address=absolute(page),
        own_address=absolute(path),
        language=settings.LANGUAGE_CODE,
        **entries,
    )
    return HttpResponse(write(channel, form), content_type=form.content_type)
