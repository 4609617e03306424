"""
What happened to a comment, told to other parts of this app after the transaction is safe. A receiver that fails is
logged and holds up nobody.
"""

import functools

from django.db import transaction
from django.dispatch import Signal

from comments.models import Comment

submitted = Signal()  # comment: taken for the first time, in whatever state
became_public = Signal()  # comment, first: False if readers have seen it before
no_longer_public = Signal()  # comment
decided = Signal()  # comment, verb: somebody of the staff has looked at it


def tell(signal: Signal, comment: Comment, **facts) -> None:
    """On commit, once per call."""
    transaction.on_commit(functools.partial(signal.send, Comment, comment=comment, **facts), robust=True)
