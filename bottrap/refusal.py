"""The page for whoever is banned, with the one button that lifts it."""

import datetime as dt

from django.template.loader import render_to_string

from bottrap.paths import LIFT


def page(until: float | None, trouble: str = "", *, can_lift: bool = True) -> str:
    """`until` in seconds since 1970. It asks neither the database nor the request."""
    end = dt.datetime.fromtimestamp(until, dt.UTC) if until else None
    return render_to_string(
        "bottrap/refused.html", {"until": end, "lift": LIFT, "trouble": trouble, "can_lift": can_lift}
    )
