"""What is told to Prometheus of the trap."""

from bottrap.models import Ban
from foundation import metrics


def register() -> None:
    metrics.register("bans", "Bans in force", lambda: Ban.objects.active().count())
