"""What of the money waits for somebody, on the first page of the desk."""

from django.urls import reverse

from donations import doubles, holding, periods, rates, replacing, tally
from donations.admin import dedications, names
from donations.admin.base import HANDLES_MONEY
from donations.mode import is_live
from donations.models import Adjustment, Alarm, ExchangeRate, Payment, StripeEvent
from foundation.desk import Panel, register

SHOWN = 8
_WHOSE = ("payment__backer", "payment__pledge")
_TROUBLED = [StripeEvent.Status.FAILED, StripeEvent.Status.QUARANTINED]


def figure(request) -> dict:
    """The next quarter, which the sentence speaks of, and the one that is running."""
    found = tally.figures(periods.current_quarter(), periods.next_quarter())
    return {"quarters": [(page, reverse("admin:donations_quarterbook_quarter", args=[number(page)])) for page in found]}


def number(page: tally.Page) -> int:
    return page.tally.quarter.ordinal


def alarms(request) -> dict | None:
    """Everything about money that must not be overlooked; None, and no panel, when there is nothing."""
    events = StripeEvent.objects.filter(status__in=_TROUBLED)
    waiting = ExchangeRate.objects.waiting().order_by("-dated_on")
    unrated = Payment.objects.filter(livemode=is_live()).counted().without_rate()
    told = {
        "alarms": list(Alarm.objects.all()),
        "events": list(events.order_by("-received_at")[:SHOWN]),
        "event_count": events.count(),
        "rates": list(waiting[:SHOWN]),
        "unrated": unrated.count(),
    }
    return told if any(told.values()) else None


def to_look_at(request) -> dict | None:
    """Disputes that are open, early warnings of fraud, and what somebody may have given twice by mistake."""
    disputes = Adjustment.objects.filter(payment__livemode=is_live()).open_disputes().order_by("-occurred_at")
    # Once it is disputed a refund spares nothing, and the dispute stands here by itself.
    warned = Payment.objects.filter(livemode=is_live()).exclude(fraud_warned_at=None)
    warned = warned.exclude(adjustments__kind=Adjustment.Kind.DISPUTE)
    told = {
        "disputes": [(each, _is_paused(each)) for each in disputes.select_related(*_WHOSE)[:SHOWN]],
        "warned": list(
            warned.exclude(adjustments__takes_back=True).select_related("backer").order_by("-fraud_warned_at")[:SHOWN]
        ),
        "both": replacing.charged_by_both(livemode=is_live())[:SHOWN],
        "doubles": doubles.recent()[:SHOWN],
        "gaps": len(rates.gaps()),
    }
    return told if any(told.values()) else None


def _is_paused(dispute: Adjustment) -> bool:
    pledge = holding.going_on(dispute.payment)
    return pledge is not None and pledge.is_paused


def names_waiting(request) -> dict | None:
    rows, honoured = names.waiting(), list(dedications.waiting()[:SHOWN])
    told = {"rows": list(rows[:SHOWN]), "count": rows.count(), "honoured": honoured}
    return told if told["count"] or honoured else None


def register_panels() -> None:
    for order, (name, title, collect, permission, urgent) in enumerate(
        (
            ("alarms", "Money: look at this", alarms, HANDLES_MONEY, True),
            ("figure", "Quarters", figure, HANDLES_MONEY, False),
            ("to_look_at", "Disputes, warnings, doubles", to_look_at, HANDLES_MONEY, False),
            ("names", "Names of backers to be judged", names_waiting, names.JUDGES_NAMES, False),
        ),
        start=1,
    ):
        template = f"admin/desk/_money_{name}.html"
        register(Panel(f"money_{name}", title, template, collect, 200 + order * 10, permission, urgent))
