"""Articles with nothing, 200 and 2,000 comments below them: what the visitor is asked about discussions."""

import datetime as dt
import uuid

COUNTS = (0, 200, 2000)
THREAD = 8  # comments to a thread, each second one an answer to the one before it
WORDS = (
    "The tram is late when it rains after a dry week, and nobody who has stood at *Mill Lane* needs a study for that. "
    "What I should like to see is the bill for the wagon with the brushes, month by month.\n\n> so we were told\n\n"
    "It was said that it would come before autumn."
)


def fill_discussions(client) -> dict[str, str]:
    """Copies of one article, and so many comments below each, straight into the database. Returns their addresses."""
    from articles.models import Article
    from benchmarks.visitor import COPY_MARK
    from comments import counting, stored

    original = Article.objects.filter(slug__contains=COPY_MARK).order_by("-published_at")[0].slug.split(COPY_MARK)[0]
    copies = Article.objects.published().filter(slug__startswith=original + COPY_MARK).order_by("pk")[: len(COUNTS)]
    pages = {}
    for article, count in zip(copies, COUNTS, strict=True):
        _write(article, count)
        pages[f"{count:,} comments"] = article.get_absolute_url()
    pages["a following page of 2,000"] = f"/comments/on/{article.uid}/?page=3"
    counting.recount()
    stored.write_all()
    return pages


def _write(article, count: int) -> None:
    from comments import formatting
    from comments.models import Comment, Commenter
    from foundation import clock

    people = [
        Commenter(name=f"Reader {number}", address_digest=f"{article.pk:08x}{number:056x}") for number in range(40)
    ]
    Commenter.objects.bulk_create(people)
    body_html, begun_at = formatting.render(WORDS).body_html, clock.now() - dt.timedelta(days=20)
    rows = [
        Comment(
            uid=uuid.uuid4(),
            article=article,
            commenter=people[number % len(people)],
            name=people[number % len(people)].name,
            source=WORDS,
            body_html=body_html,
            status="public",
            posted_at=begun_at + dt.timedelta(minutes=5 * number),
            published_at=begun_at + dt.timedelta(minutes=5 * number),
            recommends=number % 7,
            recommends_shown=number % 7,
        )
        for number in range(count)
    ]
    Comment.objects.bulk_create(rows, batch_size=500)
    for number, row in enumerate(rows):
        place = number % THREAD
        row.parent = rows[number - 1 if place % 2 else number - place] if place else None
        row.root = rows[number - place]
        row.depth = row.parent.depth + 1 if row.parent else 0
    Comment.objects.bulk_update(rows, ["parent", "root", "depth"], batch_size=200)


ORDERS = {"fill_discussions": fill_discussions}
