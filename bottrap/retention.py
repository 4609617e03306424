"""How long anything about a visitor is kept."""

import datetime as dt

from bottrap.models import Ban, Hit
from foundation import clock

VISITS_KEPT = dt.timedelta(days=30)
# After its end, so that whoever comes back is banned for longer.
BANS_KEPT = dt.timedelta(days=90)


def prune() -> tuple[int, int]:
    """Returns how many visits and bans were dropped."""
    visits = Hit.objects.filter(at__lt=clock.real_now() - VISITS_KEPT).delete()[0]
    bans = Ban.objects.filter(expires_at__lt=clock.now() - BANS_KEPT).delete()[0]
    return visits, bans
