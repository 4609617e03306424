"""Where a post stands: in what readers can open now, and in texts that are kept though no page shows them."""

import re
from collections.abc import Iterator
from html import escape, unescape

from articles.embeds.providers import recognise
from articles.models import Addendum, AddendumVersion, Article, Embed, Page, Revision

ADDRESS = re.compile(r'data-embed="([^"]+)"')


def is_shown_to_readers(embed: Embed) -> bool:
    """Whether a live article, a visible addendum of one or a public page holds it. Drafts of any kind do not count."""
    placeholder = f'<div data-embed="{escape(embed.key)}"></div>'
    of_article = {"embeds": embed, "body_html__contains": placeholder}
    of_addendum = {"article__embeds": embed, "body_html__contains": placeholder}
    return (
        Article.objects.published().filter(**of_article).exists()
        or Addendum.objects.visible().of_live_articles().filter(**of_addendum).exists()
        or Page.objects.filter(is_public=True, body_html__contains=placeholder).exists()
    )


def kept_text_with(embed: Embed) -> str:
    """
    The name of a text that holds the post and is no article's present one: an earlier version, which could be read
    or brought back, or a page. Empty if there is none.
    """
    return next((name for name, body in _kept_texts(embed) if _holds(body, embed)), "")


def articles_that_named(embed: Embed) -> set[int]:
    """By their keys: those of which some text, be it an earlier one, may hold its address. Rather too many."""
    named = {"body__icontains": _last_part(embed)}
    revised = Revision.objects.filter(**named).order_by().values_list("article_id", flat=True)
    added = Addendum.objects.filter(**named).order_by().values_list("article_id", flat=True)
    changed = AddendumVersion.objects.filter(**named).order_by().values_list("addendum__article_id", flat=True)
    return {*revised, *added, *changed}


def _last_part(embed: Embed) -> str:
    """Of its id: stands in every form of its address."""
    return embed.external_id.rpartition("/")[2]


def _kept_texts(embed: Embed) -> Iterator[tuple[str, str]]:
    """Texts that may hold it."""
    last_part = _last_part(embed)
    for page in Page.objects.filter(body__icontains=last_part):
        yield f"the page “{page}”", page.body
    for row in Revision.objects.filter(body__icontains=last_part).select_related("article").iterator():
        yield f"an earlier version of “{row.article}”", row.body
    versions = AddendumVersion.objects.filter(body__icontains=last_part).select_related("addendum__article")
    for row in versions.iterator():
        yield f"an earlier version of an update to “{row.addendum.article}”", row.body


def _holds(body: str, embed: Embed) -> bool:
    """By what the addresses mean: an earlier text may name the post in another form."""
    matches = (recognise(unescape(address)) for address in ADDRESS.findall(body))
    return any(match is not None and match.key == embed.key for match in matches)
