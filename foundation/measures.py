"""What is told to Prometheus of background work, timers, letters and backups."""

import time
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Min
from django.db.models.functions import Coalesce
from django_tasks_db.models import DBTaskResult

from foundation import clock, metrics, timers
from foundation.backups import archive
from foundation.models import Letter


def register() -> None:
    metrics.register("tasks", "Background work by state", _tasks, label="state")
    metrics.register("tasks_oldest_seconds", "For how long the oldest work that is due has waited", _oldest)
    metrics.register("timers_failing", "Timers whose last run failed", lambda: len(timers.failing()))
    metrics.register("letters_waiting", "Letters that are not sent", _letters)
    if settings.BACKUP_FOLDER:
        metrics.register("backup_age_seconds", "Since the newest whole backup was begun; -1 without any", _backup_age)


def _tasks() -> dict[str, int]:
    return dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))


def _oldest() -> float:
    ready = DBTaskResult.objects.filter(status="READY").annotate(due=Coalesce(F("run_after"), F("enqueued_at")))
    due = ready.filter(due__lte=clock.real_now()).aggregate(first=Min("due"))["first"]
    return (clock.real_now() - due).total_seconds() if due else 0


def _letters() -> int:
    return Letter.objects.filter(sent_at=None).exclude(to="").count()


def _backup_age() -> float:
    whole = archive.whole_ones(Path(settings.BACKUP_FOLDER))
    return time.time() - (whole[-1] / archive.MANIFEST).stat().st_mtime if whole else -1
