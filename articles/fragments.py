"""
Reading joins strings: stored HTML, with the placeholders filled from rows that may change or fall due at any time.
So a snapshot that is taken down, a picture that got its sizes, or an addendum that becomes visible shows at once on
every page that holds it, and no page has to be rendered again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString, mark_safe

from articles import images
from articles.models import Addendum, Article, Embed, Image

EMBED = re.compile(r'<div data-embed="([^"]+)"></div>')
PICTURE = re.compile(r'<img(?: [\w-]+="[^"]*")*>')
POINTER = re.compile(r'\s?<a data-pointer="([0-9a-f]{32})"(?: [\w-]+="[^"]*")*>(.*?)</a>', re.DOTALL)
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
OUR_ADDRESS = re.compile(r'( (?:href|src|cite)=")/(?!/)')
BODY_SIZES = "(min-width: 44rem) 42rem, 100vw"


@dataclass(frozen=True)
class ReadAddendum:
    """An addendum as readers get it: the row and its finished text."""

    row: Addendum
    text: SafeString
    superseded_by: Addendum | None

    def __getattr__(self, name):
        return getattr(self.row, name)


class Fragments:
    """The finished HTML of one article. `of` costs three queries, `of_many` the same three for all of them."""

    def __init__(self, article: Article, *, addenda: Iterable[Addendum], for_feed: bool = False):
        self.article = article
        self.for_feed = for_feed
        self._rows = list(addenda)
        self._anchors = {addendum.key: addendum.anchor for addendum in self._rows}
        self._embeds = {embed.key: embed for embed in article.embeds.all()}
        self._images = {image.key: image for image in article.inline_images.all()}
        self.lead_note = self._finished(article.lead_note_html)
        self.body = self._finished(article.body_html)
        by_pk = {addendum.pk: addendum for addendum in self._rows}
        self.addenda = [
            ReadAddendum(row, self._finished(row.body_html), by_pk.get(row.superseded_by_id))
            for row in self._rows
        ]

    @classmethod
    def of(cls, article: Article, *, for_feed: bool = False, with_drafts: bool = False) -> "Fragments":
        """`with_drafts` is for previews: addenda that readers do not see yet stand at the end, hidden ones nowhere."""
        return cls.of_many([article], for_feed=for_feed, with_drafts=with_drafts)[0]

    @classmethod
    def of_many(
        cls, articles: Iterable[Article], *, for_feed: bool = False, with_drafts: bool = False
    ) -> list["Fragments"]:
        articles = list(articles)
        prefetch_related_objects(articles, "embeds", "inline_images")
        rows = Addendum.objects.filter(article__in=articles).select_related("author")
        rows = rows.exclude(status=Addendum.Status.HIDDEN) if with_drafts else rows.visible()
        addenda: dict[int, list[Addendum]] = {}
        for row in rows.oldest_first():
            addenda.setdefault(row.article_id, []).append(row)
        if with_drafts:
            for part in addenda.values():
                part.sort(key=lambda row: (row.published_at is None, row.published_at, row.pk))
        return [cls(article, addenda=addenda.get(article.pk, []), for_feed=for_feed) for article in articles]

    @property
    def latest(self) -> ReadAddendum | None:
        return self.addenda[-1] if self.addenda else None

    def _finished(self, stored: str) -> SafeString:
        markup = EMBED.sub(self._embed, stored)
        markup = PICTURE.sub(self._picture, markup)
        markup = POINTER.sub(self._pointer, markup)
        if self.for_feed:
            markup = OUR_ADDRESS.sub(rf"\1{settings.SITE_URL}/", markup)
        return mark_safe(markup)

    def _embed(self, match: re.Match) -> str:
        embed = self._embeds.get(unescape(match[1]))
        return embed.html if embed and embed.choice != Embed.Choice.REMOVED else ""

    def _picture(self, match: re.Match) -> str:
        attributes = dict(ATTRIBUTE.findall(match[0]))
        if "data-image" not in attributes:
            return match[0]
        image: Image | None = self._images.get(attributes["data-image"])
        if image is None:
            return ""
        return images.picture_html(
            image, alt=unescape(attributes.get("alt", "")), sizes=BODY_SIZES, absolute=self.for_feed
        )

    def _pointer(self, match: re.Match) -> str:
        anchor = self._anchors.get(match[1])
        if anchor is None:
            return ""
        page = self.article.get_absolute_url() if self.for_feed else ""
        return f' <a class="pointer" href="{page}#{anchor}">{match[2]}</a>'
