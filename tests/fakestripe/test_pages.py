"""The hosted pages over real HTTP, by the forms that a person would find in them."""

import pytest

PAYS = "4242 4242 4242 4242"
DECLINED = "4000000000000002"
FAILS_LATER = "4000000000000341"
ASKS = "4000002760003184"
THANKS = "http://127.0.0.1:8000/support/thanks/?session={CHECKOUT_SESSION_ID}"
BACK = "http://127.0.0.1:8000/support/back/"
PRICE = {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "A quarter <b>of</b> Antiempire"}}
QUARTERLY = {**PRICE, "recurring": {"interval": "month", "interval_count": 3}}


@pytest.fixture
def checkout(api):
    """Makes a session and answers its page's path."""

    def make(mode="subscription", **more):
        price = QUARTERLY if mode == "subscription" else PRICE
        made = api.v1.checkout.sessions.create(
            {
                "mode": mode,
                "line_items": [{"price_data": price, "quantity": 1}],
                "success_url": THANKS,
                "cancel_url": BACK,
                "customer_email": "reader@example.org",
                **({"customer_creation": "always"} if mode == "payment" else {}),
                **more,
            }
        )
        return f"/pay/{made.id}"

    return make


@pytest.fixture
def paid(checkout, visitor, api):
    """Goes through Checkout with a card and answers the session."""

    def go(card=PAYS, mode="subscription"):
        path = checkout(mode)
        page = visitor.fill(visitor.open(path).forms[0], card=card)
        if page.status == 200:  # the bank asks
            page = visitor.fill(page.forms[0], button="yes")
        assert page.status == 303, page.text
        return api.v1.checkout.sessions.retrieve(path.removeprefix("/pay/"), {"expand": ["subscription", "invoice"]})

    return go


def session_of(api, path):
    return api.v1.checkout.sessions.retrieve(path.removeprefix("/pay/"))


def test_checkout_says_what_it_is_and_what_is_paid(checkout, visitor):
    page = visitor.open(checkout())
    assert "This is not Stripe. No money moves." in page.text
    assert "€25.00" in page.text
    assert "every 3 months" in page.text
    assert page.forms[0].fields["email"] == "reader@example.org"
    assert page.links["Cancel and go back to the site"] == BACK


def test_every_word_of_the_site_is_escaped(checkout, visitor):
    page = visitor.open(checkout(customer_email='"><script>x</script>@example.org'))
    assert "<script" not in page.text
    assert "<b>of</b>" not in page.text
    assert "&lt;b&gt;of&lt;/b&gt;" in page.text


def test_no_policy_keeps_a_person_from_going_back_to_the_site(checkout, visitor):
    page = visitor.open(checkout())
    assert "form-action" not in page.headers["content-security-policy"]


def test_paying_leads_to_the_thanks_page_with_the_session_in_it(checkout, visitor, api):
    path = checkout()
    page = visitor.fill(visitor.open(path).forms[0], card=PAYS, name="A Reader")
    assert page.status == 303
    assert page.location == THANKS.replace("{CHECKOUT_SESSION_ID}", path.removeprefix("/pay/"))
    session = session_of(api, path)
    assert (session.status, session.payment_status) == ("complete", "paid")
    assert session.customer_details.email == "reader@example.org"
    assert session.customer_details.name == "A Reader"


def test_one_press_fills_a_test_card_and_keeps_what_was_typed(checkout, visitor, api):
    path = checkout()
    page = visitor.fill(visitor.open(path).forms[0], button=FAILS_LATER, email="other@example.org", name="B")
    assert page.status == 200
    assert page.forms[0].fields["card"] == "4000 0000 0000 0341"
    assert page.forms[0].fields["email"] == "other@example.org"
    assert page.forms[0].fields["name"] == "B"
    assert session_of(api, path).status == "open"


