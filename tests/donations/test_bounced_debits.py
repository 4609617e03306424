"""A first debit from a bank account that bounces days later: nothing counts, one letter tells, the ask comes back."""

import datetime as dt

import pytest
from django.http import HttpRequest

from donations import backing_cookie, people, reconcile, sync
from donations.models import Contribution, Intent, Invoice, Payment, Pledge
from foundation import clock
from foundation.models import Letter
from tests.donations.reader import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_is_too_fast")]

BOUNCES = "4000000000000002"
DAY = 86400


@pytest.fixture
def debit(stand_in, run_tasks):
    return Debit(stand_in, run_tasks)


class Debit:
    """A reader who pays from a bank account, in euros."""

    def __init__(self, stand_in, run_tasks):
        self.stand_in, self.run_tasks, self.reader = stand_in, run_tasks, Reader(stand_in)

    def begin(self, kind: str, card: str = BOUNCES) -> str:
        self.reader.ask("/support/eur/", kind=kind)
        self.session = self.reader.session()
        self.reader.pay(self.session, card=card, debit=True)
        self.settle()
        self.look()
        return self.session

    def go_on(self, days: float) -> None:
        self.stand_in.do("clock", advance=int(days * DAY))
        self.settle()

    def settle(self) -> None:
        while self.stand_in.take_deliveries(self.reader.client):
            self.run_tasks()

    def look(self) -> str:
        self.reader.thanks(self.session)
        return self.reader.said()

    def spared_until(self) -> dt.date | None:
        kept = self.reader.client.cookies.get(backing_cookie.NAME)
        if kept is None:
            return None
        request = HttpRequest()
        request.COOKIES = {backing_cookie.NAME: kept.value}
        return backing_cookie.backs_until(request)


