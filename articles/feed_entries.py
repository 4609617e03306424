"""
Articles as the feeds tell them, each a finished piece: what is added to one of them makes its entry anew and no other.
Comments make none, since no feed of articles tells of them.
"""

from collections.abc import Iterable
from functools import partial

from django.http import HttpRequest
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from articles import cache_tags, images
from articles.dates import day_and_time, for_machines
from articles.feed_formats import AtomFeed, Entry, Person, RssFeed, write_entry
from articles.fragments import Fragments, ReadAddendum
from articles.images.paths import absolute
from articles.models import Article, Author
from foundation import clock
from pagecache import depends_on, pieces

GAP = "entry"
FORMATS = {form.content_type: form for form in (RssFeed, AtomFeed)}
_READ = "articles.feed_entries"


def place(request: HttpRequest, article: int, form: type[RssFeed | AtomFeed]) -> SafeString:
    return pieces.gap(request, GAP, article, form.content_type)


def declare() -> None:
    pieces.register_filler(GAP, _kept, ahead=_read_missing)


def person(author: Author) -> Person:
    return Person(author.name, absolute(author.get_absolute_url()))


def _kept(request: HttpRequest, article: int, form: str) -> pieces.Parts:
    return pieces.kept(request, _name(article, form), partial(_made, request, article, form))


def _name(article: int, form: str) -> str:
    return f"entry {article} {form}"


def _made(request: HttpRequest, article: int, form: str) -> str:
    if article not in request.META.get(_READ, {}):
        _read(request, [article])
    fragments, due_at = request.META[_READ].get(article, (None, clock.now()))  # gone since the list was read
    depends_on(request, cache_tags.MASTHEAD, cache_tags.article_tag(article), until=due_at)
    return write_entry(_entry(fragments), FORMATS[form]) if fragments else ""


def _read_missing(request: HttpRequest, wanted: Iterable[tuple[int, str]]) -> None:
    """Those that are to be made, all at once."""
    by_name = {_name(*told): told[0] for told in wanted}
    if missing := pieces.missing(request, by_name):
        _read(request, [by_name[name] for name in missing])


def _read(request: HttpRequest, articles: Iterable[int]) -> None:
    rows = Article.objects.published().for_page().with_due_at(cache_tags.began_at(request)).filter(pk__in=articles)
    found = {each.article.pk: (each, each.article.due_at) for each in Fragments.of_many(rows, for_feed=True)}
    request.META.setdefault(_READ, {}).update(found)


def _entry(fragments: Fragments) -> Entry:
    article = fragments.article
    authors = [byline.author for byline in article.bylines.all()]
    return Entry(
        uid=article.uid.urn,
        title=article.headline,
        address=absolute(article.get_absolute_url()),
        summary=escape(article.standfirst),
        content=_full_text(fragments),
        authors=[person(author) for author in authors],
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
        for_machines(addendum.published_at),
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
