"""What a backer does with a pledge of their own, asked of the running stand-in and seen in the figures at once."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from lxml import html

from donations import backing_cookie, managing, stripe_gateway, tally
from donations.models import Backer, Contribution, Intent, Payment, Pledge
from foundation.models import Letter
from tests.donations.reader import PAYS, Reader, hear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_is_too_fast")]
DAY = 86400


@pytest.fixture
def pledge(reader):
    return Pledge.objects.get()


def in_two_quarters():
    return tally.for_quarter(tally.periods.next_quarter().next)


def address(pledge, what: str) -> str:
    return f"/support/manage/pledges/{pledge.pk}/{what}/"


def test_the_amount_changes_from_the_next_charge_on(reader, pledge, stand_in, run_tasks):
    reader.open(address(pledge, "amount"))
    assert reader.form()["choice"] == "2500"
    reader.send(choice="other", amount="1.000,50")
    assert reader.page.headers["Location"].endswith(f"?done=amount&pledge={pledge.pk}")
    pledge.refresh_from_db()
    assert pledge.amount_minor == 100050
    assert in_two_quarters().currencies[0].promised_minor == 100050
    assert [payment.amount_minor for payment in Payment.objects.all()] == [2500]
    assert "changed, from the next payment on" in (
        reader.open("/support/manage/pledges/?done=amount") and reader.said()
    )
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    assert sorted(payment.amount_minor for payment in Payment.objects.all()) == [2500, 100050]


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "1e400", "5001", "2", "25 EUR", "\x00", ""])
def test_an_impossible_amount_changes_nothing(reader, pledge, amount):
    reader.open(address(pledge, "amount"))
    assert reader.send(choice="other", amount=amount).status_code == 422
    pledge.refresh_from_db()
    assert pledge.amount_minor == 2500


def test_ending_shows_the_date_keeps_the_reason_and_counts_at_once(reader, pledge, run_tasks):
    assert in_two_quarters().backers == 1
    reader.open(address(pledge, "end"))
    due_at = pledge.next_charge_at
    assert f"{due_at:%-d %B %Y}" in reader.said()
    reader.send(reason="Too many\r\nnewspapers\x07")
    pledge.refresh_from_db()
    assert pledge.ends_at == due_at
    assert pledge.cancel_reason == "Too many\nnewspapers"
    assert in_two_quarters().backers == 0
    assert tally.for_sentence().backers == 1
    assert "Ends on" in (reader.open("/support/manage/pledges/") and reader.said())


def test_ending_needs_no_reason_and_one_button(reader, pledge):
    reader.open(address(pledge, "end"))
    reader.send()
    pledge.refresh_from_db()
    assert (pledge.ends_at is None, pledge.cancel_reason) == (False, "")


def test_an_ending_can_be_taken_back(reader, pledge, stand_in, run_tasks):
    reader.client.post(address(pledge, "end"))
    reader.client.post(address(pledge, "keep"))
    pledge.refresh_from_db()
    assert pledge.ends_at is None
    assert in_two_quarters().backers == 1
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    assert Payment.objects.count() == 2


def set_in_the_dashboard(stand_in, pledge, moment: int) -> None:
    stripe_gateway.client.client(stripe_gateway.WORKING).v1.subscriptions.update(
        pledge.stripe_id, {"cancel_at": moment, "proration_behavior": "none"}
    )


def test_an_end_that_was_set_in_the_dashboard_is_taken_back_too(reader, pledge, stand_in, run_tasks):
    set_in_the_dashboard(stand_in, pledge, int(pledge.next_charge_at.timestamp()) - DAY)
    hear(stand_in, reader, run_tasks)
    reader.open("/support/manage/pledges/")
    assert "Ends on" in reader.said()
    reader.open(reader.client.post(address(pledge, "keep")).headers["Location"])
    assert "Your pledge goes on." in reader.said()
    (row,) = stand_in.see("rows")["subscription"]
    assert (row["cancel_at"], row["cancel_at_period_end"]) == (None, False)
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    assert Payment.objects.count() == 2


def test_that_it_goes_on_is_said_only_while_it_does(reader, pledge):
    reader.client.post(address(pledge, "end"))
    kept = reader.client.post(address(pledge, "keep")).headers["Location"]
    assert "Your pledge goes on." in (reader.open(kept) and reader.said())
    reader.client.post(address(pledge, "end"))
    assert "Your pledge goes on." not in (reader.open(kept) and reader.said())


def test_a_change_that_somebody_else_undid_is_not_said_to_be_made(reader, pledge, stand_in, monkeypatch):
    reader.client.post(address(pledge, "end"))
    keep_going = stripe_gateway.keep_going

    def and_ended_by_another(pledge):
        keep_going(pledge)
        stripe_gateway.cancel_at_period_end(pledge)

    monkeypatch.setattr(stripe_gateway, "keep_going", and_ended_by_another)
    reader.page = reader.client.post(address(pledge, "keep"))
    assert reader.page.status_code == 503
    assert "took this change, and still tells" in reader.said()
    assert "Ends on" in reader.said()


def test_an_ended_pledge_is_charged_no_more(reader, pledge, stand_in, run_tasks):
    reader.client.post(address(pledge, "end"))
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    pledge.refresh_from_db()
    assert (pledge.status, Payment.objects.count()) == ("canceled", 1)
    reader.come_in()
    assert "Ended on" in reader.said()
    for what in ("keep", "pause", "resume"):
        assert reader.client.post(address(pledge, what)).headers["Location"].endswith("?done=unchanged")
    for what in ("amount", "end", "currency", "currency/eur"):
        assert reader.client.get(address(pledge, what)).headers["Location"].endswith("?done=unchanged")


def test_a_pause_charges_nothing_and_keeps_the_date(reader, pledge, stand_in, run_tasks):
    anchor = pledge.anchor_at
    reader.client.post(address(pledge, "pause"))
    pledge.refresh_from_db()
    assert pledge.is_paused
    assert in_two_quarters().backers == 0
    assert "Paused" in (reader.open("/support/manage/pledges/") and reader.said())
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    assert Payment.objects.count() == 1
    reader.come_in()
    reader.client.post(address(pledge, "resume"))
    pledge.refresh_from_db()
    assert (pledge.is_paused, pledge.anchor_at) == (False, anchor)
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    assert Payment.objects.count() == 2


def test_a_second_click_changes_nothing_more(reader, pledge, stand_in):
    reader.client.post(address(pledge, "pause"))
    before = len(stand_in.see("requests"))
    for what in ("pause", "keep"):
        assert reader.client.post(address(pledge, what)).headers["Location"].endswith("?done=unchanged")
    assert len(stand_in.see("requests")) == before


def test_the_card_is_changed_at_stripes_own_page_which_leads_back(reader, pledge, stand_in):
    reader.page = reader.client.post(f"/support/manage/card/{pledge.customer_id}/")
    assert reader.page.status_code == 303
    assert reader.page.headers["Location"].startswith(f"{stand_in.address}/portal/")
    policy = reader.open("/support/manage/pledges/").headers["Content-Security-Policy"]
    assert f"form-action 'self' {stand_in.address};" in policy


def portal_settings(stand_in) -> dict:
    (made,) = [each for each in stand_in.see("rows")["billing_portal.configuration"] if not each["is_default"]]
    return {name: each["enabled"] for name, each in made["features"].items() if "enabled" in each}


def test_that_page_offers_what_we_want_also_after_somebody_changed_it(reader, pledge, stand_in):
    def asked() -> int:
        reader.client.post(f"/support/manage/card/{pledge.customer_id}/")
        told = [each for each in stand_in.see("requests") if "portal/configurations" in each["path"]]
        return sum(each["method"] == "POST" for each in told)

    assert asked() == 1
    wanted = portal_settings(stand_in)
    assert (wanted["payment_method_update"], wanted["subscription_cancel"]) == (True, False)
    assert asked() == 1
    v1 = stripe_gateway.client.client(stripe_gateway.WORKING).v1
    (made,) = v1.billing_portal.configurations.list({"active": True}).data
    changed = {"payment_method_update": {"enabled": False}, "subscription_cancel": {"enabled": True}}
    v1.billing_portal.configurations.update(made.id, {"features": changed})
    assert portal_settings(stand_in) != wanted
    assert asked() == 3
    assert portal_settings(stand_in) == wanted
    assert asked() == 3


def test_an_ending_that_is_taken_back_and_set_again_is_told_twice(reader, pledge):
    for what in ("end", "keep", "end"):
        reader.client.post(address(pledge, what))
    assert Letter.objects.filter(kind="set-to-end").count() == 2


def test_a_failed_charge_is_told_with_the_way_to_mend_it(reader, pledge, stand_in, run_tasks):
    stand_in.do("faults", next_renewal="card_declined")
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    reader.come_in()
    assert "The last payment did not work. It is tried again on" in reader.said()
    assert f"{stand_in.address}/invoice/" in reader.page.text
    (standing,) = managing.standings(Backer.objects.get())
    assert (standing.state, standing.may_be_paused) == ("fails", False)


@pytest.fixture
def strangers(stand_in, reader):
    """Bob's pledge and gift."""
    bob = Reader(stand_in, address="203.0.113.8")
    intent = bob.give(email="bob@example.org", choice="10000", public_name="Bob", show_name="on")
    gift = bob.give("/support/eur/", email="bob@example.org", kind="once")
    return Pledge.objects.get(intent=intent), Payment.objects.get(intent=gift), intent


