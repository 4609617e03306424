"""Letters about how somebody gets in, to that somebody: whoever did not do it must hear of it."""

import datetime as dt
import uuid

from accounts.models import User
from foundation import clock, letter_paper, letters
from foundation.models import Letter

KIND = "desk-sign-in"
KEPT_FOR = dt.timedelta(days=30)


def tell(user: User, subject: str, told: str, *facts: str) -> None:
    words = letter_paper.render(
        "account/letters/desk",
        subject_words=subject,
        told=told,
        facts=facts,
        address=letter_paper.address("admin:my_sign_in"),
        at=clock.real_now(),
    )
    letters.post(f"{KIND}:{uuid.uuid4().hex}", user.email, *words)


def prune() -> int:
    """Drops those that are old. Returns how many."""
    return Letter.objects.filter(kind=KIND, created_at__lt=clock.now() - KEPT_FOR).delete()[0]
