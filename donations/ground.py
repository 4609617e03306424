"""
The ledger's lock, and what it stands on. Every write to the ledger holds one row for its few milliseconds: fetching
from Stripe comes before, so that nothing waits for the network under it, and two writers never see half of each
other. On SQLite the transaction itself is that lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction

from donations.models import LedgerGround


class GroundMoved(Exception):
    """TIME_ZONE or BASE_CURRENCY is no longer what the ledger was begun under. Nothing is written until it is."""


@contextmanager
def held() -> Iterator[None]:
    """A transaction that is alone in writing the ledger. May be nested. Raises GroundMoved."""
    with transaction.atomic():
        LedgerGround.objects.get_or_create(
            pk=1, defaults={"time_zone": settings.TIME_ZONE, "base_currency": settings.BASE_CURRENCY}
        )
        trouble = difference(LedgerGround.objects.select_for_update().get(pk=1))
        if trouble:
            raise GroundMoved(trouble)
        yield


def difference(ground: LedgerGround | None) -> str:
    """What was changed since the first write, in words; empty if nothing was."""
    if ground is None:
        return ""
    changed = [
        f"{name} was {was} and is {now}"
        for name, was, now in (
            ("TIME_ZONE", ground.time_zone, settings.TIME_ZONE),
            ("BASE_CURRENCY", ground.base_currency, settings.BASE_CURRENCY),
        )
        if was != now
    ]
    return "; ".join(changed)
