"""
What readers are told of earlier texts. A post that an editor removed or keeps without its author is named by its
address only to the desk: the address holds the author's name.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from articles import editing
from articles.difference import Allowance, Paragraph, compare_html
from articles.embeds.providers import Match, recognise
from articles.models import Addendum, AddendumVersion, Article, Embed, Revision

REMOVED = "[post removed]"
ADDRESS = re.compile(r"https?://[^\s<>\"']++", re.IGNORECASE)


@dataclass(frozen=True)
class AddendumChange:
    """An edit of an addendum that readers had seen. Empty: the kind, or all words, stayed as they were."""

    at: dt.datetime
    kind_before: str
    paragraphs: list[Paragraph]


@dataclass(frozen=True)
class AddendumHistory:
    row: Addendum
    changes: list[AddendumChange]  # newest first


class Withheld:
    """The posts in some texts that may not be named, as embeds or as mere links. One query."""

    def __init__(self, sources: Iterable[str]):
        named = [_post(match[0]) for source in sources for match in ADDRESS.finditer(source)]
        ids = {post.external_id for post in named if post}
        rows = Embed.objects.filter(external_id__in=ids).exclude(choice=Embed.Choice.KEEP)
        self._keys = {embed.key for embed in rows.only("provider", "external_id")}

    def without(self, source: str) -> str:
        return ADDRESS.sub(self._kept_or_removed, source) if self._keys else source

    def _kept_or_removed(self, address: re.Match) -> str:
        post = _post(address[0])
        return REMOVED if post and post.key in self._keys else address[0]


def difference(old: Revision, new: Revision) -> list[editing.FieldDifference]:
    """What changed between two public versions, field by field."""
    withheld = Withheld([old.body, new.body])
    return editing.difference(old, new, as_told=withheld.without)


def addenda_of(article: Article) -> list[AddendumHistory]:
    """The visible addenda, newest first, with what each said before. Three queries, and one allowance for them all."""
    rows = article.addenda.visible().newest_first().prefetch_related("earlier_versions")
    told = {row: _once_public(row) for row in rows}
    withheld = Withheld(part.body for row, versions in told.items() for part in (row, *versions) if versions)
    allowance = Allowance()
    return [AddendumHistory(row, _changes(row, versions, withheld, allowance)) for row, versions in told.items()]


def _once_public(row: Addendum) -> list[AddendumVersion]:
    """Newest first. What was replaced before readers saw the addendum was never public."""
    return [version for version in reversed(row.earlier_versions.all()) if version.replaced_at > row.published_at]


def _changes(
    row: Addendum, versions: list[AddendumVersion], withheld: Withheld, allowance: Allowance
) -> list[AddendumChange]:
    changes = []
    for before, after in zip(versions, [row, *versions], strict=False):
        kind = before.get_kind_display() if before.kind != after.kind else ""
        texts = withheld.without(before.body), withheld.without(after.body)
        paragraphs = compare_html(*texts, allowance) if before.body != after.body else []
        changes.append(AddendumChange(before.replaced_at, kind, paragraphs))
    return changes


def _post(address: str) -> Match | None:
    return recognise(unescape(address).rstrip(".,;:!?)"))
