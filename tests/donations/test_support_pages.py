"""From the form to the payment page and back, over HTTP to the running stand-in."""

import uuid

import pytest
from lxml import html

from donations import defence, doubles
from donations.models import Currency, Intent, Payment, Pledge
from donations.money import Money
from foundation import identity
from tests import factories
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", defence.dt.timedelta())


@pytest.fixture
def reader(stand_in):
    return Reader(stand_in)


def sessions(stand_in) -> list[dict]:
    return stand_in.see("rows").get("checkout.session", [])


def open_sessions(stand_in) -> list[dict]:
    return [each for each in sessions(stand_in) if each["status"] == "open"]


def asked(stand_in) -> list[dict]:
    """What the stand-in was asked to make a payment page from, oldest first."""
    requests = stand_in.see("requests")
    return [each for each in requests if each["method"] == "POST" and each["path"] == "/v1/checkout/sessions"]


def test_the_page_is_never_stored_and_lets_its_form_end_at_the_payment_page(reader, stand_in):
    page = reader.open()
    assert "no-store" in page.headers["Cache-Control"]
    assert f"form-action 'self' {stand_in.address};" in page.headers["Content-Security-Policy"]


def test_without_a_stand_in_the_policy_names_stripe(reader, settings):
    settings.STRIPE_API_BASE = ""
    policy = reader.open().headers["Content-Security-Policy"]
    assert "form-action 'self' https://checkout.stripe.com https://billing.stripe.com;" in policy
    settings.STRIPE_PAGES = ["https://pay.example.org/x"]
    assert "form-action 'self' https://pay.example.org;" in reader.open().headers["Content-Security-Policy"]


def test_every_rendering_has_an_intent_of_its_own(reader):
    first = reader.open() and reader.form()["stamp"]
    assert (reader.open() and reader.form()["stamp"]) != first
    assert not Intent.objects.exists()


@pytest.mark.parametrize("code", ["", "eur/", "gbp/", "cad/", "aud/"])
def test_a_pledge_in_each_currency_is_made_and_thanked_for(reader, code):
    currency = (code.rstrip("/") or "usd").upper()
    preset = str(Currency.objects.get(pk=currency).preset_amounts()[1].minor)
    intent = reader.give(f"/support/{code}", choice=preset)
    pledge = Pledge.objects.get(intent=intent)
    assert (pledge.currency, pledge.amount_minor, pledge.status) == (currency, int(preset), "active")
    assert "You are backing" in reader.said()
    assert f"We have received {Money(int(preset), currency).with_code}." in reader.said()


def test_a_gift_is_made_once_with_the_terms_that_were_shown(reader, stand_in):
    intent = reader.give(kind="once", choice="other", amount="1.000,50", message="Good luck\r\n!", public_name="Ada")
    (payment,) = Payment.objects.all()
    assert (payment.amount_minor, payment.currency, payment.kind) == (100050, "USD", "once")
    assert (intent.status, intent.message, intent.name_status) == ("completed", "Good luck\n!", "hidden")
    parameters = str(asked(stand_in)[-1])
    for words in ("adaptive_pricing", "always", "payment_intent_data", str(intent.pk)):
        assert words in parameters


def test_the_payment_page_names_the_newspaper_and_not_the_key_that_tells_sites_apart(reader, stand_in):
    reader.ask()
    names = [each["name"] for each in stand_in.see("rows")["product"]]
    assert names == [f"Support for {identity.site_name()}"]


def test_a_pledge_is_asked_for_every_three_months(reader, stand_in):
    reader.ask()
    parameters = str(asked(stand_in)[-1])
    for words in ("interval_count", "'3'", "month", "subscription_data"):
        assert words in parameters


def test_a_name_is_shown_by_consent_alone_and_waits_for_an_editor(reader):
    assert reader.give(public_name="Ada", show_name="on").name_status == "pending"
    assert reader.give(choice="5000", public_name="Ada").name_status == "hidden"


def test_the_article_that_somebody_came_from_is_kept_without_a_cookie(reader):
    path = factories.published().get_absolute_url()
    reader.open(f"/support/?from={path}")
    assert reader.form()["came_from"] == path
    reader.open("/support/eur/", headers={"Referer": f"http://testserver{path}"})
    assert reader.form()["came_from"] == path
    reader.send("/support/eur/", kind="once", choice="2500")
    assert Intent.objects.get().came_from == path
    reader.open("/support/", headers={"Referer": f"http://elsewhere.example{path}"})
    assert reader.form()["came_from"] == ""


