"""
What stands on the home page beside the river: the lead, the newest updates, the sections in bands. Articles are chosen
here by their keys; what is shown of them is on their cards.
"""

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from articles.models import Addendum, Article, Section

BAND_SIZE = 4
UPDATES = 5
# A story that is updated every hour must not fill the list, nor make it long to search for others.
LOOKED_THROUGH = 40


def lead() -> int | None:
    """The article pinned last, else the newest one."""
    published = Article.objects.published().newest_first().values_list("pk", flat=True)
    return published.filter(is_pinned=True).first() or published.first()


def newest_updates() -> list[Addendum]:
    """The latest addendum of each article that something was added to lately, with the article it stands under."""
    visible = Addendum.objects.visible().of_live_articles().newest_first()
    latest = visible.select_related("article").only(
        "kind", "number", "published_at", "article__headline", "article__public_path"
    )[:LOOKED_THROUGH]
    by_article: dict[int, Addendum] = {}
    for addendum in latest:
        by_article.setdefault(addendum.article_id, addendum)
    return list(by_article.values())[:UPDATES]


def bands(*, without: Collection[int]) -> list[tuple[Section, list[int]]]:
    """
    Each section's newest articles that do not stand on the page already. One query however many sections there are: it
    picks ids through the index, one probe for each place of a band.
    """
    newest = (
        Article.objects.published().filter(section=OuterRef("pk")).exclude(pk__in=without).newest_first().values("pk")
    )
    places = {f"place_{place}": Subquery(newest[place : place + 1]) for place in range(BAND_SIZE)}
    picked = [
        (section, [pk for place in places if (pk := getattr(section, place))])
        for section in Section.objects.annotate(**places)
    ]
    return [(section, articles) for section, articles in picked if articles]
