"""What is told to Prometheus of the ledger: events of Stripe, and whether the figures are right."""

from django.db.models import Count, Min

from donations.models import Alarm, StripeEvent
from foundation import clock, metrics


def register() -> None:
    metrics.register("webhook_events", "Events of Stripe that are kept, by what became of them", _events, label="state")
    metrics.register(
        "webhook_inbox_age_seconds", "For how long the oldest event has waited to be worked on", _inbox_age
    )
    metrics.register(
        "ledger_alarms", "1 for what is wrong with the ledger, drift from Stripe first", _alarms, label="kind"
    )


def _events() -> dict[str, int]:
    counted = dict(StripeEvent.objects.order_by().values_list("status").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in StripeEvent.Status.values}


def _inbox_age() -> float:
    first = StripeEvent.objects.filter(status=StripeEvent.Status.WAITING).aggregate(first=Min("received_at"))["first"]
    return (clock.real_now() - first).total_seconds() if first else 0


def _alarms() -> dict[str, int]:
    sounding = set(Alarm.objects.values_list("kind", flat=True))
    return {kind: int(kind in sounding) for kind in Alarm.Kind.values}
