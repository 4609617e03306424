"""Books are closed over a ledger that is as Stripe tells; what is wrong sounds an alarm until it is not."""

import contextlib
import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command

from donations import drift, offline, reconcile, sync
from donations.models import Alarm, Contribution, Invoice, LateEntry, Payment, Pledge, QuarterBook, StripeEvent
from donations.money import Money
from donations.quarters import Quarter
from foundation import clock
from tests.donations.stripe_path import ASKS, Path, figures

pytestmark = pytest.mark.django_db

Q2 = Quarter(2027, 2)


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


@pytest.fixture(autouse=True)
def no_news_is_on_its_way(monkeypatch):
    monkeypatch.setattr(drift, "NEWS_TAKES", dt.timedelta())


def close() -> str:
    out = io.StringIO()
    call_command("close_books", stdout=out)
    return out.getvalue()


def closed() -> list[Quarter]:
    return list(QuarterBook.objects.exclude(closed_at=None).order_by("quarter").values_list("quarter", flat=True))


def test_books_are_closed_fourteen_days_after_the_quarter_and_not_before(path):
    path.pledge()
    path.go_to(dt.datetime(2027, 7, 13, 12, tzinfo=dt.UTC))
    path.settle()
    close()
    assert closed() == []
    path.go_to(dt.datetime(2027, 7, 14, 12, tzinfo=dt.UTC))
    path.settle()
    assert "Q2 2027 are closed" in close()
    assert closed() == [Q2]
    assert "No quarter" in close()


def test_closing_makes_good_first_what_was_never_heard(path):
    path.pay(path.ask())
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    offline.record_offline_gift(  # so that there is a quarter to close at all
        backer=None, email="cash@example.org", money=Money(100, "USD"), received_on=dt.date(2027, 3, 1), method="cash"
    )
    close()
    assert QuarterBook.objects.get(quarter=Q2).closed_totals == {"USD": 2600}


def test_books_stay_open_while_an_event_failed(path):
    path.pledge()
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    path.settle()
    StripeEvent.objects.filter(type="invoice.paid").update(status="failed")
    with pytest.raises(CommandError, match="wait"):
        close()
    assert closed() == []
    StripeEvent.objects.update(status="done")
    close()
    assert closed() == [Q2]


def test_books_stay_open_over_a_difference_that_remains(path):
    path.pledge()
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    path.settle()
    Payment.objects.filter(quarter=Q2).update(amount_minor=9)
    with pytest.raises(CommandError, match="remain"):
        close()
    assert closed() == []


def test_books_stay_open_while_stripe_cannot_be_asked(path):
    path.pledge()
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    path.settle()
    path.stand_in.do("faults", status=500)
    with pytest.raises(CommandError, match="could not be asked"):
        close()
    assert closed() == []


def test_a_ledger_of_cash_alone_is_closed_without_stripe(settings):
    settings.STRIPE_SECRET_KEY = ""
    with time_machine.travel(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC)):
        offline.record_offline_gift(
            backer=None, email="a@example.org", money=Money(100, "USD"), received_on=dt.date(2027, 3, 1), method="cash"
        )
        close()
    assert closed() == [Q2]


def test_a_ledger_with_payments_by_stripe_is_not_closed_without_its_key(path, settings):
    path.pledge()
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="no key"):
        close()


def test_a_refund_after_the_closing_is_dated_beside_it(path):
    payment = path.gift()
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    path.settle()
    close()
    path.go_to(dt.datetime(2027, 10, 20, 12, tzinfo=dt.UTC))
    path.stand_in.do(f"charges/{payment.fact_key}/refund")
    path.settle()
    entry = LateEntry.objects.get()
    assert (entry.reason, entry.amount_minor, entry.backers) == ("refund", -2500, -1)
    assert entry.occurred_at.date() == dt.date(2027, 10, 20)
    assert drift.of_closed_books() == ""


def test_all_is_well_and_no_alarm_sounds(path):
    path.pledge()
    call_command("check_donations")
    assert not Alarm.objects.exists()


def sounding() -> set[str]:
    call_command("check_donations")
    return set(Alarm.objects.values_list("kind", flat=True))


def test_drift_from_stripe_sounds_until_it_is_repaired(path, caplog):
    pledge = path.pledge()
    Pledge.objects.update(status="past_due")
    assert sounding() == {"drift"}
    assert pledge.stripe_id in Alarm.objects.get().text
    assert any(record.levelname == "ERROR" and "differs from Stripe" in record.message for record in caplog.records)
    since = Alarm.objects.get().since
    path.go_on(days=1)
    assert sounding() == {"drift"}
    alarm = Alarm.objects.get()
    assert (alarm.since, alarm.seen_at > since) == (since, True)
    with pytest.raises(CommandError):
        call_command("reconcile_stripe", "--apply")
    assert sounding() == set()


