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
import uuid

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import conditional_page, require_safe

from articles import cache_tags, images
from articles.corrections import Entry as AddendumText
from articles.corrections import public_corrections, with_texts
from articles.dates import day_and_time
from articles.feed_formats import AtomFeed, Channel, Entry, Person, RssFeed, write
from articles.fragments import Fragments, ReadAddendum
from articles.images.paths import absolute
from articles.models import Addendum, Article, Author, Masthead, Revision, Section
from foundation import clock

NEWEST = 30
NEWEST_CHANGED = 20
CHANGES_READ = 200
CHANGED_WITHIN = dt.timedelta(days=30)  # who has not asked for that long finds the change on the page

Format = type[RssFeed | AtomFeed]


@conditional_page
@require_safe
def feed(request):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _everything(request.path, RssFeed)


@conditional_page
@require_safe
def atom(request):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _everything(request.path, AtomFeed)


@conditional_page
@require_safe
def section_feed(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_section(request.path, slug, RssFeed)


@conditional_page
@require_safe
def section_atom(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_section(request.path, slug, AtomFeed)


@conditional_page
@require_safe
def author_feed(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_author(request.path, slug, RssFeed)


@conditional_page
@require_safe
def author_atom(request, slug):
    cache_tags.shows(request, cache_tags.LISTINGS)
    return _of_author(request.path, slug, AtomFeed)


@conditional_page
@require_safe
def updates_feed(request):
    """One entry for each visible addendum."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    rows = Addendum.objects.visible().of_live_articles().newest_first().select_related("article", "author")
    return _of_addenda(request.path, list(rows[:NEWEST]), title="Updates", page=reverse("home"))


@conditional_page
@require_safe
def corrections_feed(request):
    """The public log: the correction of a withdrawn article stays, and leads to the log instead."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    rows = public_corrections().newest_first().select_related("article", "author")
    return _of_addenda(request.path, list(rows[:NEWEST]), title="Corrections", page=reverse("corrections"))


def _everything(path: str, form: Format) -> HttpResponse:
    return _of_articles(path, form, "", reverse("home"))


def _of_section(path: str, slug: str, form: Format) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    return _of_articles(path, form, section.name, section.get_absolute_url(), section=section)


def _of_author(path: str, slug: str, form: Format) -> HttpResponse:
    author = get_object_or_404(Author.objects.known_to_readers(), slug=slug)
    return _of_articles(path, form, author.name, author.get_absolute_url(), bylines__author=author)


def _of_articles(path: str, form: Format, title: str, page: str, **where) -> HttpResponse:
    articles = _recent(**where)
    everything = Fragments.of_many(articles, for_feed=True)
    entries = [_article_entry(fragments) for fragments in everything]
    return _answer(form, path, title, page, entries)


def _recent(**where) -> list[Article]:
    """The newest, and older ones that changed last; the latest change first."""
    newest = Article.objects.published().filter(**where).newest_first()
    added_to = Addendum.objects.visible().of_live_articles()
    revised = Revision.objects.filter(
        article__status=Article.Status.PUBLISHED,
        is_meaningful=True,
        was_published=True,
        created_at__gt=F("article__published_at"),
        created_at__lte=clock.now(),
    )
    ids = {
        *newest.values_list("pk", flat=True)[:NEWEST],
        *_changed_last(added_to, "published_at", where),
        *_changed_last(revised, "created_at", where),
    }
    articles = Article.objects.published().for_page().filter(pk__in=ids)
    return sorted(articles, key=lambda article: (article.updated_at, article.pk), reverse=True)


def _changed_last(rows: QuerySet, moment: str, where: dict) -> list[int]:
    """
    Ids of articles by their newest row. Only late rows are read, and only so many: the work does not grow with the
    archive, and an article that was changed hundreds of times in a row merely leaves fewer others to come back.
    """
    of_articles = {f"article__{name}": value for name, value in where.items()}
    late = {f"{moment}__gt": clock.now() - CHANGED_WITHIN}
    newest = rows.filter(**of_articles, **late).order_by(f"-{moment}", "-pk").values_list("article_id", flat=True)
    return list(dict.fromkeys(newest[:CHANGES_READ]))[:NEWEST_CHANGED]


def _article_entry(fragments: Fragments) -> Entry:
    article = fragments.article
    authors = [byline.author for byline in article.bylines.all()]
    return Entry(
        uid=article.uid.urn,
        title=article.headline,
        address=absolute(article.get_absolute_url()),
        summary=escape(article.standfirst),
        content=_full_text(fragments),
        authors=[_person(author) for author in authors],
        categories=[article.section.name, *(tag.name for tag in article.tags.all())],
        published_at=article.published_at,
        updated_at=article.updated_at,
    )


def _full_text(fragments: Fragments) -> SafeString:
    """What was added, newest first; then the article as on its page."""
    added = format_html_join("", "{}<hr>", ((_added(addendum),) for addendum in reversed(fragments.addenda)))
    return added + _lead_picture(fragments.article) + fragments.lead_note + fragments.body


def _added(addendum: ReadAddendum) -> SafeString:
    return format_html(
        '<p><strong>{} · <time datetime="{}">{}</time></strong></p>{}',
        addendum.get_kind_display().capitalize(),
        addendum.published_at.isoformat(),
        day_and_time(addendum.published_at),
        addendum.text,
    )


def _lead_picture(article: Article) -> SafeString:
    if not article.lead_image:
        return SafeString()
    image = article.lead_image
    words = " ".join(filter(None, [image.caption, image.credit]))
    caption = format_html("<figcaption>{}</figcaption>", words) if words else ""
    return format_html("<figure>{}{}</figure>", images.picture_html(image, sizes="100vw", absolute=True), caption)


def _of_addenda(path: str, rows: list[Addendum], *, title: str, page: str) -> HttpResponse:
    entries = [_addendum_entry(entry, page) for entry in with_texts(rows)]
    return _answer(AtomFeed, path, title, page, entries)


def _addendum_entry(entry: AddendumText, page: str) -> Entry:
    addendum = entry.addendum
    address = addendum.get_absolute_url() if entry.is_linked else f"{page}#correction-{addendum.pk}"
    return Entry(
        uid=uuid.UUID(addendum.key).urn,
        title=f"{addendum.get_kind_display().capitalize()}: {entry.headline}",
        address=absolute(address),
        content=entry.text,
        authors=[_person(addendum.author)] if addendum.author else [],
        published_at=addendum.published_at,
        updated_at=addendum.edited_at or addendum.published_at,
    )


def _person(author: Author) -> Person:
    return Person(author.name, absolute(author.get_absolute_url()))


def _answer(form: Format, path: str, title: str, page: str, entries: list[Entry]) -> HttpResponse:
    masthead = Masthead.load()
    channel = Channel(
        title=f"{title} · {masthead.site_name}" if title else masthead.site_name,
        description=masthead.description or masthead.first_tagline or masthead.site_name,
        publisher=masthead.site_name,
        address=absolute(page),
        own_address=absolute(path),
        language=settings.LANGUAGE_CODE,
        entries=entries,
    )
    return HttpResponse(write(channel, form), content_type=form.content_type)
