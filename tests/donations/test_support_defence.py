"""Cards cannot be tried out here by the hundred, and people who mean it get through."""

import datetime as dt
import re

import pytest
import time_machine

from donations import defence
from donations.models import Alarm, Intent
from tests.donations.reader import Reader
from tests.proof import IS_LONG

pytestmark = pytest.mark.django_db

NOW = dt.datetime.now(dt.UTC).replace(minute=2, second=0, microsecond=0)
SLOWEST = defence.WAIT * 2**defence.DOUBLINGS + dt.timedelta(seconds=1)


@pytest.fixture
def moment():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


def made(stand_in) -> int:
    return len(stand_in.see("rows").get("checkout.session", []))


def try_cards(stand_in, address: str, times: int) -> list[int]:
    """A new browser each time, as a machine would."""
    return [Reader(stand_in, address=address).ask(choice="1000", kind="once").status_code for _ in range(times)]


def test_one_address_gets_five_pages_before_it_is_asked_to_confirm(stand_in, moment):
    assert try_cards(stand_in, "203.0.113.7", 9) == [303] * 5 + [422] * 4
    assert made(stand_in) == 5


def test_addresses_of_one_network_count_together(stand_in, moment):
    answers = [try_cards(stand_in, f"2001:db8:1:2::{n:x}", 1)[0] for n in range(1, 9)]
    assert answers == [303] * 5 + [422] * 3
    assert try_cards(stand_in, "2001:db8:1:3::1", 1) == [303]


def test_one_browser_on_many_addresses_is_asked_to_confirm(stand_in, moment):
    reader = Reader(stand_in)
    answers = []
    for n in range(7):
        reader.client.defaults["REMOTE_ADDR"] = f"198.51.100.{n}"
        answers.append(reader.ask(choice="1000", kind="once").status_code)
    assert answers == [303] * 5 + [422] * 2


def test_hundreds_of_tries_from_fifty_addresses_make_thirty_pages(stand_in, moment, caplog):
    rounds = 8 if IS_LONG else 2
    answers = [code for _ in range(rounds) for n in range(50) for code in try_cards(stand_in, f"198.51.100.{n}", 1)]
    assert (len(answers), answers.count(303)) == (rounds * 50, 30)
    assert made(stand_in) == 30
    assert len([each for each in caplog.records if "stolen cards" in each.getMessage()]) == 1


def test_the_treasurer_is_told_of_a_burst_for_a_day(stand_in, moment):
    for n in range(31):
        try_cards(stand_in, f"198.51.100.{n}", 1)
    assert "30 payment pages" in Alarm.objects.get().text
    moment.shift(dt.timedelta(hours=23))
    defence.calm_down()
    assert Alarm.objects.exists()
    moment.shift(dt.timedelta(hours=2))
    defence.calm_down()
    assert not Alarm.objects.exists()


def test_an_address_over_its_own_limit_closes_the_door_to_nobody_else(stand_in, moment):
    try_cards(stand_in, "203.0.113.7", 40)
    assert try_cards(stand_in, "203.0.113.8", 1) == [303]


def test_however_many_mean_it_all_get_through(stand_in, moment):
    people = 200 if IS_LONG else 80
    for n in range(people):
        reader = Reader(stand_in, address=f"198.51.{n // 100}.{n % 100}")
        reader.ask()
        if reader.page.status_code == 422:
            assert "One more step" in reader.said()
            moment.shift(SLOWEST)
            reader.confirm()
        assert reader.session()
    assert made(stand_in) == people


def test_the_step_takes_some_seconds_and_keeps_what_was_typed(stand_in, moment):
    try_cards(stand_in, "203.0.113.7", 5)
    reader = Reader(stand_in)
    reader.ask(choice="other", amount="12,50", message="Kept\nwords", public_name="Ada", show_name="on")
    assert "$12.50 USD" in reader.said()
    assert "wait 5 seconds" in reader.said()
    moment.shift(dt.timedelta(seconds=2))
    assert reader.answer().status_code == 422
    assert "a little too fast" in reader.said()
    assert "wait 3 seconds" in reader.said()
    moment.shift(dt.timedelta(seconds=3))
    assert reader.confirm().status_code == 303
    intent = Intent.objects.get(session_id=reader.session())
    assert (intent.amount_minor, intent.message, intent.public_name) == (1250, "Kept\nwords", "Ada")


@pytest.fixture
def confirmed(stand_in, moment):
    """Somebody who took the slower step and was sent to the page behind which the payment page comes."""
    try_cards(stand_in, "203.0.113.7", 5)
    reader = Reader(stand_in)
    reader.ask(choice="other", amount="12,50", message="Kept\nwords", public_name="Ada", show_name="on", kind="once")
    moment.shift(dt.timedelta(seconds=6))
    assert reader.answer().status_code == 303
    return reader


def test_an_answer_to_the_form_may_be_met_again_by_back_in_this_browser_alone(stand_in):
    try_cards(stand_in, "203.0.113.7", 5)
    reader = Reader(stand_in)
    assert "no-store" in reader.open().headers["Cache-Control"]
    assert reader.send(kind="once", choice="2500").status_code == 422
    assert reader.page.headers["Cache-Control"] == "private, no-cache"
    assert reader.ask(choice="").headers["Cache-Control"] == "private, no-cache"


