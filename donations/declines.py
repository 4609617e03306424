"""
Cards that were declined at payment pages of ours, counted while they come in. Many of them, and more than were paid,
are the mark of somebody who tries out stolen cards: then everybody takes the slower step, and the treasurer is told.
Renewals that fail are no such mark, and are not counted.
"""

import datetime as dt

from donations import alarms, stripe_gateway
from donations.mode import is_live
from donations.models import Alarm, Intent
from foundation import clock, limits

SPAN = dt.timedelta(minutes=10)
MANY = 10  # fewer are ordinary bad luck
_ONCE = dt.timedelta(days=1)


def charge_failed(charge_id: str) -> None:
    """An event told of it, perhaps twice, perhaps late: what is long over counts for nothing."""
    failed_at = stripe_gateway.declined_at_page(charge_id)
    if failed_at is None or failed_at < clock.now() - SPAN:
        return
    if not limits.slide("support.declined.known", charge_id, limit=1, window=_ONCE):
        return
    count = limits.note("support.declined", "", window=SPAN)
    if is_storm() and limits.slide("support.declined.alarm", "", limit=1, window=SPAN):
        alarms.sound(
            Alarm.Kind.CARDS,
            f"{count} cards were declined at payment pages within ten minutes, more than were paid, so everybody is"
            " asked to confirm for a while. Somebody is trying them out, as it seems. Look for them among Stripe's"
            " declined payments, and refund what went through.",
        )


def is_storm() -> bool:
    """More cards were declined lately than payment pages were paid, and not just a few."""
    count = limits.noted("support.declined", "", window=SPAN)
    return count >= MANY and count > _paid()


def _paid() -> int:
    return Intent.objects.filter(livemode=is_live(), completed_at__gt=clock.now() - SPAN).count()
