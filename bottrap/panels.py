"""What the editors' first page tells about the trap: the alarm of the breaker, and each day's digest."""

from django.http import HttpRequest

from bottrap import digests
from bottrap.models import Ban, TrapSettings
from bottrap.verdicts import MOST_AT_ONCE
from foundation.desk import Panel, register

SHOWN = 8


def alarm(request: HttpRequest) -> dict | None:
    kept = TrapSettings.load()
    return {"since": kept.tripped_at, "most": MOST_AT_ONCE} if kept.tripped_at else None


def digest(request: HttpRequest) -> dict | None:
    """The last 24 hours; nothing on a day without a visit, a ban or a lifting."""
    facts = digests.last_day()
    return facts and {**facts, "newest": list(Ban.objects.active()[:SHOWN])}


def register_panels() -> None:
    see = digests.SEES
    register(
        Panel("trap_alarm", "The trap bans nobody", "admin/desk/_trap_alarm.html", alarm, permission=see, urgent=True)
    )
    register(Panel("trap", "The trap today", "admin/desk/_trap.html", digest, order=200, permission=see))
