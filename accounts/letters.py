"""The one letter of sign-in: the code."""

import datetime as dt
import uuid

from foundation import clock, letter_paper, letters
from foundation.models import Letter

KIND = "sign-in-code"
# A code is void long before; its letter is of use to nobody who should read it.
KEPT_FOR = dt.timedelta(hours=1)


def code(address: str, code: str) -> Letter:
    """Each code is a letter of its own, however many are asked for."""
    words = letter_paper.render("account/letters/code", code=code)
    return letters.post(f"{KIND}:{uuid.uuid4().hex}", address, *words)


def prune() -> int:
    """Drops the letters of codes that are over, sent or not. Returns how many."""
    return Letter.objects.filter(kind=KIND, created_at__lt=clock.now() - KEPT_FOR).delete()[0]
