"""
Which page shows what of publishing, and which change makes which pages old. Lists depend on one broad tag, so that no
move from one section to another can leave one behind; what is shown of an article elsewhere has a tag of its own, so
that a comment or a withdrawal finds every card of it, and a publication leaves the pages of other sections alone.
"""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db.models import Q
from django.http import HttpRequest

from articles.embeds.usage import articles_that_named
from articles.models import (
    Addendum,
    AddendumVersion,
    Article,
    Author,
    Byline,
    Embed,
    EmbedPicture,
    FooterLink,
    Image,
    Masthead,
    Page,
    Redirect,
    Revision,
    Section,
    Tag,
)
from foundation import clock
from pagecache import depends_on, pieces, purge_gone, purge_stale, register, register_view
from pagecache.keeping import EVERYTHING, MAKING
from pagecache.pieces_parts import text_of

LISTINGS, MASTHEAD = "listings", "masthead"

# What of the query each view understands. `p` and its like are the old site's numbers of articles.
VIEWS = {
    "home": ("before", "p", "page_id", "attachment_id"),
    "article": (),
    "updates_poll": (),
    "article_history": (),
    "article_version": (),
    "section": ("before",),
    "tag": ("before",),
    "author": ("before",),
    "archive": (),
    "month_archive": ("before",),
    "corrections": ("before",),
    "theme": (),
    "page": (),
    "feed": (),
    "atom": (),
    "section_feed": (),
    "section_atom": (),
    "author_feed": (),
    "author_atom": (),
    "updates_feed": (),
    "corrections_feed": (),
    "sitemap": (),
    "sitemap_month": (),
    "sitemap_pages": (),
    "news_sitemap": (),
}


def article_tag(pk: int) -> str:
    """Its page and what stands below it: history, comments, their feed, the poll."""
    return f"article:{pk}"


def card_tag(pk: int) -> str:
    """What other pages show of an article."""
    return f"card:{pk}"


def cards(articles: Iterable[Article]) -> list[str]:
    return [card_tag(article.pk) for article in articles]


def section_tag(pk: int) -> str:
    """Which articles are a section's newest, as the pages of its articles tell."""
    return f"section:{pk}"


def everywhere(pk: int) -> list[str]:
    """Every page that shows anything of this article."""
    return [article_tag(pk), card_tag(pk), LISTINGS]


def shows(request: HttpRequest, *tags: str) -> None:
    """For a page with the name of the site on it, as every page of readers is. True until something falls due."""
    depends_on(request, MASTHEAD, *tags, until=next_due(request))


def shows_alone(request: HttpRequest, *tags: str) -> None:
    """For an answer on which nothing stands but what the tags name."""
    depends_on(request, *tags, until=next_due(request))


def next_due(request: HttpRequest) -> dt.datetime | None:
    """
    When the first article or addendum becomes visible by itself that did not stand there when the making of the page
    began: the instant may be past by now. One query, if the answer does not stand, and none for a page nobody will
    store.
    """
    if (making := request.META.get(MAKING)) is None:
        return None
    told = pieces.kept(request, "next due", partial(_next_due, request, making.started_at), is_shown=False)
    return dt.datetime.fromisoformat(text_of(told)) if told else None


def _next_due(request: HttpRequest, after: dt.datetime) -> str:
    """Whatever is to fall due is among the lists' changes when that is decided."""
    ahead = {"status": "published", "published_at__gt": after}
    instants = [rows.objects.filter(**ahead).order_by().values_list("published_at") for rows in (Article, Addendum)]
    due = instants[0].union(instants[1], all=True).order_by("published_at").first()
    depends_on(request, LISTINGS, until=due[0] if due else None)
    return due[0].isoformat() if due else ""


def began_at(request: HttpRequest) -> dt.datetime:
    """When the making of this page began: what falls due from then on may not stand on it."""
    making = request.META.get(MAKING)
    return making.started_at if making is not None else clock.now()


def purge_article(pk: int) -> None:
    """Something of it was written past the signals of its row."""
    purge_stale(*everywhere(pk))


def purge_image(image: Image) -> None:
    purge_stale(*_of_image(image))


def take_away_earlier_texts(embed: Embed) -> None:
    """Of a post that is shown otherwise from now on: earlier versions may name it in articles that hold it no more."""
    purge_gone(*(article_tag(pk) for pk in articles_that_named(embed)))


def take_everything_away() -> None:
    """Words that must vanish may stand in cards, posts, pictures and comments of any page."""
    purge_gone(EVERYTHING)


def declare() -> None:
    for name, query in VIEWS.items():
        register_view(name, *query)
    register(Article, _of_article, gone=_is_away, gone_when_deleted=True)
    register(Byline, _of_part, gone_when_deleted=True)
    register(Revision, lambda row: everywhere(row.article_id) if row.was_published else ())
    register(Addendum, _of_addendum, gone=_is_hidden, gone_when_deleted=True)
    register(AddendumVersion, lambda row: [article_tag(row.addendum.article_id)], gone_when_deleted=True)
    register(Embed, _of_embed, gone=lambda embed: embed.choice != Embed.Choice.KEEP, gone_when_deleted=True)
    register(EmbedPicture, lambda row: _of_embed(row.embed), gone_when_deleted=True)
    register(Image, _of_image, gone_when_deleted=True)
    # Rare changes, and a portrait that is taken away must be gone from wherever its author signs.
    register(Author, _of_author, gone=lambda author: True, gone_when_deleted=True)
    register(Tag, _of_tag, gone_when_deleted=True)
    register(Page, lambda page: [LISTINGS], gone=lambda page: not page.is_public, gone_when_deleted=True)
    register(Redirect, lambda redirect: [LISTINGS], gone_when_deleted=True)
    for model in (Masthead, FooterLink, Section):
        register(model, lambda row: [MASTHEAD])


def _of_article(article: Article) -> list[str]:
    """Nothing for one that readers never knew. Who leaves a section's newest is found by the card."""
    if article.status == Article.Status.DRAFT and article.first_published_at is None:
        return []
    return everywhere(article.pk) + ([] if article.is_gone else [section_tag(article.section_id)])


def _is_away(article: Article) -> bool:
    """Withdrawn, or put off after readers could see it."""
    return article.is_gone or (article.is_scheduled and article.first_published_at <= clock.now())


def _of_part(row: Byline) -> list[str]:
    return _of_article(row.article)


def _of_addendum(addendum: Addendum) -> list[str]:
    return everywhere(addendum.article_id) if addendum.published_at else []


def _is_hidden(addendum: Addendum) -> bool:
    return addendum.status == Addendum.Status.HIDDEN


def _of_embed(embed: Embed) -> list[str]:
    """Pages that are no articles may hold it too: they are among the lists."""
    return _of_those(Article.objects.filter(embeds=embed))


def _of_image(image: Image) -> list[str]:
    tags = _of_those(Article.objects.filter(Q(lead_image=image) | Q(inline_images=image)))
    is_everywhere = Author.objects.filter(portrait=image).exists() or Masthead.objects.filter(logo=image).exists()
    return [*tags, MASTHEAD] if is_everywhere else tags


def _of_those(articles) -> list[str]:
    keys = set(articles.order_by().values_list("pk", flat=True))
    return [LISTINGS, *(tag for pk in keys for tag in everywhere(pk)[:2])]


def _of_author(author: Author) -> list[str]:
    signs = author.bylines.exists() or author.addenda.exists()
    return [MASTHEAD] if signs else [LISTINGS]


def _of_tag(tag: Tag) -> list[str]:
    return [MASTHEAD] if tag.articles.exists() else [LISTINGS]
