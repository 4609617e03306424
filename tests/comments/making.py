"""Comments and people for tests, through the real verbs."""

import itertools
import uuid

from comments import moderation
from comments.models import Comment, Commenter
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
