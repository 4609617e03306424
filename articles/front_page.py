"""What stands on the home page beside the river: the lead, the newest updates, the sections in bands."""

from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import Addendum, Article, Section

BAND_SIZE = 4
UPDATES = 5


def lead() -> Article | None:
    """The article pinned last, else the newest one."""
    published = Article.objects.published().for_cards().newest_first()
    return published.filter(is_pinned=True).first() or published.first()


def newest_updates() -> QuerySet[Addendum]:
    """The latest addenda of live articles, each with the article it stands under."""
    visible = Addendum.objects.visible().of_live_articles().newest_first()
    return visible.select_related("article").only(
        "kind", "number", "published_at", "article__headline", "article__public_path"
    )[:UPDATES]


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
