"""Comments and people for tests, through the real verbs."""

import datetime as dt
import itertools
import uuid

from comments import counting, moderation
from comments.models import Comment, Commenter
from foundation import clock
from tests import factories

_count = itertools.count(1)


def commenter(**fields):
    number = next(_count)
    email = fields.pop("email", f"reader{number}@example.org")
    return Commenter.objects.create(
        **{
            "email": email,
            "folded_email": email,
            "address_digest": f"{number:064x}",
            "name": f"Reader {number}",
            **fields,
        }
    )


def submission(article, **fields):
    writer = fields.pop("commenter", None) or commenter()
    return moderation.Submission(
        **{
            "article": article,
            "parent": None,
            "commenter": writer,
            "is_proven": False,
            "name": writer.name,
            "source": f"Words {next(_count)}",
            "submission": uuid.uuid4(),
            **fields,
        }
    )


def waiting(article, **fields) -> Comment:
    return moderation.submit(submission(article, **fields))


def public(article, **fields) -> Comment:
    return moderation.approve(waiting(article, **fields), None)


def trusted(article=None, **fields) -> Commenter:
    """Somebody of whom a comment was approved."""
    return public(article or factories.published(), commenter=commenter(**fields), is_proven=True).commenter


def many(article, number: int, *, parent_of=lambda number: None, status_of=lambda number: "public") -> list[Comment]:
    """
    Straight into the database, a minute apart, of one person. `parent_of` names the place of each one's parent in the
    list, or nothing; `status_of` its status.
    """
    person, begun_at = commenter(), clock.now() - dt.timedelta(minutes=number + 1)
    places = range(number)
    rows = [
        Comment(
            article=article,
            commenter=person,
            name=person.name,
            source=f"Words {place}",
            body_html=f"<p>Words {place}</p>",
            status=status_of(place),
            posted_at=begun_at + dt.timedelta(minutes=place),
            published_at=begun_at + dt.timedelta(minutes=place),
        )
        for place in places
    ]
    Comment.objects.bulk_create(rows)
    for place, row in enumerate(rows):
        above = parent_of(place)
        row.parent = rows[above] if above is not None and above >= 0 else None
        row.root = row.parent.root if row.parent else row
        row.depth = row.parent.depth + 1 if row.parent else 0
    Comment.objects.bulk_update(rows, ["parent", "root", "depth"], batch_size=100)
    counting.recount()
    return rows
