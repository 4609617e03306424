"""The one letter of sign-in: the code."""

import uuid

from foundation import letter_paper, letters
from foundation.models import Letter

KIND = "sign-in-code"


def code(address: str, code: str) -> Letter:
    """Each code is a letter of its own, however many are asked for."""
    words = letter_paper.render("account/letters/code", code=code)
    return letters.post(f"{KIND}:{uuid.uuid4().hex}", address, *words)
