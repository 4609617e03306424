"""How long what Stripe sent is kept whole. An event's row stays for ever, its body for so many days."""

import datetime as dt

from donations.models import StripeEvent
from foundation import clock

BODIES_KEPT = dt.timedelta(days=60)


def empty_old_bodies() -> int:
    """Of events received longer ago, whatever became of them: a replay asks Stripe anyway. Returns how many."""
    old = StripeEvent.objects.filter(received_at__lt=clock.real_now() - BODIES_KEPT).exclude(body="")
    return old.update(body="")
