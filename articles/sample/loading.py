"""
Puts the sample content into an empty site: through the verbs that editors use, at the times that the texts name. A
site that has any article already is left alone, so nothing that somebody wrote or changed is ever touched.
"""

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from articles import editing, publishing
from articles.models import Addendum, Article, Byline
from articles.models.addendum import new_addendum_key
from articles.sample import paper, posts, texts
from articles.sample.drawings import Drawings
from articles.sample.paper import Paper
from articles.sample.places import Places
from articles.sample.texts import BadSampleFile, SampleAddendum, SampleArticle
from articles.sample.when import moment
from foundation import clock

WRITTEN_BEFORE_PUBLICATION = dt.timedelta(hours=2)


@transaction.atomic
def load(report: Callable[[str], None]) -> bool:
    """Loads everything or nothing. False when the site has articles. Raises BadSampleFile."""
    if Article.objects.exists():
        return False
    loaded_at = clock.now().replace(second=0, microsecond=0)
    drawings = Drawings(report)
    report("The paper, its people and pages")
    around = paper.make(drawings)
    report("Posts from other platforms")
    addresses = posts.make(drawings, loaded_at)
    samples = texts.articles()
    places = Places(posts=addresses, articles=_addresses(samples, loaded_at), picture=drawings.address)
    rows = {}
    for sample in sorted(samples, key=lambda sample: _written_at(sample, loaded_at)):
        report(f"  {sample.headline}")
        rows[sample.slug] = _Loader(sample, around, places, drawings, loaded_at).load()
    for sample in samples:
        rows[sample.slug].related.set([rows[slug] for slug in sample.related])
    report(f"{len(rows)} articles, {len(addresses)} posts and {len(drawings)} pictures are there.")
    return True


class _Loader:
    """One article's life, in the order in which it happened."""

    def __init__(
        self, sample: SampleArticle, around: Paper, places: Places, drawings: Drawings, loaded_at: dt.datetime
    ):
        self.sample = sample
        self.around = around
        self.drawings = drawings
        self.loaded_at = loaded_at
        self.keys = {addendum.name: new_addendum_key() for addendum in sample.addenda}
        self.places = places.with_pointers(self.keys)
        self.addenda: dict[str, Addendum] = {}

    def load(self) -> Article:
        first_body, *later_bodies = map(self.places.fill, self.sample.bodies())
        self.article = self._write(first_body)
        if not self.sample.published:
            return self.article
        publishing.publish(self.article, by=None, at=moment(self.sample.published, self.loaded_at))
        for _, happen in sorted(self._what_followed(later_bodies), key=lambda event: event[0]):
            happen()
        self._supersede_corrections()
        if self.sample.withdrawn:
            publishing.withdraw(self.article, by=None)
        return self.article

    def _write(self, body: str) -> Article:
        sample = self.sample
        article = Article(
            slug=sample.slug,
            headline=sample.headline,
            standfirst=sample.standfirst,
            lead_note=sample.lead_note,
            body=body,
            section=self.around.sections[sample.section],
            source_name=sample.source_name,
            source_url=sample.source_url,
            social_title=sample.social_title,
            is_pinned=sample.pinned,
            lead_image=self._lead_image(),
        )
        editing.save(article, by=None, at=_written_at(sample, self.loaded_at))
        Byline.objects.bulk_create(
            Byline(article=article, author=self.around.authors[slug], position=position)
            for position, slug in enumerate(sample.authors)
        )
        article.tags.set([self.around.tags[slug] for slug in sample.tags])
        return article

    def _lead_image(self):
        sample = self.sample
        if not sample.picture:
            return None
        return self.drawings.image(sample.picture, alt=sample.picture_alt, caption=sample.picture_caption)

    def _what_followed(self, bodies: list[str]) -> Iterator[tuple[dt.datetime, Callable[[], None]]]:
        for addendum in self.sample.addenda:
            at = moment(addendum.published, self.loaded_at)
            yield at, lambda addendum=addendum, at=at: self._add(addendum, at)
        for revision, body in zip(self.sample.revisions, bodies, strict=True):
            at = moment(revision.at, self.loaded_at)
            yield at, lambda note=revision.note, body=body, at=at: self._revise(body, note, at)

    def _add(self, sample: SampleAddendum, at: dt.datetime) -> None:
        addendum = Addendum.objects.create(
            article=self.article,
            key=self.keys[sample.name],
            kind=sample.kind,
            author=self.around.authors[sample.author] if sample.author else None,
            body=self.places.fill(sample.body),
        )
        publishing.publish_addendum(addendum, at=at)
        self.addenda[sample.name] = addendum

    def _revise(self, body: str, note: str, at: dt.datetime) -> None:
        self.article.body = body
        editing.save(self.article, by=None, meaningful=True, note=note, at=at)

    def _supersede_corrections(self) -> None:
        for sample in self.sample.addenda:
            if sample.superseded_by:
                publishing.supersede(self.addenda[sample.name], by_addendum=self.addenda[sample.superseded_by])


def _written_at(sample: SampleArticle, loaded_at: dt.datetime) -> dt.datetime:
    published_at = moment(sample.published, loaded_at) if sample.published else loaded_at
    return min(published_at, loaded_at) - WRITTEN_BEFORE_PUBLICATION


def _addresses(samples: list[SampleArticle], loaded_at: dt.datetime) -> dict[str, str]:
    """Where each article will stand, known before the first is written because they link to each other."""
    found = {}
    for sample in samples:
        if sample.slug in found:
            raise BadSampleFile(f"Two texts are called {sample.slug}.")
        if sample.published:
            local = timezone.localtime(moment(sample.published, loaded_at), timezone.get_default_timezone())
            found[sample.slug] = f"/{local.year:04}/{local.month:02}/{sample.slug}/"
    return found
