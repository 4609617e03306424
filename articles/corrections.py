"""
The public log of corrections. What was corrected stays on record: an entry whose article was withdrawn keeps its
text and the headline that readers last saw, and loses its link.
"""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.safestring import SafeString

from articles.fragments import Fragments
from articles.models import Addendum, Revision


@dataclass(frozen=True)
class Entry:
    addendum: Addendum
    text: SafeString
    superseded_by: Addendum | None

    @property
    def is_linked(self) -> bool:
        return self.addendum.article.is_live

    @property
    def headline(self) -> str:
        """What is written after a withdrawal is nobody's to read before the article comes back."""
        return self.addendum.article.headline if self.is_linked else self.addendum.last_public_headline


def public_corrections():
    """Every correction that readers may see, of live and of withdrawn articles."""
    published = Revision.objects.filter(article=OuterRef("article"), was_published=True).order_by("-number")
    rows = Addendum.objects.corrections().visible().of_once_live_articles().select_related("article")
    return rows.annotate(last_public_headline=Subquery(published.values("headline")[:1]))


def with_texts(rows: list[Addendum]) -> list[Entry]:
    """The rows with their finished texts, in the same order, in three queries. One hidden meanwhile is left out."""
    articles = {row.article_id: row.article for row in rows}
    read = {
        addendum.row.pk: addendum
        for fragments in Fragments.of_many(articles.values(), for_feed=True)
        for addendum in fragments.addenda
    }
    return [Entry(row, read[row.pk].text, read[row.pk].superseded_by) for row in rows if row.pk in read]
