"""What screening finds, and what is said to a writer whose comment is not taken. Imports nothing of ours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One reason of one layer, in words a moderator understands. Any finding makes a comment wait; `is_spam` more."""

    layer: str
    reason: str
    is_spam: bool = False


class Refused(Exception):
    """
    This may not be done. `words` are for the person who sees them, `field` names the form's field they belong to.
    Whoever catches it shows the form again with everything that was typed.
    """

    def __init__(self, words: str, *, field: str = ""):
        super().__init__(words)
        self.words = words
        self.field = field
