"""The page after paying: right before and after Stripe's own word, and silent about everything else."""

import datetime as dt

import pytest
from django.core.management import call_command

from donations import backing_cookie, completion, defence, sync
from donations.models import Intent, Payment, Pledge
from foundation.models import Letter
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", defence.dt.timedelta())


@pytest.fixture
def reader(stand_in):
    return Reader(stand_in)


def states(stand_in) -> list[str]:
    return [each["status"] for each in stand_in.see("rows")["checkout.session"]]


def test_it_thanks_before_any_event_came(reader):
    intent = reader.give()
    assert "We have received $25 USD. You are backing" in reader.said()
    assert (intent.status, Payment.objects.count(), Pledge.objects.count()) == ("completed", 1, 1)


def test_it_thanks_after_the_events_and_asks_stripe_no_more(reader, stand_in, run_tasks):
    reader.ask(kind="once")
    session = reader.session()
    reader.pay(session)
    stand_in.take_deliveries(reader.client)
    run_tasks()
    assert Intent.objects.get().status == "completed"
    before = len(stand_in.see("requests"))
    reader.thanks(session)
    assert "We have received $25 USD" in reader.said()
    assert len(stand_in.see("requests")) == before


def test_page_and_events_together_make_one_payment_and_one_letter(reader, stand_in, run_tasks):
    reader.give()
    stand_in.take_deliveries(reader.client)
    run_tasks()
    assert (Payment.objects.count(), Letter.objects.filter(kind="thanks").count()) == (1, 1)


def test_it_remembers_until_when_this_browser_backs(reader):
    reader.give()
    cookie = reader.client.cookies[backing_cookie.NAME]
    assert cookie["httponly"]
    told, _signature = cookie.value.split(":")
    assert dt.date.fromisoformat(told)  # and nothing of who it is


def test_it_shows_nothing_of_earlier_pledges(reader, stand_in):
    reader.give(choice="10000", message="First words", public_name="Ada Abbot", show_name="on")
    other = Reader(stand_in, address="203.0.113.8")
    other.give(email="ADA@example.org")
    for words in ("100", "First words", "Ada", "ada@example.org", "Once more", "two times"):
        assert words not in other.said()
    assert "$25 USD" in other.said()


def test_a_page_that_was_not_finished_says_so_and_leads_back_to_it(reader, stand_in):
    reader.ask()
    page = reader.thanks(reader.session())
    assert "Not finished yet" in reader.said()
    assert f"{stand_in.address}/pay/" in page.text
    assert backing_cookie.NAME not in reader.client.cookies


def test_a_page_that_expired_says_so(reader, stand_in):
    reader.ask()
    session = reader.session()
    stand_in.do("clock", advance=25 * 3600)
    reader.thanks(session)
    assert "This payment page is closed" in reader.said()


def test_a_bank_debit_is_thanked_for_and_not_counted_yet(reader, stand_in):
    reader.ask(kind="once")
    session = reader.session()
    reader.pay(session, debit=True)
    reader.thanks(session)
    assert "still on its way" in reader.said()
    assert not Payment.objects.exists()
    stand_in.do("clock", advance=4 * 86400)
    reader.thanks(session)
    assert "We have received $25 USD" in reader.said()


@pytest.mark.parametrize("session", ["", "cs_test_nothinglikeit", "../../etc", "cs_test_\x00", "sub_1", "x" * 9000])
def test_an_invented_page_is_not_found(reader, session):
    assert reader.client.get("/support/thanks/", {"session_id": session}).status_code == 404


def test_it_asks_stripe_only_so_often(reader, stand_in):
    reader.ask()
    session = reader.session()
    before = len(stand_in.see("requests"))
    for _ in range(40):
        assert reader.thanks(session).status_code == 200
    assert len(stand_in.see("requests")) - before == 30


def test_completing_one_closes_this_browsers_other_pages(reader, stand_in, run_tasks):
    other = Reader(stand_in, address="203.0.113.8")
    other.ask()
    theirs = other.session()
    reader.ask(choice="5000")
    reader.ask("/support/eur/", kind="once")
    reader.give()
    run_tasks()
    rows = {each["id"]: each["status"] for each in stand_in.see("rows")["checkout.session"]}
    assert sorted(rows.values()) == ["complete", "expired", "expired", "open"]
    assert rows[theirs] == "open"
    assert sorted(Intent.objects.values_list("status", flat=True)) == ["completed", "expired", "expired", "open"]


def test_a_page_that_was_begun_after_it_stays_open_however_late_the_worker_comes(reader, stand_in, run_tasks):
    reader.give()
    stand_in.do("clock", advance=60)
    reader.ask("/support/eur/", kind="once")
    run_tasks()
    assert states(stand_in) == ["complete", "open"]


def test_a_gift_that_was_given_back_is_not_still_on_its_way(reader, stand_in):
    intent = reader.give(kind="once")
    charge = Payment.objects.get().fact_key
    stand_in.do(f"charges/{charge}/refund")
    sync.sync_charge(charge)
    reader.thanks(intent.session_id)
    assert "Nothing of it counts any more" in reader.said()
    assert "on its way" not in reader.said()


def test_of_two_pages_that_were_both_paid_both_count(reader, stand_in, run_tasks):
    reader.ask(choice="5000")
    first = reader.session()
    reader.ask(choice="2500")
    second = reader.session()
    reader.pay(first)
    reader.pay(second)
    reader.thanks(second)
    run_tasks()
    reader.thanks(first)
    assert states(stand_in) == ["complete", "complete"]
    assert Payment.objects.count() == 2


def test_finishing_is_safe_to_repeat_and_knows_intents_that_are_gone(reader, stand_in):
    intent = reader.give()
    for _ in range(2):
        completion.finish.call(str(intent.pk))
    completion.finish.call("00000000-0000-0000-0000-000000000000")
    assert states(stand_in) == ["complete"]


def test_what_was_typed_and_never_paid_is_emptied_after_two_months(reader, stand_in):
    paid = reader.give(message="Kept", public_name="Ada", show_name="on")
    reader.ask(choice="5000", message="Typed and left", public_name="Ada", show_name="on")
    stand_in.do("clock", advance=59 * 86400)
    call_command("prune_donations", verbosity=0)
    left = Intent.objects.get(amount_minor=5000)
    assert left.message == "Typed and left"
    stand_in.do("clock", advance=2 * 86400)
    call_command("prune_donations", verbosity=0)
    for intent in (paid, left):
        intent.refresh_from_db()
    assert (left.message, left.public_name, left.browser_hash, left.name_status) == ("", "", "", "hidden")
    assert (paid.message, paid.public_name, paid.browser_hash, paid.name_status) == ("Kept", "Ada", "", "pending")