def test_an_article_that_was_invented_in_the_form_is_not_kept(reader):
    reader.ask(came_from="https://elsewhere.example/")
    assert Intent.objects.get().came_from == ""


def test_a_link_may_choose_the_amount(reader):
    reader.open("/support/?amount=25&kind=once")
    assert (reader.form()["choice"], reader.form()["kind"]) == ("2500", "once")
    reader.open("/support/eur/?amount=1.234,50")
    assert (reader.form()["choice"], reader.form()["amount"]) == ("other", "1234.50")
    reader.open("/support/?amount=NaN&kind=monthly")
    assert {"choice", "kind"} & reader.form().keys() == set()


@pytest.mark.parametrize("path", ["/support/xxx/", "/support/jpy/", "/support/EUR/", "/support/eu/", "/support/euro/"])
def test_a_currency_that_is_not_offered_is_not_found(reader, path):
    assert reader.open(path).status_code == 404


def test_a_currency_without_a_sign_is_not_named_twice_beside_an_amount(reader):
    Currency.objects.create(code="JPY", presets="1000 2500", minimum_minor=500, maximum_minor=500_000)
    page = html.fromstring(reader.open("/support/jpy/").text)
    assert [" ".join(each.text_content().split()) for each in page.find_class("tile--amount")] == [
        "JPY 1000",
        "JPY 2500",
    ]
    assert page.find_class("free__sign") == []
    assert len(html.fromstring(reader.open("/support/eur/").text).find_class("free__sign")) == 1


def test_the_base_currency_has_one_address(reader):
    assert reader.open("/support/usd/").headers["Location"] == "/support/"


def test_a_mistake_brings_the_form_back_with_what_was_typed_and_the_same_intent(reader, stand_in):
    reader.open()
    told = reader.form()
    page = reader.send(kind="quarterly", choice="other", amount="12.345.6", message="<b>Hello</b>", public_name="Ada")
    assert page.status_code == 422
    assert "can be read in two ways" in reader.said()
    form = reader.form()
    assert (form["kind"], form["choice"], form["amount"]) == ("quarterly", "other", "12.345.6")
    assert (form["message"], form["public_name"]) == ("<b>Hello</b>", "Ada")
    assert "<b>Hello" not in page.text
    assert form["stamp"] != told["stamp"]
    assert sessions(stand_in) == []


def test_sending_one_form_again_makes_no_second_page(reader, stand_in):
    reader.open()
    told = {**reader.form(), "kind": "quarterly", "choice": "2500"}
    leads_to = {reader.client.post("/support/", told).headers["Location"] for _ in range(4)}
    assert len(leads_to) == 1
    assert len(sessions(stand_in)) == Intent.objects.count() == 1


def test_one_form_sent_with_another_amount_closes_the_first_page(reader, stand_in):
    reader.open()
    told = {**reader.form(), "kind": "quarterly"}
    for choice in ("2500", "5000", "2500"):
        assert reader.client.post("/support/", {**told, "choice": choice}).status_code == 303
    assert len(sessions(stand_in)) == 3
    (last,) = open_sessions(stand_in)
    intent = Intent.objects.get()
    assert (last["id"], last["amount_total"], intent.amount_minor) == (intent.session_id, 2500, 2500)


def test_new_words_in_one_form_are_kept_and_the_page_stays(reader, stand_in):
    reader.open()
    told = {**reader.form(), "kind": "quarterly", "choice": "2500"}
    reader.client.post("/support/", told)
    reader.client.post("/support/", {**told, "message": "Better words"})
    assert len(sessions(stand_in)) == 1
    assert Intent.objects.get().message == "Better words"


def test_a_form_that_was_paid_leads_to_thanks(reader, stand_in):
    reader.open()
    told = {**reader.form(), "kind": "quarterly", "choice": "2500"}
    reader.page = reader.client.post("/support/", told)
    session = reader.session()
    reader.pay(session)
    for choice in ("2500", "5000"):  # before the ledger knows, by Stripe's own word
        again = reader.client.post("/support/", {**told, "choice": choice})
        assert (again.status_code, again.headers["Location"]) == (302, f"/support/thanks/?session_id={session}")
    reader.thanks(session)
    again = reader.client.post("/support/", told)
    assert again.headers["Location"] == f"/support/thanks/?session_id={session}"
    assert len(sessions(stand_in)) == 1


