"""
Many plain articles for measuring: copies of the sample texts, written in bulk past the verbs. They look like articles
that were published once and never touched: HTML, address, byline, tags, first revision and search index.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Byline, Revision
from articles.sample.texts import BadSampleFile
from articles.search.documents import index_plain
from foundation import clock

AT_ONCE = 1000
APART = dt.timedelta(hours=2)
MARK = "-copy-"
COPIED = (
    "headline",
    "standfirst",
    "lead_note",
    "lead_note_html",
    "body",
    "body_html",
    "section_id",
    "lead_image_id",
    "source_name",
    "source_url",
)


def add(count: int, report: Callable[[str], None]) -> None:
    """
    Adds `count` articles, one for every two hours back from now and beyond the copies made before. Needs sample
    articles to copy: those without posts, pictures and addenda, whose HTML stands on its own.
    """
    plain = Article.objects.published().filter(embeds=None, inline_images=None, addenda=None)
    sources = list(plain.exclude(slug__contains=MARK).prefetch_related("bylines", "tags"))
    if not sources:
        raise BadSampleFile("There is no plain article to copy. Load the sample content into an empty site first.")
    first = Article.objects.filter(slug__contains=MARK).count() + 1
    numbered = zip(range(first, first + count), itertools.cycle(sources), strict=False)
    done = 0
    for batch in itertools.batched(_copies(numbered), AT_ONCE):
        _insert(batch)
        done += len(batch)
        report(f"  {done} of {count} copies")


def _copies(numbered) -> Iterator[tuple[Article, Article]]:
    now = clock.now()
    for number, source in numbered:
        yield source, _copy(source, number, now - number * APART)


def _copy(source: Article, number: int, at: dt.datetime) -> Article:
    local = timezone.localtime(at, timezone.get_default_timezone())
    slug = f"{source.slug[:80]}{MARK}{number}"
    copy = Article(
        **{name: getattr(source, name) for name in COPIED},
        slug=slug,
        status=Article.Status.PUBLISHED,
        first_published_at=at,
        published_at=at,
        public_path=f"{local.year:04}/{local.month:02}/{slug}",
        edit_version=1,
    )
    copy.headline = f"{source.headline} ({number})"
    return copy


@transaction.atomic
def _insert(batch: tuple[tuple[Article, Article], ...]) -> None:
    Article.objects.bulk_create([copy for _, copy in batch])
    Byline.objects.bulk_create(
        Byline(article=copy, author_id=byline.author_id, position=byline.position)
        for source, copy in batch
        for byline in source.bylines.all()
    )
    Tagging = Article.tags.through  # noqa: N806
    Tagging.objects.bulk_create(Tagging(article=copy, tag=tag) for source, copy in batch for tag in source.tags.all())
    Revision.objects.bulk_create(_first_revision(copy) for _, copy in batch)
    index_plain([copy for _, copy in batch])


def _first_revision(article: Article) -> Revision:
    return Revision(
        article=article,
        number=1,
        created_at=article.published_at,
        is_meaningful=True,
        was_published=True,
        headline=article.headline,
        standfirst=article.standfirst,
        lead_note=article.lead_note,
        body=article.body,
    )