def test_a_declined_card_is_told_and_another_one_pays(checkout, visitor, api):
    path = checkout()
    page = visitor.fill(visitor.open(path).forms[0], card=DECLINED)
    assert page.status == 402
    assert "Your card was declined." in page.text
    assert session_of(api, path).status == "open"
    assert visitor.fill(page.forms[0], card=PAYS).status == 303


def test_the_bank_is_answered_with_yes(checkout, visitor, api):
    path = checkout()
    page = visitor.fill(visitor.open(path).forms[0], card=ASKS)
    assert page.status == 200
    assert "is it you?" in page.text
    assert session_of(api, path).status == "open"
    assert visitor.fill(page.forms[0], button="yes").status == 303
    assert session_of(api, path).payment_status == "paid"


def test_the_bank_is_answered_with_no(checkout, visitor, api):
    path = checkout()
    page = visitor.fill(visitor.open(path).forms[0], card=ASKS)
    page = visitor.fill(page.forms[0], button="no")
    assert page.status == 402
    assert "unable to authenticate" in page.text
    assert session_of(api, path).status == "open"


def test_a_bank_debit_completes_without_being_paid_yet(checkout, visitor, api):
    path = checkout("payment")
    assert visitor.fill(visitor.open(path).forms[0], method="debit").status == 303
    session = session_of(api, path)
    assert (session.status, session.payment_status) == ("complete", "unpaid")


def test_a_bank_debit_that_bounces_is_offered(checkout, visitor, api, stand_in):
    path = checkout("payment")
    assert visitor.fill(visitor.open(path).forms[0], method="debit_bounces").status == 303
    stand_in.do("clock", advance=5 * 86400)
    told = {event["type"] for event in stand_in.see("events")}
    assert "checkout.session.async_payment_failed" in told


@pytest.mark.parametrize(("field", "value"), [("email", "nobody"), ("card", "4111111111111111"), ("card", "")])
def test_what_cannot_be_used_is_told(checkout, visitor, api, field, value):
    path = checkout()
    page = visitor.fill(visitor.open(path).forms[0], **{"card": PAYS, field: value})
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert session_of(api, path).status == "open"


def test_a_completed_page_charges_nothing_again(checkout, visitor, api):
    path = checkout()
    form = visitor.open(path).forms[0]
    visitor.fill(form, card=PAYS)
    again = visitor.fill(form, card=PAYS)
    assert "completed already" in again.text
    assert "completed already" in visitor.open(path).text
    assert len(api.v1.charges.list().data) == 1


def test_an_expired_page_leads_back(checkout, visitor, api):
    path = checkout()
    api.v1.checkout.sessions.expire(path.removeprefix("/pay/"))
    page = visitor.open(path)
    assert page.status == 410
    assert "Nothing was charged." in page.text
    assert page.links["Back to the site"] == BACK


def test_a_page_of_no_session_is_not_found(visitor):
    assert visitor.open("/pay/cs_test_nobody").status == 404
    assert visitor.open("/portal/bps_nobody").status == 404
    assert visitor.open("/invoice/in_nobody").status == 404
    assert visitor.open("/receipt/ch_nobody").status == 404


def test_a_form_sent_by_another_site_does_nothing(checkout, visitor, api):
    path = checkout()
    fields = {"email": "reader@example.org", "card": PAYS}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert visitor.send(path, headers=headers, **fields).status == 403
    assert session_of(api, path).status == "open"


def test_a_first_charge_in_the_future_is_said_to_be_none_today(checkout, visitor, stand_in):
    later = stand_in.see("clock")["now"] + 10 * 86400
    assert "Nothing is charged today" in visitor.open(checkout(subscription_data={"trial_end": later})).text


def test_the_portal_changes_the_card(paid, visitor, api):
    session = paid()
    portal = api.v1.billing_portal.sessions.create({"customer": session.customer, "return_url": BACK})
    path = f"/portal/{portal.id}"
    page = visitor.open(path)
    assert "Visa ending in 4242" in page.text
    assert page.links["← Back to the site"] == BACK
    page = visitor.fill(page.forms[0], card="5555 5555 5555 4444")
    assert page.status == 303
    page = visitor.open(page.location)
    assert "Mastercard ending in 4444" in page.text
    assert "The new card is kept." in page.text