def test_a_page_that_expired_is_made_anew(reader, stand_in):
    reader.open()
    told = {**reader.form(), "kind": "quarterly", "choice": "2500"}
    reader.page = reader.client.post("/support/", told)
    first = reader.session()
    stand_in.do("clock", advance=25 * 3600)
    reader.page = reader.client.post("/support/", told)
    assert reader.session() != first
    assert [each["id"] for each in open_sessions(stand_in)] == [reader.session()]


@pytest.mark.parametrize("stamp", ["", "x", str(uuid.UUID(int=7)), "\x00", "e30:1xWHTa:abc", "a" * 5000])
def test_a_forged_intent_is_answered_with_a_new_form(reader, stand_in, stamp):
    page = reader.ask(stamp=stamp, message="Kept")
    assert page.status_code == 422
    assert "Nothing was charged" in reader.said()
    assert reader.form()["message"] == "Kept"
    assert sessions(stand_in) == []
    assert reader.send().status_code == 303


def test_somebody_elses_intent_is_not_gone_on_with(reader, stand_in):
    reader.open()
    told = {**reader.form(), "kind": "quarterly", "choice": "2500", "message": "Private words"}
    reader.client.post("/support/", told)
    other = Reader(stand_in)
    other.open()
    other.page = other.client.post("/support/", {**told, "message": "Mine"})
    assert other.page.status_code == 422
    assert "Private words" not in other.page.text
    assert other.send().status_code == 303
    assert Intent.objects.count() == 2


def test_going_back_brings_the_typed_things_to_their_own_browser_only(reader, stand_in):
    reader.ask(choice="other", amount="1,234.50", message="Kept words", public_name="Ada", show_name="on")
    session = reader.session()
    (made,) = sessions(stand_in)
    back = made["cancel_url"].removeprefix("http://testserver")
    reader.open(back)
    assert "nothing was charged" in reader.said()
    form = reader.form()
    assert (form["choice"], form["amount"], form["kind"]) == ("other", "1234.50", "quarterly")
    assert (form["message"], form["public_name"], form["show_name"]) == ("Kept words", "Ada", "on")
    reader.send("/support/")
    assert reader.session() == session
    other = Reader(stand_in)
    assert other.open(back).headers["Location"] == "/support/"
    reader.pay(session)
    reader.thanks(session)
    assert session in reader.open(back).headers["Location"]


@pytest.mark.parametrize("intent", ["", "x", uuid.UUID(int=7).hex, "\x00", "a:b"])
def test_an_invented_way_back_leads_to_an_empty_form(reader, intent):
    page = reader.client.get("/support/back/", {"intent": intent})
    assert page.headers["Location"] == "/support/"


def test_an_equal_one_within_the_hour_is_asked_about_and_then_shown(reader, stand_in, monkeypatch):
    reader.give()
    reader.ask()
    assert reader.page.status_code == 422
    assert "Once more the same?" in reader.said()
    assert len(sessions(stand_in)) == 1
    monkeypatch.setattr(defence, "WAIT", defence.dt.timedelta())
    reader.ask()
    reader.confirm()
    session = reader.session()
    reader.pay(session)
    reader.thanks(session)
    assert "two times" in reader.said()
    (double,) = doubles.recent()
    assert double.is_standing
    assert str(double.money) == "$25"


def test_another_amount_or_another_browser_is_no_double(reader, stand_in):
    reader.give()
    assert reader.ask(choice="5000").status_code == 303
    other = Reader(stand_in, address="203.0.113.8")
    assert other.ask().status_code == 303


def test_keys_that_are_missing_close_pledging_and_nothing_else(reader, settings):
    settings.STRIPE_SECRET_KEY = ""
    for path in ("/support/", "/support/eur/", "/support/manage/"):
        page = reader.open(path)
        assert page.status_code == 200
        assert "Pledging is closed for the moment" in reader.said()
    assert reader.client.post("/support/", {"kind": "once", "choice": "2500"}).status_code == 200
    assert reader.open("/").status_code == 200
    assert not Intent.objects.exists()


def test_the_form_asks_for_a_token(stand_in):
    careful = Reader(stand_in, enforce_csrf_checks=True)
    careful.open()
    told = {**careful.form(), "kind": "once", "choice": "2500"}
    assert careful.client.post("/support/", {**told, "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert careful.client.post("/support/", told).status_code == 303


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(reader, method):
    assert getattr(reader.client, method)("/support/").status_code == 405


def test_the_page_asks_little_of_the_database(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        reader.open()