def test_what_is_somebody_elses_is_not_found_by_number(reader, strangers, stand_in):
    pledge, payment, intent = strangers
    before = len(stand_in.see("requests"))
    reading = ["amount", "end", "currency", "currency/gbp"]
    addresses = [address(pledge, what) for what in reading]
    addresses += [f"/support/manage/history/{payment.pk}/receipt/", f"/support/manage/names/{intent.pk}/"]
    assert {reader.client.get(each).status_code for each in addresses} == {404}
    acting = [address(pledge, what) for what in (*reading[:2], "currency/gbp", "keep", "pause", "resume")]
    acting += [f"/support/manage/card/{pledge.customer_id}/", f"/support/manage/names/{intent.pk}/"]
    told = {"choice": "2500", "reason": "x", "show_name": "", "public_name": "Mallory"}
    assert {reader.client.post(each, told).status_code for each in acting} == {404}
    assert len(stand_in.see("requests")) == before
    pledge.refresh_from_db()
    assert (pledge.amount_minor, pledge.ends_at, pledge.is_paused, pledge.cancel_reason) == (10000, None, False, "")
    assert Intent.objects.get(pk=intent.pk).public_name == "Bob"


def test_no_page_shows_anything_of_somebody_else(reader, strangers):
    for path in ("pledges/", "history/", "export.json"):
        text = reader.client.get(f"/support/manage/{path}").text
        assert "ada@example.org" in text or path == "history/"
        for words in ("bob", "Bob", "$100", "€25"):
            assert words not in text


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "-1", "1.5", "x"])
def test_numbers_that_name_nothing_are_not_found(reader, number):
    for path in (f"pledges/{number}/amount/", f"history/{number}/receipt/", f"pledges/{number}/currency/eur/"):
        assert reader.client.get(f"/support/manage/{path}").status_code == 404
    assert reader.client.post(f"/support/manage/card/{number}/").status_code in (404, 405)
    assert reader.client.get(f"/support/manage/names/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("what", ["amount", "end", "pause"])
def test_a_stripe_that_is_down_is_told_without_a_promise(reader, pledge, stand_in, what):
    stand_in.do("faults", refuse=True)
    reader.page = reader.client.post(address(pledge, what), {"choice": "5000", "reason": "Kept"})
    assert reader.page.status_code == 503
    assert "we cannot tell whether this change was made" in reader.said()
    assert "Nothing was charged" not in reader.said()


def test_a_change_that_stripe_made_and_could_not_answer_is_seen_later(reader, pledge, stand_in, run_tasks):
    stand_in.do("faults", lose_answers=True)
    assert reader.client.post(address(pledge, "pause")).status_code == 503
    stand_in.do("faults", lose_answers=False)
    hear(stand_in, reader, run_tasks)
    pledge.refresh_from_db()
    assert pledge.is_paused


def test_the_overview_asks_the_same_of_the_database_however_many_pledges(reader, stand_in):
    numbers = []
    for code, choice in (("", "5000"), ("eur/", "2500"), ("gbp/", "2000")):
        with CaptureQueriesContext(connection) as queries:
            assert reader.client.get("/support/manage/pledges/").status_code == 200
        numbers.append(len(queries))
        Reader(stand_in, address=f"203.0.113.{len(numbers) + 20}").give(f"/support/{code}", choice=choice)
    assert len(set(numbers)) == 1
    assert numbers[0] <= 12


def test_somebody_without_a_pledge_is_told_so_and_led_on(stand_in):
    reader = Reader(stand_in)
    reader.give(kind="once")
    reader.come_in()
    (heading,) = html.fromstring(reader.page.text).xpath("//main//h1")
    assert heading.text_content() == "You have no pledge"
    (told,) = html.fromstring(reader.page.text).xpath("//main//p[@class='empty']")
    assert told.xpath(".//a/@href") == ["/support/manage/history/", "/support/manage/new/usd/"]


def test_two_equal_pledges_within_the_hour_are_shown(reader, stand_in):
    Reader(stand_in, address="203.0.113.9").give()
    reader.open("/support/manage/pledges/")
    assert "Within an hour you began two pledges of $25 USD" in reader.said()


def test_paying_again_from_inside_uses_the_same_customer(reader, stand_in):
    customer = Pledge.objects.get().customer
    reader.open("/support/manage/new/usd/")
    reader.send(kind="once", choice="5000")
    session = reader.session()
    stand_in.do(f"checkout/{session}/complete", card=PAYS, email="", name="")
    reader.thanks(session)
    assert Payment.objects.get(amount_minor=5000).customer == customer
    assert Intent.objects.get(session_id=session).customer == customer
    assert Backer.objects.count() == 1


def test_a_gift_in_somebodys_name_can_be_given_from_inside(reader, stand_in):
    reader.open("/support/manage/new/usd/")
    told = {"for_name": "Rose Abbot", "for_email": "rose@example.org", "for_giver": "Ada"}
    assert reader.send(kind="quarterly", choice="5000", **told).status_code == 422
    assert "is given once" in reader.said()
    assert '<details class="words" open' in reader.page.text
    assert {name: reader.form()[name] for name in told} == told
    reader.send(kind="once", choice="5000", **told)
    session = reader.session()
    stand_in.do(f"checkout/{session}/complete", card=PAYS, email="", name="")
    reader.thanks(session)
    assert Intent.objects.get(session_id=session).dedication.name == "Rose Abbot"
    assert [each.to for each in Letter.objects.filter(kind="dedication")] == ["rose@example.org"]


def way_back(stand_in, session: str) -> str:
    (made,) = [each for each in stand_in.see("rows")["checkout.session"] if each["id"] == session]
    return made["cancel_url"].removeprefix("http://testserver")


def test_a_payment_page_begun_inside_leads_back_to_what_was_typed(reader, stand_in):
    reader.open("/support/manage/new/usd/")
    reader.send(kind="once", choice="other", amount="12.50", message="Kept", public_name="Ada", show_name="on")
    session = reader.session()
    back = way_back(stand_in, session)
    reader.open(back)
    assert back.startswith("/support/manage/new/usd/?intent=")
    assert "nothing was charged" in reader.said()
    form = reader.form()
    assert (form["kind"], form["choice"], form["amount"]) == ("once", "other", "12.50")
    assert (form["message"], form["public_name"], form["show_name"]) == ("Kept", "Ada", "on")
    reader.send()
    assert reader.session() == session
    stand_in.do(f"checkout/{session}/complete", card=PAYS, email="", name="")
    reader.thanks(session)
    assert session in reader.open(back).headers["Location"]


def test_the_way_back_inside_brings_nothing_of_somebody_else_and_nothing_invented(reader, stand_in):
    reader.open("/support/manage/new/usd/")
    reader.send(kind="once", choice="5000", message="Private words")
    back = way_back(stand_in, reader.session())
    other = Reader(stand_in, address="203.0.113.9")
    other.give(email="bob@example.org")
    other.come_in("bob@example.org")
    for somebody, address in ((other, back), (reader, "/support/manage/new/usd/?intent=x"), (reader, f"{back}x")):
        assert somebody.open(address).status_code == 200
        assert "Private words" not in somebody.page.text
        assert "nothing was charged" not in somebody.said()
    assert "Private words" not in reader.open(back.replace("usd", "eur")).text


def test_paying_again_in_a_new_currency_makes_a_customer_of_the_same_backer(reader, stand_in):
    reader.open("/support/manage/new/eur/")
    reader.send(kind="once", choice="5000")
    session = reader.session()
    reader.pay(session)
    reader.thanks(session)
    assert Backer.objects.get().customers.count() == 2


def test_a_customer_is_never_taken_from_outside(reader, stand_in):
    customer = Pledge.objects.get().customer
    reader.ask(choice="5000", customer=customer.stripe_id, replaces=str(Pledge.objects.get().pk))
    assert Intent.objects.get(session_id=reader.session()).customer is None


def test_new_payment_pages_from_inside_are_limited(reader):
    answers = []
    for _ in range(7):
        reader.open("/support/manage/new/usd/")
        answers.append(reader.send(kind="once", choice="5000").status_code)
    assert answers == [303] * 5 + [429] * 2


def spared_until(reader) -> dt.date | None:
    request = RequestFactory().get("/")
    request.COOKIES = {name: each.value for name, each in reader.client.cookies.items()}
    return backing_cookie.backs_until(request)


def test_the_ask_is_spared_for_as_long_as_one_backs(reader, pledge):
    quarter = tally.periods.next_quarter()
    assert spared_until(reader) == quarter.plus(3).last_day()
    reader.client.post(address(pledge, "end"))
    reader.open("/support/manage/pledges/")
    assert spared_until(reader) == quarter.last_day()
    Contribution.objects.update(state="gone", amount_minor=0)
    reader.open("/support/manage/pledges/")
    assert spared_until(reader) is None


def test_a_gift_spares_the_ask_to_the_end_of_its_quarter(stand_in):
    giver = Reader(stand_in, address="203.0.113.9")
    giver.give(kind="once", email="bob@example.org")
    assert spared_until(giver) == tally.periods.next_quarter().last_day()
