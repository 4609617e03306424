"""What the editors' first page tells about the trap: the alarm of the breaker, and each day's digest."""

import datetime as dt

from django.db.models import Count
from django.http import HttpRequest

from bottrap.models import Ban, Hit, TrapSettings
from bottrap.verdicts import MOST_AT_ONCE
from foundation import clock
from foundation.desk import Panel, register

DAY = dt.timedelta(days=1)
SHOWN = 8


def alarm(request: HttpRequest) -> dict | None:
    kept = TrapSettings.load()
    return {"since": kept.tripped_at, "most": MOST_AT_ONCE} if kept.tripped_at else None


def digest(request: HttpRequest) -> dict | None:
    """The last 24 hours; nothing on a day without a visit, a ban or a lifting."""
    visits = Hit.objects.since(clock.real_now() - DAY).order_by()
    counts = [
        (Hit.Outcome(row["outcome"]).label, row["number"])
        for row in visits.values("outcome").annotate(number=Count("pk")).order_by("-number", "outcome")
    ]
    lifted = Ban.objects.filter(lifted_at__gte=clock.now() - DAY).count()
    held = Ban.objects.active()
    if not counts and not lifted:
        return None
    return {"counts": counts, "lifted": lifted, "held": held.count(), "newest": list(held[:SHOWN])}


def register_panels() -> None:
    see = "bottrap.view_ban"
    register(
        Panel("trap_alarm", "The trap bans nobody", "admin/desk/_trap_alarm.html", alarm, permission=see, urgent=True)
    )
    register(Panel("trap", "The trap today", "admin/desk/_trap.html", digest, order=200, permission=see))
