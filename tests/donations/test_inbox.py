"""What becomes of an event that was kept: worked on, waiting, failed, not ours, or set apart."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.images import renditions
from donations import handlers, inbox
from donations.models import Alarm, StripeEvent
from donations.stripe_gateway import StripeDown
from foundation import clock, letters
from tests.donations import signed
from tests.donations.signed import event, post


@pytest.fixture(autouse=True)
def nobody_at_home(settings):
    """The discard port: whoever asks Stripe finds nobody."""
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    settings.STRIPE_WEBHOOK_SECRETS = [signed.SECRET]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    settings.STRIPE_SITE = "testserver"


def received(client, type="invoice.paid", **changes) -> StripeEvent:
    assert post(client, event("evt_1", type, "in_1", **changes)).status_code == 200
    return StripeEvent.objects.get()


def test_every_type_that_the_endpoint_is_told_of_has_a_handler_and_says_why(settings):
    text = (settings.BASE_DIR / "docs" / "going-live.md").read_text()
    for each in handlers.types():
        family, _, last = each.rpartition(".")
        assert f"`{each}`" in text or (family in text and f"`.{last}`" in text), each
        assert handlers.handler_of(each).__doc__


@pytest.mark.django_db
def test_a_type_without_a_handler_is_kept_and_makes_no_work(client):
    row = received(client, "customer.created")
    assert (row.status, row.reason) == ("done", "Nothing follows from this type here.")
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_a_payment_does_not_wait_for_pictures_and_letters(client):
    renditions.make_renditions_of.enqueue(1)
    letters.send.enqueue(1)
    received(client)
    assert DBTaskResult.objects.ready().first().task_path == "donations.inbox.work_on"


@pytest.mark.django_db(transaction=True)
def test_while_stripe_is_down_an_event_waits_longer_each_time_and_the_task_with_it(client, run_tasks):
    row = received(client)
    run_tasks()
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("waiting", 1)
    assert "StripeDown" in row.reason
    first_wait = row.next_attempt_at - clock.real_now()
    task = DBTaskResult.objects.get()
    assert task.status == TaskResultStatus.READY
    assert task.run_after > clock.real_now()
    with pytest.raises(StripeDown):
        inbox.work(row, is_last_attempt=False)
    assert row.next_attempt_at - clock.real_now() > first_wait


@pytest.mark.django_db
def test_after_the_last_attempt_it_has_failed_until_somebody_replays_it(client):
    row = received(client)
    with pytest.raises(StripeDown):
        inbox.work(row, is_last_attempt=True)
    row.refresh_from_db()
    assert (row.status, row.next_attempt_at) == ("failed", None)
    assert StripeEvent.objects.unhandled().exists()
    tasks = DBTaskResult.objects.count()
    call_command("replay_stripe_events", "--failed")
    row.refresh_from_db()
    assert (row.status, row.attempts, row.reason) == ("waiting", 0, "")
    assert DBTaskResult.objects.count() == tasks + 1


def failed_for_good(client) -> StripeEvent:
    row = received(client)
    with pytest.raises(StripeDown):
        inbox.work(row, is_last_attempt=True)
    row.refresh_from_db()
    return row


@pytest.mark.django_db
def test_what_failed_for_good_sounds_an_alarm_of_its_own_and_a_failure_that_is_tried_again_none(client, caplog):
    row = received(client)
    with pytest.raises(StripeDown):
        inbox.work(row, is_last_attempt=False)
    assert not Alarm.objects.exists()
    with pytest.raises(StripeDown):
        inbox.work(row, is_last_attempt=True)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.text) == ("failed", "invoice.paid about in_1, evt_1")
    errors = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert any("events failed and are tried no more: invoice.paid about in_1, evt_1" in each for each in errors)


@pytest.mark.django_db
@pytest.mark.parametrize("how", [["--failed"], ["evt_1"]])
def test_a_replay_ends_the_alarm_of_what_failed(client, how):
    failed_for_good(client)
    call_command("replay_stripe_events", *how)
    assert not Alarm.objects.exists()


@pytest.mark.django_db
def test_the_alarm_of_what_failed_stands_while_another_failed_and_says_which(client):
    row = failed_for_good(client)
    StripeEvent.objects.create(
        stripe_id="evt_2", type="charge.refunded", object_id="ch_2", livemode=False, status="failed",
        created_at=clock.now(), received_at=clock.real_now(),
    )  # fmt: skip
    inbox.replay(row)
    assert Alarm.objects.get().text == "charge.refunded about ch_2, evt_2"


@pytest.mark.django_db
def test_the_daily_check_finds_and_ends_the_alarm_of_what_failed(client, settings):
    failed_for_good(client)
    settings.STRIPE_SECRET_KEY = ""  # from here on Stripe itself is not compared with
    Alarm.objects.all().delete()
    call_command("check_donations")
    assert Alarm.objects.get().kind == "failed"
    StripeEvent.objects.update(status="done")
    call_command("check_donations")
    assert not Alarm.objects.exists()


@pytest.mark.django_db
def test_an_event_of_the_other_mode_stays_set_apart_when_it_is_replayed(client):
    row = received(client, livemode=True)
    inbox.replay(row)
    row.refresh_from_db()
    assert row.status == "waiting"
    inbox.work(row)  # it would raise StripeDown if anybody were asked
    assert row.status == "quarantined"


@pytest.mark.django_db
def test_what_was_settled_is_not_worked_on_again(client):
    row = received(client)
    StripeEvent.objects.update(status="quarantined")
    row.refresh_from_db()
    inbox.work(row)  # it would raise StripeDown
    assert row.attempts == 0


@pytest.mark.django_db
def test_an_event_whose_task_was_lost_is_found_after_some_minutes(client):
    received(client)
    DBTaskResult.objects.all().delete()
    call_command("replay_stripe_events")
    assert not DBTaskResult.objects.exists()
    assert not Alarm.objects.exists()
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=11)):
        call_command("replay_stripe_events")
        call_command("replay_stripe_events")  # is not enqueued twice
    assert DBTaskResult.objects.count() == 1
    assert Alarm.objects.get().kind == "inbox"


@pytest.mark.django_db
def test_the_alarm_over_waiting_events_ends_when_none_waits(client):
    received(client)
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=11)):
        call_command("replay_stripe_events")
        call_command("replay_stripe_events")
        assert Alarm.objects.exists()  # it still waits
        StripeEvent.objects.update(status="done")
        call_command("replay_stripe_events")
    assert not Alarm.objects.exists()


@pytest.mark.django_db
def test_events_are_replayed_by_id_or_by_day(client):
    received(client)
    StripeEvent.objects.update(status="done")
    call_command("replay_stripe_events", "evt_1")
    assert StripeEvent.objects.get().status == "waiting"
    StripeEvent.objects.update(status="done")
    day = StripeEvent.objects.get().received_at.date()
    call_command("replay_stripe_events", f"--since={day + dt.timedelta(days=1)}")
    assert StripeEvent.objects.get().status == "done"
    call_command("replay_stripe_events", f"--since={day}")
    assert StripeEvent.objects.get().status == "waiting"
    with pytest.raises(CommandError, match="evt_unknown"):
        call_command("replay_stripe_events", "evt_unknown")


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_emptied"), [(59, False), (61, True)])
def test_raw_bodies_are_emptied_after_sixty_days_and_the_rest_stays(client, days, is_emptied):
    received(client)
    with time_machine.travel(clock.real_now() + dt.timedelta(days=days)):
        inbox.empty_old_bodies()
    row = StripeEvent.objects.get()
    assert (row.body == "") == is_emptied
    assert row.stripe_id == "evt_1"