def test_after_the_step_the_way_back_from_the_payment_page_is_a_page_to_be_fetched(confirmed, stand_in):
    address = confirmed.page.headers["Location"]
    assert re.fullmatch(r"/support/ready/\?intent=[0-9a-f]{32}%3A[\w-]{43}", address)
    for _time in ("after the step", "by the browser's Back"):
        page = confirmed.open(address)
        assert page.status_code == 200
        assert "no-store" in page.headers["Cache-Control"]
        for words in ("$12.50 USD", "once", "Ada", "Kept words"):
            assert words in confirmed.said()
        assert confirmed.send("/support/").status_code == 303
        assert confirmed.page.headers["Location"].startswith(stand_in.address)
    intent = Intent.objects.get(session_id=confirmed.session())
    assert (intent.message, intent.public_name, intent.name_status) == ("Kept\nwords", "Ada", "pending")
    assert made(stand_in) == 6


def test_the_page_after_the_step_opens_in_its_own_browser_and_until_it_is_paid(confirmed, stand_in):
    address = confirmed.page.headers["Location"]
    assert Reader(stand_in).open(address).headers["Location"] == "/support/"
    assert Reader(stand_in).open("/support/ready/?intent=x").headers["Location"] == "/support/"
    confirmed.open(address)
    confirmed.send("/support/")
    session = confirmed.session()
    confirmed.pay(session)
    confirmed.thanks(session)
    assert session in confirmed.open(address).headers["Location"]


def test_a_confirmation_is_good_for_its_own_terms_alone(stand_in, moment):
    try_cards(stand_in, "203.0.113.7", 5)
    reader = Reader(stand_in)
    reader.ask(choice="1000", kind="once")
    confirmation = reader.form()["confirmation"]
    moment.shift(dt.timedelta(seconds=20))
    assert reader.answer(choice="5000").status_code == 422
    reader.ask(choice="1000", kind="once")
    assert reader.answer(confirmation=confirmation).status_code == 422
    for forged in ["x", confirmation[:-2], "\x00", "a:b:c"]:
        reader.ask(choice="1000", kind="once")
        assert reader.answer(confirmation=forged).status_code == 422
    assert made(stand_in) == 5


def test_who_goes_on_past_the_step_is_sent_away_for_a_while(stand_in, moment):
    answers = []
    for _ in range(defence.PER_NETWORK + defence.CONFIRMED_PER_NETWORK + 3):
        reader = Reader(stand_in)
        reader.ask(choice="1000", kind="once", message="Kept")
        if reader.page.status_code == 422:
            moment.shift(SLOWEST)
            reader.confirm()
            moment.move_to(NOW + dt.timedelta(seconds=len(answers)))
        answers.append(reader.page.status_code)
    assert answers == [303] * 15 + [429] * 3
    assert "wait ten minutes" in reader.said()
    assert "Nothing was charged" in reader.said()
    assert reader.form()["message"] == "Kept"
    moment.shift(dt.timedelta(minutes=12))
    assert reader.send("/support/").status_code == 303


def test_a_form_that_is_sent_at_once_is_asked_to_confirm(stand_in, moment, monkeypatch):
    monkeypatch.undo()
    reader = Reader(stand_in)
    reader.open()
    moment.shift(dt.timedelta(seconds=1))
    assert reader.send(kind="once", choice="2500").status_code == 422
    reader.open()
    moment.shift(dt.timedelta(seconds=3))
    assert reader.send(kind="once", choice="2500").status_code == 303


def test_a_filled_trap_is_asked_to_confirm_and_not_refused(stand_in, moment):
    reader = Reader(stand_in)
    assert reader.ask(homepage="https://spam.example").status_code == 422
    moment.shift(dt.timedelta(seconds=6))
    assert reader.answer().status_code == 303


def test_sending_the_same_again_counts_once(stand_in, moment):
    reader = Reader(stand_in)
    reader.open()
    told = {**reader.form(), "kind": "once", "choice": "1000"}
    assert [reader.client.post("/support/", told).status_code for _ in range(12)] == [303] * 12


def test_a_form_that_is_sent_on_and_on_does_not_ask_stripe_each_time(stand_in, moment):
    reader = Reader(stand_in)
    reader.open()
    told = {**reader.form(), "kind": "quarterly", "choice": "2500"}
    answers = [reader.client.post("/support/", told).status_code for _ in range(defence.PER_INTENT + 4)]
    assert answers == [303] * (defence.PER_INTENT + 1) + [429] * 3
    assert made(stand_in) == 1


def test_one_form_sent_with_ever_other_amounts_counts_each_time(stand_in, moment):
    reader = Reader(stand_in)
    reader.open()
    told = {**reader.form(), "kind": "once", "choice": "other"}
    answers = [reader.client.post("/support/", {**told, "amount": 10 + n}).status_code for n in range(8)]
    assert answers == [303] * 5 + [422] * 3


def test_mistyped_forms_count_for_nothing(stand_in, moment):
    reader = Reader(stand_in)
    assert [reader.ask(choice="other", amount="x").status_code for _ in range(20)] == [422] * 20
    assert reader.ask().status_code == 303
