"""The ledger is compared with itself part by part, without its lock; what is found is looked at again under it."""

import contextlib
import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donations import contributions, drift, ground
from donations.models import Contribution, StripeEvent
from foundation import clock
from tests.donations.stripe_facts import PledgeStory, gift, intent, utc

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(utc(2027, 10, 2), tick=False)]


@pytest.fixture
def ledger():
    """Three pledges of several charges, and three gifts."""
    for number in range(3):
        story = PledgeStory(utc(2027, 2, 15 + number), name=f"p{number}", email=f"p{number}@example.org")
        for charge in range(3):
            story.tell()
            story.paid(charge)
        story.refund(1, utc(2027, 6, 1), minor=500, refund=f"r{number}")
        gift(utc(2027, 5, 1 + number), name=f"g{number}", email=f"g{number}@example.org")


@pytest.fixture
def holds(monkeypatch):
    """How often the ledger's lock was taken."""
    taken = []
    held = ground.held

    @contextlib.contextmanager
    def counted():
        taken.append(1)
        with held():
            yield

    monkeypatch.setattr(ground, "held", counted)
    return taken


def queries() -> int:
    with CaptureQueriesContext(connection) as captured:
        assert drift.of_contributions() == ""
    return len(captured)


def test_a_ledger_that_is_right_is_compared_without_its_lock(ledger, holds):
    assert drift.of_contributions() == ""
    assert not holds
    Contribution.objects.filter(pledge=None).update(amount_minor=9)
    assert drift.of_contributions().count("The gift") == 3
    assert len(holds) == 3


def test_more_pledges_and_gifts_in_a_part_cost_no_more_queries(ledger):
    few = queries()
    for number in range(3, 9):
        PledgeStory(utc(2027, 2, 15), name=f"p{number}", email=f"p{number}@example.org").tell()
        gift(utc(2027, 5, 1), name=f"g{number}", email=f"g{number}@example.org")
    assert queries() == few


@pytest.mark.parametrize(
    "spoil",
    [
        {"amount_minor": 9},
        {"base_micro": 9},
        {"state": "gone"},
        {"currency": "EUR"},
        {"lapses_at": utc(2028, 1, 1)},
        {"due_at": utc(2029, 1, 1)},
        {"payment": None},
    ],
)
def test_whatever_is_written_wrongly_of_a_pledge_is_found(ledger, spoil, monkeypatch):
    monkeypatch.setattr(drift, "PLEDGES_AT_ONCE", 2)  # the third is in a part of its own
    row = Contribution.objects.filter(pledge__stripe_id="sub_p2", state="paid").first()
    Contribution.objects.filter(pk=row.pk).update(**spoil)
    assert drift.of_contributions() == "The pledge sub_p2 brings something else than is written"


def test_what_is_missing_or_too_much_is_found(ledger, monkeypatch):
    monkeypatch.setattr(drift, "GIFTS_AT_ONCE", 2)
    Contribution.objects.get(payment__fact_key="ch_g2").delete()
    assert drift.of_contributions() == "The gift ch_g2 brings something else than is written"
    Contribution.objects.filter(pledge__stripe_id="sub_p0", payment=None).delete()
    Contribution.objects.filter(pledge__stripe_id="sub_p1", state="paid").update(pledge=None, due_at=None)
    told = drift.of_contributions()
    assert "The pledge sub_p0 " in told
    assert "The pledge sub_p1 " in told
    assert told.count("behind which nothing stands") == 3


def test_a_suspicion_that_a_writer_clears_meanwhile_is_not_told(ledger, monkeypatch):
    """The rows of a part are read one after another; a charge may come between two of these readings."""
    Contribution.objects.filter(payment__fact_key="ch_g1").update(amount_minor=9)
    unlike = contributions.unlike_gifts

    def and_then_a_writer_comes(gifts):
        found = unlike(gifts)
        assert len(found) == 1
        Contribution.objects.filter(amount_minor=9).update(amount_minor=5000)
        return found

    monkeypatch.setattr(contributions, "unlike_gifts", and_then_a_writer_comes)
    assert drift.of_contributions() == ""


def test_when_everything_is_wrong_the_lock_is_taken_for_a_few_only(ledger, holds, monkeypatch):
    monkeypatch.setattr(drift, "NAMED_AT_MOST", 2)
    Contribution.objects.update(currency="GBP")
    told = drift.of_contributions().splitlines()
    assert (len(told), told[-1]) == (3, "and there are more")
    assert len(holds) == 3


@pytest.mark.parametrize("ahead", [-400, 0, 90])
def test_silence_before_the_first_event_is_measured_by_the_clock_of_what_was_asked(settings, tmp_path, ahead):
    settings.DEMO_CLOCK_FILE = str(tmp_path / "clock.json")
    (tmp_path / "clock.json").write_text(json.dumps(ahead * 24 * 60 * 60))
    asked = intent()
    type(asked).objects.update(session_id="cs_test_1", created_at=clock.now() - dt.timedelta(days=6))
    assert drift.of_silence() == ""
    type(asked).objects.update(created_at=clock.now() - dt.timedelta(days=8))
    assert drift.of_silence().startswith("Stripe has told nothing for 8 days: is the webhook endpoint")


@pytest.mark.parametrize("ahead", [0, 90])
def test_silence_names_no_moment_of_a_clock_that_the_page_does_not_show(settings, tmp_path, ahead):
    settings.DEMO_CLOCK_FILE = str(tmp_path / "clock.json")
    (tmp_path / "clock.json").write_text(json.dumps(ahead * 24 * 60 * 60))
    settings.STRIPE_SILENT_AFTER_HOURS = 24
    StripeEvent.objects.create(
        stripe_id="evt_1", livemode=False, created_at=clock.now(), received_at=clock.real_now() - dt.timedelta(hours=30)
    )
    assert drift.of_silence().startswith("Stripe has told nothing for 30 hours: is")
