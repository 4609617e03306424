"""
The names on the backers' page: of those who asked for it and were approved, as long as money of theirs counts. No name
says when or how much: they are sorted by themselves, and once each.
"""

import unicodedata

from django.db.models import Exists, OuterRef, Q

from donations.mode import is_live
from donations.models import Adjustment, Contribution, Dedication, Intent
from foundation import clock


def names() -> list[str]:
    """
    A name stands while something of what was given under it counts, in any quarter. It goes with a refund in full, a
    lost dispute, with forgetting the person, and with consent.
    """
    shown = _standing(Intent.objects.filter(livemode=is_live(), name_status=Intent.NameStatus.APPROVED))
    return _sorted_once(shown.exclude(public_name="").values_list("public_name", flat=True))


def honoured() -> list[str]:
    """In whose names gifts were made, by the same rules: opted in by the giver, approved, and not taken back."""
    gifts = Dedication.objects.filter(intent__livemode=is_live(), name_status=Intent.NameStatus.APPROVED)
    return _sorted_once(_standing(gifts).exclude(name="").values_list("name", flat=True))


def _standing(rows):
    """Those of intents (or of what has an intent's key) that brought something which still counts."""
    of_intent = Q(pledge__intent=OuterRef("pk")) | Q(payment__intent=OuterRef("pk"))
    counting = Contribution.objects.filter(of_intent, livemode=is_live()).counting(clock.now())
    lost = Adjustment.objects.taking_back().filter(payment__intent=OuterRef("pk"), kind=Adjustment.Kind.DISPUTE)
    return rows.filter(Exists(counting.filter(backer__forgotten_at=None)), ~Exists(lost))


def _sorted_once(written) -> list[str]:
    """Two people of one name stand there once: twice would tell that they are two."""
    names = {_key(name): " ".join(name.split()) for name in sorted(written)}
    return [names[key] for key in sorted(names)]


def _key(name: str) -> tuple[str, str]:
    """As a reader looks for it: without case, accents beside their letter. The name itself decides between equals."""
    folded = unicodedata.normalize("NFKD", " ".join(name.split())).casefold()
    return "".join(sign for sign in folded if not unicodedata.combining(sign)), folded
