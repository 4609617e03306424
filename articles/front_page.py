"""What stands on the home page beside the river: the lead, the newest updates, the sections in bands."""

from django.db.models import OuterRef, Subquery

from articles.models import Addendum, Article, Section

BAND_SIZE = 4
UPDATES = 5
# A story that is updated every hour must not fill the list, nor make it long to search for others.
LOOKED_THROUGH = 40


def lead() -> Article | None:
    """The article pinned last, else the newest one."""
    published = Article.objects.published().for_cards().newest_first()
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


def bands(*, without: list[Article]) -> list[tuple[Section, list[Article]]]:
    """
    Each section's newest articles that do not stand on the page already. Two queries however many sections there
    are: the first picks ids through the index, one probe for each place of a band.
    """
    shown = [article.pk for article in without]
    newest = (
        Article.objects.published().filter(section=OuterRef("pk")).exclude(pk__in=shown).newest_first().values("pk")
    )
    places = {f"place_{place}": Subquery(newest[place : place + 1]) for place in range(BAND_SIZE)}
    sections = list(Section.objects.annotate(**places))
    picked = {section: [getattr(section, place) for place in places] for section in sections}
    ids = [pk for band in picked.values() for pk in band if pk]
    articles = {article.pk: article for article in Article.objects.for_cards().filter(pk__in=ids)}
    found = [(section, [articles[pk] for pk in band if pk in articles]) for section, band in picked.items()]
    return [(section, band) for section, band in found if band]
