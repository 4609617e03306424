"""
What a page says about itself to search engines and to those who share it. The dates are the four that the page and the
feeds tell too; nothing is said here about a page that readers cannot open.
"""

import datetime as dt
import json
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from articles import html, images
from articles.fragments import Fragments
from articles.images.paths import absolute, kept_extension, made_width
from articles.models import Addendum, Article, Image, Masthead

LONGEST_DESCRIPTION = 300
SHARED_WIDTH = 1200
# A smaller one is shown beside the words by the platforms, not above them.
WIDE_CARD_FROM = 600
INSIDE_SCRIPT = str.maketrans(
    {"<": r"\u003C", ">": r"\u003E", "&": r"\u0026", "\u2028": r"\u2028", "\u2029": r"\u2029"}
)


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int
    alt: str = ""

    @classmethod
    def of(cls, image: Image, *, width: int = SHARED_WIDTH) -> "Picture":
        shown = made_width(image, width, kept_extension(image)) or image.width
        height = round(image.height * shown / image.width) if image.width else 0
        return cls(absolute(images.address(image, width)), shown, height, image.alt)


@dataclass(frozen=True)
class PageMetadata:
    """
    `title` is for the `title` element, without the site's name. `canonical` is absolute and empty for what has no
    public address. `json_ld` is ready to stand in a `script` element, and empty where there is nothing to say.
    """

    title: str
    description: str
    site_name: str
    canonical: str = ""
    kind: str = "website"
    social_title: str = ""
    social_description: str = ""
    picture: Picture | None = None
    published_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    section: str = ""
    tags: list[str] = field(default_factory=list)
    author_names: list[str] = field(default_factory=list)
    author_addresses: list[str] = field(default_factory=list)
    is_indexed: bool = True
    json_ld: SafeString = field(default_factory=SafeString)

    @property
    def card(self) -> str:
        return "summary_large_image" if self.picture and self.picture.width >= WIDE_CARD_FROM else "summary"

    @classmethod
    def of(cls, article: Article, fragments: Fragments, *, masthead: Masthead | None = None) -> "PageMetadata":
        """
        For `Article.objects.for_page()`. A draft's preview says its title and that it is not to be indexed. A caller
        that has the masthead gives it.
        """
        masthead = masthead or Masthead.load()
        title = article.seo_title or article.headline
        description = article.seo_description or article.standfirst or html.plain_text(article.body_html)
        description = _one_line(description)
        if not article.is_live:
            return cls(title=title, description=description, site_name=masthead.site_name, is_indexed=False)
        authors = [byline.author for byline in article.bylines.all()]
        return cls(
            title=title,
            description=description,
            site_name=masthead.site_name,
            canonical=absolute(article.get_absolute_url()),
            kind="article",
            social_title=article.social_title or title,
            social_description=_one_line(article.social_description) or description,
            picture=Picture.of(article.lead_image) if article.lead_image else None,
            published_at=article.published_at.replace(microsecond=0),
            updated_at=article.updated_at.replace(microsecond=0),
            section=article.section.name,
            tags=[tag.name for tag in article.tags.all()],
            author_names=[author.name for author in authors],
            author_addresses=[absolute(author.get_absolute_url()) for author in authors],
            json_ld=inside_script(_news_article(article, fragments, description, masthead)),
        )

    @classmethod
    def of_list(
        cls,
        path: str,
        *,
        title: str = "",
        description: str = "",
        image: Image | None = None,
        is_indexed: bool = True,
        masthead: Masthead | None = None,
    ) -> "PageMetadata":
        """For home and every page that is no article. `path` with the part of its query that chooses what is shown."""
        masthead = masthead or Masthead.load()
        description = description or masthead.description or masthead.first_tagline
        image = image or masthead.logo
        return cls(
            title=title,
            description=_one_line(description),
            site_name=masthead.site_name,
            canonical=absolute(path),
            social_title=title or masthead.site_name,
            social_description=_one_line(description),
            picture=Picture.of(image) if image else None,
            is_indexed=is_indexed,
            json_ld=inside_script(_site(masthead)) if path == "/" else SafeString(),
        )


def inside_script(data: dict) -> SafeString:
    """JSON in which nothing can close the `script` element it stands in."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(INSIDE_SCRIPT))


def _told(moment: dt.datetime) -> str:
    """To the second, as feeds and sitemaps tell it: the same date must be the same everywhere."""
    return moment.isoformat(timespec="seconds")


def _one_line(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST_DESCRIPTION)


def _news_article(article: Article, fragments: Fragments, description: str, masthead: Masthead) -> dict:
    address = absolute(article.get_absolute_url())
    # A preview's fragments hold drafts and scheduled addenda too: no date is told of these, as on the public page.
    visible = [addendum for addendum in fragments.addenda if addendum.is_visible]
    corrections = [_correction(row, address) for row in visible if row.kind == Addendum.Kind.CORRECTION]
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": article.uid.urn,
        "url": address,
        "mainEntityOfPage": address,
        "headline": article.headline,
        "description": description,
        "image": [_image(article.lead_image)] if article.lead_image else [],
        "datePublished": _told(article.published_at),
        "dateModified": _told(article.updated_at),
        "author": [_person(byline.author) for byline in article.bylines.all()],
        "publisher": _publisher(masthead),
        "articleSection": article.section.name,
        "keywords": [tag.name for tag in article.tags.all()],
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "isBasedOn": article.source_url,
        "correction": corrections,
    }
    return _without_empty(said)


def _correction(addendum, address: str) -> dict:
    return {
        "@type": "CorrectionComment",
        "url": f"{address}#{addendum.anchor}",
        "text": html.plain_text(addendum.body_html),
        "datePublished": _told(addendum.published_at),
    }


def _person(author) -> dict:
    return {"@type": "Person", "name": author.name, "url": absolute(author.get_absolute_url())}


def _publisher(masthead: Masthead) -> dict:
    logo = _image(masthead.logo) if masthead.logo else None
    name = {"@type": "NewsMediaOrganization", "name": masthead.site_name, "url": absolute("/")}
    return _without_empty({**name, "logo": logo})


def _site(masthead: Masthead) -> dict:
    said = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": masthead.site_name,
        "url": absolute("/"),
        "description": masthead.description,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": _publisher(masthead),
    }
    return _without_empty(said)


def _image(image: Image) -> dict:
    picture = Picture.of(image)
    said = {
        "@type": "ImageObject",
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "caption": image.caption,
        "creditText": image.credit,
    }
    return _without_empty(said)


def _without_empty(said: dict) -> dict:
    return {name: value for name, value in said.items() if value not in ("", None, [], 0)}
