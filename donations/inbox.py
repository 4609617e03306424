"""
Stripe's events: kept once each before the answer, worked on afterwards by the worker. A task does it, enqueued in the
transaction that keeps the event; should the task be lost, `requeue_overdue` finds the event still waiting.
"""

import datetime as dt
import logging
import traceback

from django.conf import settings
from django.db import IntegrityError, transaction
from django.tasks import TaskContext

from donations import alarms, handlers
from donations.facts import EventEnvelope
from donations.ledger import NotOurs, Refused
from donations.mode import is_live
from donations.models import Alarm, StripeEvent
from donations.stripe_gateway import NoSuchObject
from foundation import clock
from foundation.tasks import AT_ONCE, LONGEST_WAIT, retried_task

logger = logging.getLogger(__name__)

ATTEMPTS = 12  # over some five hours; after that a person looks at it
FIRST_WAIT = dt.timedelta(seconds=30)
OVERDUE_AFTER = dt.timedelta(minutes=10)
BODIES_KEPT_FOR = dt.timedelta(days=60)
NAMED_AT_MOST = 20

Status = StripeEvent.Status
_SETTLED = (Status.DONE, Status.NOT_OURS, Status.QUARANTINED)


def take(told: EventEnvelope) -> bool:
    """
    Keeps an authentic event and has it worked on. Returns False for one that is known. Any other failure of the
    database leaves as it is, and then nothing was kept.
    """
    status, reason = _judge(told)
    try:
        with transaction.atomic():
            event = StripeEvent.objects.create(
                stripe_id=told.id,
                type=told.type,
                object_id=told.object_id,
                livemode=told.livemode,
                account=told.account,
                api_version=told.api_version,
                created_at=told.created_at,
                received_at=clock.real_now(),
                status=status,
                reason=reason,
                body=told.body,
            )
            if status == Status.WAITING:
                work_on.enqueue(event.pk)
    except IntegrityError:
        if StripeEvent.objects.filter(stripe_id=told.id).exists():
            return False
        raise
    if status == Status.QUARANTINED:
        logger.error("Event %s was quarantined: %s", told.id, reason)
    return True


def take_and_work(told: EventEnvelope) -> None:
    """For events that were fetched: nobody waits for an answer. The task that is enqueued too finds nothing to do."""
    take(told)
    work(StripeEvent.objects.get(stripe_id=told.id), is_last_attempt=False)


def _judge(told: EventEnvelope) -> tuple[Status, str]:
    """What the event itself tells already. Amount, currency and reference are judged on the object."""
    if stray := _is_stray(told):
        return Status.QUARANTINED, stray
    if handlers.handler_of(told.type) is None:
        return Status.DONE, "Nothing follows from this type here."
    if not told.object_id:
        return Status.QUARANTINED, "It does not name the object that it speaks of."
    return Status.WAITING, ""


def _is_stray(told: EventEnvelope | StripeEvent) -> str:
    """Why it should not have come here at all."""
    if told.livemode != is_live():
        return "It belongs to Stripe's other mode (test or live)."
    if told.account != settings.STRIPE_ACCOUNT:
        ours, theirs = (
            f"the account “{each}”" if each else "the key’s own account"
            for each in (settings.STRIPE_ACCOUNT, told.account)
        )
        return f"It belongs to {theirs}, and {ours} is expected here."
    return ""


@retried_task(attempts=ATTEMPTS, first_wait=FIRST_WAIT, takes_context=True, priority=AT_ONCE)
def work_on(context: TaskContext, event_pk: int) -> None:
    event = StripeEvent.objects.filter(pk=event_pk).first()
    if event is not None:
        work(event, is_last_attempt=context.attempt >= ATTEMPTS)


def work(event: StripeEvent, *, is_last_attempt: bool = True) -> None:
    """Does what follows from the event, if that was not done yet. Raises what went wrong, after noting it."""
    if event.status in _SETTLED:
        return
    handler = handlers.handler_of(event.type)
    try:
        if stray := _is_stray(event):  # replayed; after the settings were put right it is none
            raise Refused(stray)
        if handler:
            handler(event.object_id)
    except NotOurs:
        _settle(event, Status.NOT_OURS, "It carries no words of this site.")
    except (Refused, NoSuchObject) as error:
        logger.error("Event %s was quarantined: %s", event.stripe_id, error)
        _settle(event, Status.QUARANTINED, str(error))
    # The inbox: whatever a handler raises, the event waits with the reason beside it.
    except Exception:
        _note_failure(event, is_last_attempt=is_last_attempt)
        raise
    else:
        _settle(event, Status.DONE)


def look_for_failed() -> str:
    """Sets the alarm of events that are tried no more, or ends it. Returns what it says."""
    failed = StripeEvent.objects.filter(status=Status.FAILED).order_by("received_at")
    lines = [f"{each.type} about {each.object_id}, {each.stripe_id}" for each in failed[:NAMED_AT_MOST]]
    if (count := failed.count()) > len(lines):
        lines.append(f"and {count - len(lines)} more")
    alarms.set_by(Alarm.Kind.FAILED, "\n".join(lines))
    return "\n".join(lines)


def _settle(event: StripeEvent, status: Status, reason: str = "") -> None:
    had_failed = event.status == Status.FAILED
    event.status, event.reason = status, reason
    event.next_attempt_at, event.handled_at = None, clock.real_now()
    event.attempts += 1
    event.save(update_fields=["status", "reason", "next_attempt_at", "handled_at", "attempts"])
    if had_failed:
        look_for_failed()


def _note_failure(event: StripeEvent, *, is_last_attempt: bool) -> None:
    event.status = Status.FAILED if is_last_attempt else Status.WAITING
    event.reason = traceback.format_exc()[-4000:]
    event.attempts += 1
    wait = min(FIRST_WAIT * 2 ** min(event.attempts - 1, 20), LONGEST_WAIT)
    event.next_attempt_at = None if is_last_attempt else clock.real_now() + wait
    event.save(update_fields=["status", "reason", "attempts", "next_attempt_at"])
    if is_last_attempt:
        logger.error("Event %s (%s) failed for good; see it in the admin", event.stripe_id, event.type)
        look_for_failed()


def replay(event: StripeEvent) -> None:
    """Has an event worked on again, whatever came of it before. Repeating one that was done changes nothing."""
    with transaction.atomic():
        StripeEvent.objects.filter(pk=event.pk).update(
            status=Status.WAITING, reason="", attempts=0, next_attempt_at=clock.real_now(), handled_at=None
        )
        work_on.enqueue(event.pk)
    if event.status == Status.FAILED:
        look_for_failed()


def requeue_overdue() -> int:
    """Events that still wait some minutes after their time: their task was lost, or no worker runs."""
    moment = clock.real_now()
    overdue = StripeEvent.objects.overdue(moment - OVERDUE_AFTER)
    count = 0
    for event in overdue:
        with transaction.atomic():
            claimed = StripeEvent.objects.overdue(moment - OVERDUE_AFTER).filter(pk=event.pk)
            if claimed.update(next_attempt_at=moment + LONGEST_WAIT):
                work_on.enqueue(event.pk)
                count += 1
    return count


def empty_old_bodies() -> int:
    """Raw bodies name people; after two months nothing needs them."""
    old = StripeEvent.objects.filter(received_at__lt=clock.real_now() - BODIES_KEPT_FOR).exclude(body="")
    return old.update(body="")
