"""What is told to Prometheus of the moderators' queue."""

from django.db.models import Min

from comments.models import Comment
from foundation import clock, metrics


def register() -> None:
    metrics.register("moderation_queue", "Comments that wait for a moderator", _queue, label="why")
    metrics.register("moderation_oldest_seconds", "For how long the oldest comment has waited", _oldest)


def _queue() -> dict[str, int]:
    rows = Comment.objects
    suspected = rows.filter(status=Comment.Status.SPAM).count()
    return {"waiting": rows.waiting().count(), "reported": rows.reported().count(), "suspected": suspected}


def _oldest() -> float:
    first = Comment.objects.waiting().aggregate(first=Min("posted_at"))["first"]
    return (clock.now() - first).total_seconds() if first else 0