def test_a_portal_opened_for_the_card_leads_straight_back(paid, visitor, api):
    session = paid()
    after = {"type": "redirect", "redirect": {"return_url": f"{BACK}?card=1"}}
    portal = api.v1.billing_portal.sessions.create(
        {"customer": session.customer, "flow_data": {"type": "payment_method_update", "after_completion": after}}
    )
    page = visitor.open(f"/portal/{portal.id}")
    assert len(page.forms) == 1
    assert visitor.fill(page.forms[0], card=PAYS).location == f"{BACK}?card=1"


def test_the_portal_changes_the_address_where_it_is_configured_to(paid, visitor, api):
    session = paid()
    features = {"customer_update": {"enabled": True, "allowed_updates": ["address", "name"]}}
    configured = api.v1.billing_portal.configurations.create({"features": features})
    portal = api.v1.billing_portal.sessions.create({"customer": session.customer, "configuration": configured.id})
    page = visitor.open(f"/portal/{portal.id}")
    page = visitor.fill(page.forms[1], name="New Name", line1="1 Road", city="Paris", postal_code="75001", country="FR")
    assert page.status == 303
    customer = api.v1.customers.retrieve(session.customer)
    assert (customer.name, customer.address.city) == ("New Name", "Paris")


@pytest.fixture
def unpaid_invoice(paid, stand_in, api):
    """The renewal's invoice that could not be collected."""

    def make(card):
        session = paid(card)
        stand_in.do("clock", advance=93 * 86400)
        return api.v1.invoices.list({"subscription": session.subscription.id}).data[0]

    return make


def test_a_failed_renewal_is_paid_with_another_card(unpaid_invoice, visitor, api):
    invoice = unpaid_invoice(FAILS_LATER)
    assert invoice.status == "open"
    assert invoice.hosted_invoice_url.endswith(f"/invoice/{invoice.id}")
    page = visitor.open(f"/invoice/{invoice.id}")
    refused = visitor.fill(page.forms[0], card=DECLINED)
    assert refused.status == 402
    assert "Your card was declined." in refused.text
    page = visitor.fill(refused.forms[0], card=PAYS)
    assert page.status == 303
    assert "Nothing is left to do." in visitor.open(page.location).text
    assert api.v1.invoices.retrieve(invoice.id).status == "paid"


@pytest.mark.parametrize(("answer", "status"), [("yes", "paid"), ("no", "open")])
def test_a_renewal_that_needs_authentication_is_answered(unpaid_invoice, visitor, api, answer, status):
    invoice = unpaid_invoice(ASKS)
    page = visitor.open(f"/invoice/{invoice.id}")
    bank = visitor.open(page.links["Answer your bank"])
    intent = api.v1.payment_intents.list().data[0]
    assert visitor.open(intent.next_action.redirect_to_url.url.partition("/authenticate/")[1] + intent.id).status == 303
    after = visitor.fill(bank.forms[0], button=answer)
    assert after.status == 303
    assert api.v1.invoices.retrieve(invoice.id).status == status
    assert ("The bank refused" in visitor.open(after.location).text) is (answer == "no")


def test_a_receipt_shows_what_was_paid_and_given_back(paid, visitor, api):
    paid(mode="payment")
    charge = api.v1.charges.list().data[0]
    api.v1.refunds.create({"charge": charge.id, "amount": 500})
    page = visitor.open(charge.receipt_url.partition("/receipt/")[1] + charge.id)
    assert "€25.00" in page.text
    assert "€5.00" in page.text


@pytest.mark.parametrize("path", ["/style.css", "/forms.css", "/console.css"])
def test_the_style_sheets_are_served(visitor, path):
    page = visitor.open(path)
    assert (page.status, page.headers["content-type"]) == (200, "text/css; charset=utf-8")
