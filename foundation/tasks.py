"""
How background work is retried, and how work whose worker died is found. A job is one row from first try to last: a
failed row is made ready again, later each time, until its attempts are used up. Whatever is written as a task must
therefore be safe to repeat, and takes ids, never objects or text. The queue lives by the machine's own time: the worker
knows no other, and a moved demo clock neither strands work nor takes it from a worker that is at it.

There is one queue, and what stands in it goes by its priority: a payment waits for no picture.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.tasks import Task, TaskResult, TaskResultStatus, task
from django.tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from foundation import clock

logger = logging.getLogger(__name__)

LONGEST_WAIT = dt.timedelta(hours=1)
LONGEST_RUN = dt.timedelta(minutes=10)  # no task of ours works that long: its worker is dead
STRANDED_AFTER = dt.timedelta(minutes=1)  # a failed row is made ready at once, unless its worker died in between
STRANDED_FOR = dt.timedelta(days=1)  # older failures are history and stay as they are


# Priorities, within Django's -100 to 100; letters and everything else stand between them at 0.
AT_ONCE = 50  # what a page, or somebody before a page, waits for
WHEN_QUIET = -50  # many at a time, and nobody waits for any of them


@dataclass(frozen=True)
class _Policy:
    attempts: int
    first_wait: dt.timedelta

    def wait_after(self, attempt: int) -> dt.timedelta:
        """Twice as long each time."""
        return min(self.first_wait * 2 ** min(attempt - 1, 20), LONGEST_WAIT)


_policies: dict[str, _Policy] = {}


def retried_task(
    *,
    attempts: int = 5,
    first_wait: dt.timedelta = dt.timedelta(seconds=30),
    takes_context: bool = False,
    priority: int = 0,
) -> Callable[[Callable], Task]:
    """
    A task that is tried up to `attempts` times. It asks for another try by raising anything. With `takes_context` its
    first argument tells which attempt this is, counting from 1. A worker takes the highest `priority` first.
    """

    def wrap(function: Callable) -> Task:
        made = task(takes_context=takes_context, priority=priority)(function)
        _policies[made.module_path] = _Policy(attempts, first_wait)
        return made

    return wrap


def connect() -> None:
    """Called once, when the apps are ready."""
    task_finished.connect(_retry_if_failed, dispatch_uid="foundation.tasks")


def _retry_if_failed(sender, task_result: TaskResult, **kwargs) -> None:
    if task_result.status == TaskResultStatus.FAILED:
        for row in DBTaskResult.objects.filter(pk=task_result.id, status=TaskResultStatus.FAILED):
            _make_ready(row)


def revive() -> tuple[int, int]:
    """
    Takes up what dead workers left behind: rows that have been running for too long, and failed rows that nobody
    made ready again. Returns how many will run again and how many had no attempt left. Safe beside live workers.
    """
    moment = clock.real_now()
    left_running = Q(status=TaskResultStatus.RUNNING, started_at__lt=moment - LONGEST_RUN)
    stranded = Q(
        status=TaskResultStatus.FAILED,
        finished_at__lt=moment - STRANDED_AFTER,
        finished_at__gt=moment - STRANDED_FOR,
    )
    revived = given_up = 0
    for row in DBTaskResult.objects.filter(left_running | stranded):
        if _make_ready(row):
            revived += 1
        elif row.status == TaskResultStatus.RUNNING:
            given_up += _give_up(row)
    return revived, given_up


def _make_ready(row: DBTaskResult) -> bool:
    """Puts the row back in the queue if it has an attempt left and is still as we read it."""
    policy = _policy_of(row)
    attempt = len(row.worker_ids)
    if policy is None or attempt >= policy.attempts:
        return False
    run_after = clock.real_now() + policy.wait_after(attempt)
    logger.info("Task %s failed on attempt %d, runs again after %s", row.task_path, attempt, run_after)
    return bool(_as_read(row).update(status=TaskResultStatus.READY, run_after=run_after, finished_at=None))


def _give_up(row: DBTaskResult) -> int:
    logger.error("Task %s (%s) was given up: its worker died on its last attempt", row.task_path, row.pk)
    return _as_read(row).update(
        status=TaskResultStatus.FAILED,
        finished_at=clock.real_now(),
        traceback="The worker died during the last attempt.",
    )


def _as_read(row: DBTaskResult):
    """The row, unless a worker has claimed or finished it since it was read."""
    return DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at)


def _policy_of(row: DBTaskResult) -> _Policy | None:
    """None for tasks of others, and for those whose code is gone."""
    try:
        return _policies.get(row.task.module_path)
    except (ImportError, SuspiciousOperation):
        return None