def kinds() -> list[str]:
    return sorted(Letter.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("kind", ["quarterly", "once"])
def test_one_letter_tells_of_it_with_the_way_to_try_again(debit, kind):
    debit.begin(kind)
    assert kinds() == []
    for _ in range(4):
        debit.go_on(7)
    assert kinds() == ["debit-failed"]
    letter = Letter.objects.get()
    assert letter.to == "ada@example.org"
    for words in (letter.text, letter.html):
        assert "€25" in words
        assert "Nothing was taken" in words
        assert "http://testserver/support/eur/" in words
        assert ("every quarter" in words) == (kind == "quarterly")


def test_a_pledge_is_no_promise_and_tried_no_more_once_its_first_debit_bounced(debit, stand_in):
    debit.begin("quarterly")
    assert Contribution.objects.filter(state="promised").exists()
    debit.go_on(4)
    assert set(Contribution.objects.values_list("state", flat=True)) == {"gone"}
    assert (Pledge.objects.get().status, Invoice.objects.get().status) == ("canceled", "void")
    rows = stand_in.see("rows")
    assert [row["status"] for row in rows["subscription"]] == ["canceled"]
    assert [row["status"] for row in rows["charge"]] == ["failed"]
    assert [str(each) for each in reconcile.run().found] == []


@pytest.mark.parametrize("kind", ["quarterly", "once"])
def test_the_thanks_page_says_so(debit, kind):
    debit.begin(kind)
    assert "still on its way" in debit.look()
    debit.go_on(4)
    said = debit.look()
    assert "did not come through" in said
    assert "Nothing was taken" in said
    assert 'href="/support/eur/"' in debit.reader.page.text


@pytest.mark.parametrize("kind", ["quarterly", "once"])
def test_a_debit_that_arrives_is_told_by_its_receipt_alone(debit, kind):
    debit.begin(kind, card="")
    debit.go_on(4)
    assert kinds() == ["thanks"]


def test_a_renewal_that_bounces_is_tried_again_as_any_other(debit, stand_in):
    debit.begin("quarterly", card="4000000000000341")
    debit.go_on(4)
    assert Payment.objects.count() == 1
    due_at = Pledge.objects.get().next_charge_at
    stand_in.do("clock", to=int(due_at.timestamp()) + 4 * DAY)
    debit.settle()
    assert kinds() == ["charge-failed", "thanks"]
    assert Pledge.objects.get().status == "past_due"


def test_a_card_that_is_declined_on_the_payment_page_is_told_there(debit, stand_in):
    debit.reader.ask("/support/eur/", kind="once")
    session = debit.reader.session()
    with pytest.raises(Exception, match="declined"):
        debit.reader.pay(session, card=BOUNCES)
    debit.settle()
    sync.sync_session(session)
    debit.go_on(2)
    assert kinds() == []
    assert Intent.objects.get().status == "expired"


def test_an_incomplete_subscription_is_told_of_once_its_payment_page_is_done(debit, stand_in):
    debit.begin("quarterly")
    (row,) = stand_in.see("rows")["subscription"]
    held = stand_in.engine.get("subscription", row["id"])
    held["status"] = "incomplete"
    stand_in.engine.store.touch("subscription", held)
    sync.sync_subscription(row["id"])
    assert not Contribution.objects.filter(state="promised").exists()
    assert "still on its way" in debit.look()
    debit.go_on(4)
    assert kinds() == ["debit-failed"]
    assert Pledge.objects.get().status == "canceled"


@pytest.mark.parametrize("kind", ["quarterly", "once"])
def test_nothing_is_told_to_the_forgotten_or_long_afterwards(debit, stand_in, kind):
    session = debit.begin(kind)
    stand_in.do("clock", advance=60 * DAY)
    if kind == "once":  # a pledge's end is told whenever it comes
        sync.sync_session(session)
        assert kinds() == []
    backer = people.find_or_make_by_email("ada@example.org", livemode=False, name="", at=clock.now())
    type(backer).objects.filter(pk=backer.pk).update(forgotten_at=clock.now())
    debit.settle()
    assert kinds() == []


@pytest.mark.parametrize(("kind", "days"), [("quarterly", 300), ("once", 90)])
def test_the_ask_is_spared_for_two_weeks_and_longer_once_it_is_paid(debit, stand_in, kind, days):
    stand_in.do("clock", to=int(dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC).timestamp()))
    debit.begin(kind, card="")
    assert debit.spared_until() <= (clock.now() + dt.timedelta(days=15)).date()
    assert debit.spared_until() >= (clock.now() + dt.timedelta(days=13)).date()
    debit.go_on(4)
    debit.look()
    assert debit.spared_until() > (clock.now() + dt.timedelta(days=days)).date()


@pytest.mark.parametrize("kind", ["quarterly", "once"])
def test_after_a_bounce_the_ask_comes_back(debit, kind):
    debit.begin(kind)
    debit.go_on(4)
    debit.look()
    debit.go_on(12)
    assert debit.spared_until() is None


def test_who_backs_already_is_spared_no_shorter_for_a_debit(debit):
    debit.reader.give()
    before = debit.spared_until()
    debit.begin("quarterly")
    assert debit.spared_until() == before


def test_the_page_of_ones_pledges_spares_the_ask_no_longer(debit):
    debit.begin("quarterly")
    debit.reader.come_in()
    assert debit.spared_until() <= (clock.now() + dt.timedelta(days=15)).date()
    debit.go_on(4)
    debit.reader.open("/support/manage/pledges/")
    assert debit.spared_until() is None


def test_reconciliation_mends_a_bounce_that_no_event_told_of(debit, stand_in):
    debit.begin("quarterly")
    stand_in.do("clock", advance=4 * DAY)
    reconcile.run(apply=True)
    assert kinds() == ["debit-failed"]
    assert not Contribution.objects.filter(state="promised").exists()
    debit.settle()
    assert kinds() == ["debit-failed"]
    assert [str(each) for each in reconcile.run().found] == []
