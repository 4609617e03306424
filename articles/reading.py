"""What the page of one article shows, gathered once for readers and for previews of drafts."""

import re
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags

from articles.fragments import Fragments
from articles.marker import marker_of
from articles.metadata import PageMetadata
from articles.models import Article, Masthead

HEADING = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
RELATED = 4
MORE = 4
LEAST_CONTENTS = 3


@dataclass(frozen=True)
class Heading:
    anchor: str
    words: str


def article_context(article: Article, *, masthead: Masthead | None = None, with_drafts: bool = False) -> dict:
    """The context of `articles/article.html`. `with_drafts` is for previews alone, where unseen addenda show too."""
    fragments = Fragments.of(article, with_drafts=with_drafts)
    seen = [addendum for addendum in fragments.addenda if addendum.is_visible]
    return {
        "article": article,
        "fragments": fragments,
        "marker": marker_of(seen),
        "updates_seen": " ".join(str(addendum.number) for addendum in seen),
        "contents": contents_of(fragments.body),
        "metadata": PageMetadata.of(article, fragments, masthead=masthead),
    }


def contents_of(body: str) -> list[Heading]:
    """The headings of a long text. A short one needs no list of them."""
    found = [Heading(anchor, unescape(strip_tags(words))) for anchor, words in HEADING.findall(body)]
    return found if len(found) >= LEAST_CONTENTS else []


def related_to(article: Article) -> list[Article]:
    return list(article.related.published().for_brief_cards().newest_first()[:RELATED])


def more_in_section(article: Article, *, without: list[Article]) -> list[Article]:
    """The section's newest, apart from the article itself and those that are shown already."""
    shown = {article.pk, *(other.pk for other in without)}
    newest = Article.objects.published().in_section(article.section).for_brief_cards().newest_first()
    return [other for other in newest[: MORE + len(shown)] if other.pk not in shown][:MORE]
