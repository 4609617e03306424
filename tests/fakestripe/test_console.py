"""The operator's console over real HTTP: every button of every row, and the line that says what it did."""

import pytest

from fakestripe.console.doing import DEEDS

PAYS = "4242424242424242"
FAILS_LATER = "4000000000000341"
ASKS = "4000002760003184"
REFUND_WAITS = "4000000000007726"
PRICE = {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "A quarter"}}
QUARTERLY = {**PRICE, "recurring": {"interval": "month", "interval_count": 3}}


@pytest.fixture
def session(api):
    def make(mode="subscription", email="reader@example.org"):
        price = QUARTERLY if mode == "subscription" else PRICE
        return api.v1.checkout.sessions.create(
            {
                "mode": mode,
                "line_items": [{"price_data": price, "quantity": 1}],
                "success_url": "http://127.0.0.1:8000/support/thanks/",
                "cancel_url": "http://127.0.0.1:8000/support/",
                "customer_email": email,
                **({"customer_creation": "always"} if mode == "payment" else {}),
            }
        )

    return make


@pytest.fixture
def subscription(session, stand_in, api):
    def make(card=PAYS):
        key = session().id
        stand_in.do(f"checkout/{key}/complete", card=card, email="reader@example.org", name="A Reader")
        return api.v1.subscriptions.retrieve(api.v1.checkout.sessions.retrieve(key).subscription)

    return make


@pytest.fixture
def charge(session, stand_in, api):
    def make(card=PAYS):
        key = session("payment").id
        stand_in.do(f"checkout/{key}/complete", card=card, email="reader@example.org", name="A Reader")
        return api.v1.charges.list().data[0]

    return make


@pytest.fixture
def press(visitor):
    """Presses a button of a row as the page offers it, and answers the page that follows."""

    def do(kind, key, deed, **typed):
        action = f"/console/{kind}/{key}"
        form = next(form for form in visitor.open("/").forms if form.action == action and form.offers(deed))
        page = visitor.fill(form, button=deed, **typed)
        assert page.status == 303, page.text
        after = visitor.open(page.location)
        assert DEEDS[kind][deed].says.format(id=key) in after.text
        return after

    return do


def test_the_console_of_a_new_stand_in_is_empty_and_says_so(visitor):
    page = visitor.open("/")
    assert page.status == 200
    assert page.text.count("None yet.") == 7
    assert "This is not Stripe. No money moves." in page.text


@pytest.mark.parametrize(
    ("deed", "days"), [("day", (1, 1)), ("week", (7, 7)), ("month", (28, 31)), ("quarter", (1, 92))]
)
def test_the_clock_is_moved_by_a_button(press, stand_in, deed, days):
    before = stand_in.see("clock")["now"]
    press("clock", "now", deed)
    passed = (stand_in.see("clock")["now"] - before) / 86400
    assert days[0] <= passed <= days[1] + 0.01


def test_the_clock_is_moved_to_a_date(visitor, stand_in):
    visitor.send("/console/clock/now", deed="date", date="2031-05-06")
    assert "6 May 2031" in visitor.open("/").text


def test_a_renewal_is_played_when_the_clock_is_moved(subscription, press, api):
    subscription()
    press("clock", "now", "quarter")
    press("clock", "now", "quarter")
    assert len(api.v1.charges.list().data) >= 2


def test_an_open_session_is_linked_and_expired(session, press, visitor, api):
    made = session()
    assert visitor.open("/").links["payment page"] == f"/pay/{made.id}"
    press("session", made.id, "expire")
    assert api.v1.checkout.sessions.retrieve(made.id).status == "expired"


def test_the_next_renewal_is_made_to_fail_and_then_mended(subscription, press, stand_in, api):
    made = subscription()
    press("subscription", made.id, "fail")
    stand_in.do("clock", advance=93 * 86400)
    assert api.v1.subscriptions.retrieve(made.id).status == "past_due"
    press("subscription", made.id, "mend")
    press("invoice", api.v1.invoices.list().data[0].id, "pay")
    assert api.v1.subscriptions.retrieve(made.id).status == "active"


def test_a_subscription_is_set_to_end_and_cancelled(subscription, press, api):
    made = subscription()
    press("subscription", made.id, "end")
    assert api.v1.subscriptions.retrieve(made.id).cancel_at_period_end
    press("subscription", made.id, "cancel")
    assert api.v1.subscriptions.retrieve(made.id).status == "canceled"


def test_a_charge_is_refunded_in_part_and_then_wholly(charge, press, api):
    made = charge()
    press("charge", made.id, "part", amount="5.50")
    assert api.v1.charges.retrieve(made.id).amount_refunded == 550
    press("charge", made.id, "refund")
    assert api.v1.charges.retrieve(made.id).refunded


@pytest.mark.parametrize("amount", ["", "x", "-5", "5.505", "1000"])
def test_a_part_that_is_no_sum_is_refused_with_a_reason(charge, visitor, api, amount):
    made = charge()
    page = visitor.send(f"/console/charge/{made.id}", deed="part", amount=amount)
    assert page.status == 400
    assert 'role="alert"' in page.text
    assert api.v1.charges.retrieve(made.id).amount_refunded == 0


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute_is_opened_and_closed(charge, press, api, outcome):
    made = charge()
    press("charge", made.id, "dispute", reason="product_not_received")
    dispute = api.v1.disputes.list().data[0]
    assert (dispute.charge, dispute.reason) == (made.id, "product_not_received")
    press("dispute", dispute.id, outcome)
    assert api.v1.disputes.retrieve(dispute.id).status == outcome


def test_a_warning_of_fraud_is_made(charge, press, api):
    made = charge()
    press("charge", made.id, "warn")
    assert api.v1.radar.early_fraud_warnings.list().data[0].charge == made.id


