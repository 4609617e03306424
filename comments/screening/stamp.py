"""
When the form was opened, signed into it. The form is a page of its own that no cache keeps, so the article's page
stays the same for everybody. The stamp is bound to the article and to nothing else: no cookie, no visitor.
"""

from django.core import signing

from comments.findings import Finding, Refused
from comments.screening.reading import Reading
from foundation import clock

LAYER = "stamp"
LIFETIME = 24 * 60 * 60  # seconds
SOONEST = 3  # nobody reads, thinks and writes in less
CLOCKS_DIFFER_BY = 120  # between our own servers, at most


class Forged(Refused):
    """Not made here, cut short, or made for another article."""

    def __init__(self):
        super().__init__("This form was not complete. Here is a fresh one with what you wrote: please send it again.")


class TooOld(Refused):
    def __init__(self):
        super().__init__(
            "This form was opened more than a day ago. Here is a fresh one with what you wrote: please send it again."
        )


def make(article_id: int) -> str:
    return _signer().sign_object([article_id, int(clock.real_now().timestamp() * 10)])


def age(stamp: str, article_id: int) -> float:
    """Seconds since the form was made. Raises Forged or TooOld, whose words suit the form that is shown again."""
    try:
        made_for, tenths = _signer().unsign_object(stamp)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Forged from error
    seconds = clock.real_now().timestamp() - tenths / 10
    if made_for != article_id or seconds < -CLOCKS_DIFFER_BY:
        raise Forged
    if seconds > LIFETIME:
        raise TooOld
    return max(seconds, 0.0)


def findings(reading: Reading) -> list[Finding]:
    seconds = reading.candidate.form_age_seconds
    if reading.candidate.is_edit or seconds is None or seconds >= SOONEST:
        return []
    whole = int(seconds)
    told = "less than a second" if whole < 1 else "1 second" if whole == 1 else f"{whole} seconds"
    return [Finding(LAYER, f"The form was sent {told} after it was opened")]


def _signer() -> signing.Signer:
    return signing.Signer(salt="comments.screening.stamp")
