"""Stripe hangs, refuses, answers nonsense or loses its answers: what backers are told, and how soon."""

import pytest

from donations import defence
from donations.models import Intent, Payment, Pledge
from tests.donations.in_time import answered_in_time
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db

FAULTS = [{"status": 500}, {"status": 429}, {"status": 503}, {"refuse": True}]


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", defence.dt.timedelta())


@pytest.fixture
def reader(stand_in):
    return Reader(stand_in)


def sessions(stand_in) -> list[dict]:
    return stand_in.see("rows").get("checkout.session", [])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_pledge_that_cannot_be_begun_is_told_of_and_can_be_sent_again(reader, stand_in, fault):
    stand_in.do("faults", **fault)
    page = reader.ask(message="Kept", choice="other", amount="12,50", public_name="Ada", show_name="on")
    assert page.status_code == 503
    assert "does not answer at the moment. Nothing was charged." in reader.said()
    form = reader.form()
    assert (form["message"], form["amount"], form["public_name"], form["show_name"]) == ("Kept", "12,50", "Ada", "on")
    stand_in.do("faults", status=0, refuse=False)
    assert reader.send().status_code == 303
    assert len(sessions(stand_in)) == Intent.objects.count() == 1


def test_a_stripe_that_hangs_is_given_up_within_eight_seconds(reader, stand_in):
    reader.open()
    stand_in.do("faults", hang_seconds=20)
    page = answered_in_time(lambda: reader.send(kind="quarterly", choice="2500"))
    assert page.status_code == 503
    assert "Nothing was charged." in reader.said()


def test_a_lost_answer_leads_to_the_page_that_was_made_and_to_no_second_one(reader, stand_in):
    # The site's product is made with the first page of all.
    Reader(stand_in, address="203.0.113.99").ask(choice="1000")
    stand_in.do("faults", lose_answers=True)
    assert reader.ask().status_code == 503
    assert len(sessions(stand_in)) == 2
    stand_in.do("faults", lose_answers=False)
    reader.send()
    assert reader.session() == Intent.objects.get(amount_minor=2500).session_id
    assert len(sessions(stand_in)) == 2


def test_a_wrong_key_is_told_of_as_our_trouble(reader, stand_in, settings, caplog):
    settings.STRIPE_SECRET_KEY = "sk_test_another"
    page = reader.ask()
    assert page.status_code == 503
    assert "did not accept this request. Nothing was charged." in reader.said()
    assert any("refused a payment page" in each.getMessage() for each in caplog.records)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_thanks_page_never_says_that_nothing_was_charged_when_it_cannot_know(reader, stand_in, fault):
    reader.ask()
    session = reader.session()
    reader.pay(session)
    stand_in.do("faults", **fault)
    assert reader.thanks(session).status_code == 200
    assert "We are waiting for word from Stripe" in reader.said()
    assert "charged" not in reader.said()
    assert not Payment.objects.exists()
    stand_in.do("faults", status=0, refuse=False)
    reader.thanks(session)
    assert "We have received $25 USD" in reader.said()


def test_the_thanks_page_of_a_stripe_that_hangs_comes_within_eight_seconds(reader, stand_in):
    reader.ask()
    session = reader.session()
    stand_in.do("faults", hang_seconds=20)
    answered_in_time(lambda: reader.thanks(session))
    assert "We are waiting for word from Stripe" in reader.said()


def test_every_other_page_stands_while_stripe_is_down(reader, stand_in):
    stand_in.do("faults", refuse=True)
    for path in ("/", "/support/", "/support/eur/", "/support/manage/", "/archive/"):
        assert reader.open(path).status_code == 200


def test_a_stripe_that_answers_ever_so_slowly_is_given_up_too(reader, stand_in):
    """Four requests of which each answers just in time, if they were all made."""
    reader.open()
    told = {**reader.form(), "kind": "quarterly"}
    assert reader.client.post("/support/", {**told, "choice": "2500"}).status_code == 303
    stand_in.do("faults", hang_seconds=2.6)
    answer = answered_in_time(lambda: reader.client.post("/support/", {**told, "choice": "5000"}))
    assert answer.status_code == 503


def test_a_change_of_a_pledge_is_given_up_within_eight_seconds(reader, stand_in):
    reader.give()
    reader.come_in()
    stand_in.do("faults", hang_seconds=20)
    path = f"/support/manage/pledges/{Pledge.objects.get().pk}/pause/"
    answer = answered_in_time(lambda: reader.client.post(path))
    assert answer.status_code == 503