def test_a_waiting_refund_is_let_fail(charge, press, api):
    made = charge(REFUND_WAITS)
    press("charge", made.id, "refund")
    refund = api.v1.refunds.list().data[0]
    assert refund.status == "pending"
    press("refund", refund.id, "fail")
    assert api.v1.refunds.retrieve(refund.id).status == "failed"


@pytest.mark.parametrize(("deed", "status"), [("authenticate", "paid"), ("refuse", "open")])
def test_the_bank_is_answered_for_the_reader(subscription, press, stand_in, api, deed, status):
    subscription(ASKS)
    stand_in.do("clock", advance=93 * 86400)
    invoice = api.v1.invoices.list().data[0]
    press("invoice", invoice.id, deed)
    assert api.v1.invoices.retrieve(invoice.id).status == status


def test_a_draft_is_finalised(subscription, press, stand_in, api):
    made = subscription()
    stand_in.do("clock", to=made["items"].data[0].current_period_end + 60)
    invoice = api.v1.invoices.list().data[0]
    assert invoice.status == "draft"
    press("invoice", invoice.id, "finalise")
    assert api.v1.invoices.retrieve(invoice.id).status != "draft"


def test_an_unpaid_invoice_is_voided(subscription, press, stand_in, api):
    subscription(FAILS_LATER)
    stand_in.do("clock", advance=93 * 86400)
    invoice = api.v1.invoices.list().data[0]
    press("invoice", invoice.id, "void")
    assert api.v1.invoices.retrieve(invoice.id).status == "void"


def test_an_event_is_delivered_again(charge, press, stand_in):
    charge()
    before = stand_in.see("deliveries")["waiting"]
    event = stand_in.see("events")[-1]
    press("event", event["id"], "deliver")
    assert stand_in.see("deliveries")["waiting"] == before + 1


def test_faults_are_set_and_ended(press, stand_in):
    press("faults", "now", "set", drop="0.25", shuffle="on", next_renewal="insufficient_funds")
    faults = stand_in.see("faults")
    assert (faults["drop"], faults["shuffle"], faults["next_renewal"]) == (0.25, True, "insufficient_funds")
    press("faults", "now", "none")
    assert not any(value for name, value in stand_in.see("faults").items() if name != "seed")


@pytest.mark.parametrize("drop", ["much", "-1", "inf", "nan"])
def test_a_fault_that_is_no_figure_is_refused(visitor, stand_in, drop):
    assert visitor.send("/console/faults/now", deed="set", drop=drop).status == 400
    assert stand_in.see("faults")["drop"] == 0


def test_a_button_that_no_row_has_does_nothing(visitor):
    assert visitor.send("/console/charge/ch_nobody", deed="explode").status == 404
    assert visitor.send("/console/bank/x", deed="refund").status == 404
    assert visitor.send("/console/charge/ch_nobody", deed="refund").status == 404


def test_another_site_presses_no_button(visitor, charge, api):
    made = charge()
    page = visitor.send(f"/console/charge/{made.id}", headers={"Origin": "https://evil.example"}, deed="refund")
    assert page.status == 403
    assert not api.v1.charges.retrieve(made.id).refunded


def test_another_site_moves_no_clock(visitor, stand_in):
    before = stand_in.see("clock")["offset"]
    page = visitor.send("/_fake/clock", headers={"Origin": "https://evil.example"}, advance="86400")
    assert page.status == 403
    assert stand_in.see("clock")["offset"] == before


def test_what_readers_wrote_is_escaped(session, visitor):
    session(email="<script>x</script>@example.org")
    page = visitor.open("/?kind=charge&done=refund&of=<script>y</script>")
    assert "<script" not in page.text
    assert "&lt;script&gt;x" in page.text


def test_a_long_list_is_cut_and_shown_on_request(session, visitor):
    for _ in range(8):
        session()
    assert visitor.open("/").text.count("payment page") == 6
    assert visitor.open("/?all=session").text.count("payment page") == 8


def test_the_way_back_leads_to_the_site_that_readers_came_from(session, visitor):
    session()
    assert visitor.open("/").links["Back to the site"] == "http://127.0.0.1:8000/"


def test_one_reader_is_found_among_all_and_stays_in_view(session, stand_in, visitor):
    for email in ("anna@example.org", "ben@example.org"):
        key = session("payment", email).id
        stand_in.do(f"checkout/{key}/complete", card=PAYS, email=email, name="A Reader")
    page = visitor.open("/?find=Anna")
    assert "anna@example.org" in page.text
    assert "ben@example.org" not in page.text
    after = visitor.fill(next(form for form in page.forms if form.offers("refund")), button="refund")
    assert "find=Anna" in after.location
    page = visitor.open(after.location)
    assert "was refunded" in page.text
    assert "ben@example.org" not in page.text
    assert page.text.count(">of ch_") == 1
    clock = next(form for form in page.forms if form.offers("quarter"))
    assert "find=Anna" in visitor.fill(clock, button="day").location


def test_nobody_is_found_when_nobody_is_there(session, visitor):
    session()
    assert "None of theirs." in visitor.open("/?find=nobody").text


def test_an_unpaid_invoice_stands_before_newer_ones(subscription, stand_in, visitor, api):
    failing = subscription(FAILS_LATER)
    subscription()
    stand_in.do("clock", advance=100 * 86400)
    unpaid = api.v1.invoices.list({"subscription": failing.id}).data[0]
    assert (unpaid.status, unpaid.id != api.v1.invoices.list().data[0].id) == ("open", True)
    lines = visitor.open("/").text.partition('id="invoice"')[2]
    assert lines.index(unpaid.id) == min(lines.index(invoice.id) for invoice in api.v1.invoices.list().data)
