"""
Reading joins strings: stored HTML, with the placeholders filled from rows that may change or fall due at any time.
So a snapshot that is taken down, a picture that got its sizes, or an addendum that becomes visible shows at once on
every page that holds it, and no page has to be rendered again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString, mark_safe

from articles import images
from articles.embeds.threads import with_parent_once
from articles.models import Addendum, Article, Embed, Image, Page

EMBED = re.compile(r'<div data-embed="([^"]+)"></div>')
PICTURE = re.compile(r'<img(?: [\w-]+="[^"]*")*>')
POINTER = re.compile(
    r'\s?<a(?: (?!data-pointer=)[\w-]+="[^"]*")* data-pointer="([0-9a-f]{32})"(?: [\w-]+="[^"]*")*>(.*?)</a>', re.DOTALL
)
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
# Without scheme or host, so it says something only where it stands: `/about/`, `#places`, `?before=12`.
RELATIVE_ADDRESS = re.compile(r' (href|src|cite)="(?![a-z][a-z0-9+.-]*:|//)([^"]*)"', re.IGNORECASE)
OF_THE_SAME_PAGE = ("", "#", "?")
BODY_SIZES = "(min-width: 44rem) 42rem, 100vw"


@dataclass(frozen=True)
class ReadAddendum:
    """An addendum as readers get it: the row and its finished text."""

    row: Addendum
    text: SafeString
    superseded_by: Addendum | None

    def __getattr__(self, name):
        return getattr(self.row, name)


class Filler:
    """Stored HTML in, finished HTML out. What it has no row for disappears: a placeholder never reaches a reader."""

    def __init__(
        self,
        *,
        embeds: Iterable[Embed],
        pictures: Iterable[Image],
        texts: Iterable[str],
        anchors: dict[str, str] | None = None,
        page: str = "",
        for_feed: bool = False,
    ):
        """
        `texts` is all that will be filled: a post that stands in one of them is not repeated as what another answers.
        `anchors` leads from an addendum's key to its place on `page` (empty: the page the text stands on; for a feed:
        there is none, and what would lead to it loses its link).
        """
        self.for_feed = for_feed
        self._embeds = {embed.key: embed for embed in embeds}
        self._images = {image.key: image for image in pictures}
        self._shown = {unescape(key) for text in texts for key in EMBED.findall(text)}
        self._anchors = anchors or {}
        self._page = page

    def fill(self, stored: str) -> SafeString:
        markup = EMBED.sub(self._embed, stored)
        markup = PICTURE.sub(self._picture, markup)
        markup = POINTER.sub(self._pointer, markup)
        if self.for_feed:
            markup = RELATIVE_ADDRESS.sub(self._absolute, markup)
        return mark_safe(markup)

    def _embed(self, match: re.Match) -> str:
        embed = self._embeds.get(unescape(match[1]))
        if embed is None or embed.choice == Embed.Choice.REMOVED:
            return ""
        return with_parent_once(embed.html, self._shown)

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
        if anchor is None or (self.for_feed and not self._page):
            return ""
        return f' <a class="pointer" href="{self._page}#{anchor}">{match[2]}</a>'

    def _absolute(self, match: re.Match) -> str:
        name, address = match.groups()
        if address[:1] in OF_THE_SAME_PAGE and not self._page:
            return ""
        return f' {name}="{urljoin(settings.SITE_URL + (self._page or "/"), address)}"'


class Fragments:
    """The finished HTML of one article. `of` costs three queries, `of_many` the same three for all of them."""

    def __init__(self, article: Article, *, addenda: Iterable[Addendum], for_feed: bool = False):
        self.article = article
        rows = list(addenda)
        filler = Filler(
            embeds=article.embeds.all(),
            pictures=article.inline_images.all(),
            texts=[article.body_html, *(row.body_html for row in rows)],
            anchors={row.key: row.anchor for row in rows},
            # The log of corrections outlives a withdrawn article, whose page is gone.
            page=article.get_absolute_url() if for_feed and article.is_live else "",
            for_feed=for_feed,
        )
        self.lead_note = filler.fill(article.lead_note_html)
        self.body = filler.fill(article.body_html)
        by_pk = {row.pk: row for row in rows}
        self.addenda = [ReadAddendum(row, filler.fill(row.body_html), by_pk.get(row.superseded_by_id)) for row in rows]

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


def text_of(page: Page) -> SafeString:
    """The finished text of a page that is no article, in two queries."""
    external_ids = [unescape(key).partition(":")[2] for key in EMBED.findall(page.body_html)]
    embeds = list(Embed.objects.filter(external_id__in=external_ids))
    tags = PICTURE.findall(page.body_html + "".join(embed.html for embed in embeds))
    keys = [dict(ATTRIBUTE.findall(tag)).get("data-image", "") for tag in tags]
    pictures = Image.objects.filter(key__in=keys)
    filler = Filler(embeds=embeds, pictures=pictures, texts=[page.body_html])
    return filler.fill(page.body_html)