def has_quieted(*options: str) -> bool:
    with contextlib.suppress(CommandError):
        call_command("reconcile_stripe", *options)
    return not Alarm.objects.exists()


def test_a_repair_of_all_ends_the_alarm_at_once(path):
    path.pledge()
    Pledge.objects.update(status="past_due")
    assert sounding() == {"drift"}
    assert not has_quieted()
    assert has_quieted("--apply")


def test_a_repair_of_a_shorter_time_leaves_the_alarm_to_the_daily_check(path):
    path.pledge()
    Pledge.objects.update(status="past_due")
    assert sounding() == {"drift"}
    today = clock.now().date()
    assert not has_quieted("--apply", f"--from={today - dt.timedelta(days=20)}")
    assert not has_quieted("--apply", f"--until={today - dt.timedelta(days=2)}")
    assert has_quieted("--apply", f"--from={today - dt.timedelta(days=60)}", f"--until={today}")


def test_a_repair_that_leaves_something_or_did_not_help_leaves_the_alarm(path, monkeypatch):
    path.pledge()
    Pledge.objects.update(status="past_due")
    assert sounding() == {"drift"}
    monkeypatch.setattr(reconcile, "_repair", lambda difference: "a person has to look at it")
    assert not has_quieted("--apply")
    monkeypatch.setattr(reconcile, "_repair", lambda difference: "")
    assert not has_quieted("--apply")
    monkeypatch.undo()
    assert has_quieted("--apply")


def test_a_stripe_that_cannot_be_asked_is_an_alarm_too(path):
    path.pledge()
    path.stand_in.do("faults", status=500)
    assert sounding() == {"drift"}


def test_a_key_that_stripe_refuses_is_an_alarm_and_ends_a_reconciliation(path, settings):
    path.pledge()
    settings.STRIPE_SECRET_KEY = "sk_test_revoked"
    assert sounding() == {"drift"}
    with pytest.raises(CommandError) as ended:
        call_command("reconcile_stripe")
    assert ended.value.returncode == 2


def test_contributions_that_do_not_follow_from_the_facts_sound(path):
    path.pledge()
    path.gift()
    Contribution.objects.filter(state="paid", pledge=None).update(amount_minor=9)
    assert sounding() == {"contributions"}
    assert "The gift" in Alarm.objects.get().text
    assert Contribution.objects.filter(amount_minor=9).exists()  # it repairs nothing
    Contribution.objects.filter(amount_minor=9).update(amount_minor=2500)
    assert sounding() == set()
    Contribution.objects.filter(state="promised").first().delete()
    assert sounding() == {"contributions"}
    assert "The pledge" in Alarm.objects.get().text


def test_a_contribution_of_nobodys_sounds(path):
    payment = path.gift()
    row = Contribution.objects.get()
    row.pk, row.payment = None, None
    row.save()
    assert payment.contribution.amount_minor == row.amount_minor
    assert sounding() == {"contributions"}


def test_closed_books_that_do_not_add_up_sound(path):
    path.pledge()
    path.go_to(dt.datetime(2027, 7, 20, 12, tzinfo=dt.UTC))
    path.settle()
    close()
    QuarterBook.objects.filter(quarter=Q2).update(closed_backers=9)
    assert sounding() == {"books"}


@pytest.mark.parametrize(("hours", "sounds"), [(167, set()), (169, {"silence"})])
def test_a_stripe_that_tells_nothing_for_a_week_sounds(path, hours, sounds):
    path.pledge()
    StripeEvent.objects.update(received_at=clock.real_now() - dt.timedelta(hours=hours))
    assert sounding() == sounds


def test_silence_from_the_first_visit_to_a_payment_page_sounds_too(path, settings):
    intent = path.ask()
    type(intent).objects.update(created_at=clock.now() - dt.timedelta(days=6))
    assert drift.of_silence() == ""
    type(intent).objects.update(created_at=clock.now() - dt.timedelta(days=8))
    assert "webhook endpoint" in drift.of_silence()


def test_a_question_nobody_answers_ends_by_the_daily_check_though_no_event_tells(path):
    intent = path.ask()
    session = path.pay(intent, ASKS, authenticated=True)
    path.settle()
    path.go_on(days=90)
    path.settle()
    waiting = Invoice.objects.filter(status="open")
    assert waiting.exists()
    path.go_on(days=30)
    path.settle()
    call_command("check_donations")
    assert not waiting.exists()
    assert Pledge.objects.get(stripe_id=session["subscription"]).status == "canceled"
    assert figures(2027, 4) == (0, {}, {})


def test_asking_after_unanswered_questions_leaves_those_that_may_still_be_answered(path):
    path.pay(path.ask(), ASKS, authenticated=True)
    path.settle()
    path.go_on(days=90)
    path.settle()
    sync.sync_unanswered()
    assert Invoice.objects.filter(status="open").exists()
