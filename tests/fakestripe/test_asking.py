"""Stripe's manner of being asked: strict parameters, idempotency, expansion, lists."""

import threading

import pytest
import stripe

from fakestripe import forms
from fakestripe.errors import Refused
from tests.fakestripe.running import KEY
from tests.fakestripe.shopping import Shop

DAY = 86400


@pytest.fixture
def shop(stand_in):
    return Shop(stand_in)


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("a", "1")], {"a": "1"}),
        ([("a[b]", "1"), ("a[c][d]", "")], {"a": {"b": "1", "c": {"d": ""}}}),
        ([("a[0][b]", "1"), ("a[1][b]", "2")], {"a": [{"b": "1"}, {"b": "2"}]}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[10]", "y"), ("a[9]", "x")], {"a": ["x", "y"]}),
    ],
)
def test_forms_are_nested(pairs, tree):
    assert forms.decode(pairs) == tree


def test_a_name_is_a_value_or_a_group():
    with pytest.raises(Refused):
        forms.decode([("a", "1"), ("a[b]", "2")])


@pytest.mark.parametrize(
    ("parameters", "code", "param"),
    [
        ({"emial": "a@example.org"}, "parameter_unknown", "emial"),
        ({"address": {"street": "x"}}, "parameter_unknown", "address[street]"),
        ({"email": "nobody"}, "email_invalid", "email"),
    ],
)
def test_what_is_not_known_is_refused_by_name(shop, parameters, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.customers.create(parameters)
    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_what_is_missing_is_named(shop):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.checkout.sessions.create({"mode": "payment", "success_url": "http://testserver/"})
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", "line_items")


def test_an_unknown_object_is_404(shop):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.charges.retrieve("ch_nobody")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_metadata_is_merged_and_removed_by_key(shop):
    customer = shop.api.customers.create({"metadata": {"a": "1", "b": "2"}})
    changed = shop.api.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}


def test_one_key_does_one_thing(shop):
    first = shop.api.customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})
    again = shop.api.customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(shop.api.customers.list().data) == 1
    with pytest.raises(stripe.IdempotencyError):
        shop.api.customers.create({"email": "b@example.org"}, {"idempotency_key": "one"})


def test_an_error_is_replayed_too(shop):
    charge = shop.gift()
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.refunds.create({"charge": charge.id, "amount": 9999}, {"idempotency_key": "two"})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.refunds.create({"charge": charge.id, "amount": 9999}, {"idempotency_key": "two"})
    assert refusal.value.headers["Idempotent-Replayed"] == "true"


def test_a_request_that_never_began_leaves_its_key_unspent(shop):
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.customers.create({"emial": "a@example.org"}, {"idempotency_key": "three"})
    assert shop.api.customers.create({"email": "a@example.org"}, {"idempotency_key": "three"}).id


def test_a_key_is_forgotten_after_a_day(stand_in, shop):
    first = shop.api.customers.create({}, {"idempotency_key": "four"})
    stand_in.do("clock", advance=DAY + 60)
    assert shop.api.customers.create({}, {"idempotency_key": "four"}).id != first.id


def test_many_at_once_with_one_key_make_one_object(stand_in):
    shops = [Shop(stand_in) for _ in range(8)]
    found = []

    def make(shop):
        for number in range(5):
            found.append(shop.api.customers.create({}, {"idempotency_key": f"key {number}"}).id)

    threads = [threading.Thread(target=make, args=(shop,)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert len(set(found)) == 5


def test_ids_become_objects_when_asked_for(shop):
    subscription = shop.pledge()
    found = shop.api.subscriptions.retrieve(subscription.id, {"expand": ["customer", "latest_invoice.payments"]})
    assert found.customer.email == "reader@example.org"
    assert len(found.latest_invoice.payments.data) == 1
    invoice = found.latest_invoice.id
    assert "payments" not in shop.api.invoices.retrieve(invoice)
    paid = shop.api.invoices.retrieve(invoice, {"expand": ["payments.data.payment.payment_intent"]})
    charge = shop.api.charges.retrieve(paid.payments.data[0].payment.payment_intent.latest_charge)
    assert (charge.status, charge.amount) == ("succeeded", 2500)
    listed = shop.api.invoices.list({"expand": ["data.customer"]})
    assert listed.data[0].customer.id == subscription.customer


@pytest.mark.parametrize("path", ["email", "payment_method", "nothing", "customer.subscriptions.data.customer.id"])
def test_what_cannot_be_expanded_is_refused(shop, path):
    charge = shop.gift()
    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        shop.api.charges.retrieve(charge.id, {"expand": [path]})


def test_lists_are_paged_newest_first(shop):
    made = [shop.api.customers.create({"name": str(number)}).id for number in range(7)]
    first = shop.api.customers.list({"limit": 3})
    assert [one.id for one in first.data] == made[:3:-1]
    assert first.has_more
    second = shop.api.customers.list({"limit": 4, "starting_after": first.data[-1].id})
    assert [one.id for one in second.data] == made[3::-1]
    assert not second.has_more
    back = shop.api.customers.list({"limit": 2, "ending_before": second.data[0].id})
    assert [one.id for one in back.data] == made[5:3:-1]
    assert [one.id for one in shop.api.customers.list({"limit": 2}).auto_paging_iter()] == made[::-1]
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.customers.list({"limit": 101})


def test_lists_are_asked_by_time_and_by_field(stand_in, shop):
    early = shop.gift(email="early@example.org")
    stand_in.do("clock", advance=10 * DAY)
    late = shop.gift(email="late@example.org")
    since = early.created + DAY

    def ids(**asked):
        return [one.id for one in shop.api.charges.list(asked).data]

    assert ids(created={"gte": since}) == [late.id]
    assert ids(created={"lt": since}) == [early.id]
    assert ids(created={"gt": early.created, "lte": late.created}) == [late.id]
    assert ids(customer=early.customer) == [early.id]
    assert ids(payment_intent=late.payment_intent) == [late.id]
    assert ids(customer="cus_nobody") == []


def test_pages_of_one_customers_charges_do_not_overlap(stand_in, shop):
    subscription = shop.pledge()
    stand_in.do("clock", advance=600 * DAY)
    shop.pledge(email="other@example.org")
    pages = shop.api.charges.list({"customer": subscription.customer, "limit": 2})
    found = [charge.id for charge in pages.auto_paging_iter()]
    assert len(found) == len(set(found)) == 7


def test_events_are_asked_by_type_and_by_delivery(stand_in, shop):
    shop.gift()
    paid = shop.api.events.list({"types": ["charge.succeeded", "payment_intent.succeeded"]}).data
    assert [event.type for event in paid] == ["payment_intent.succeeded", "charge.succeeded"]
    assert shop.api.events.list({"delivery_success": True}).data == []
    for parcel in stand_in.do("deliveries/take", limit=2):
        stand_in.do("deliveries/report", **{str(parcel["number"]): 200})
    assert len(shop.api.events.list({"delivery_success": True}).data) == 2
    event = shop.api.events.retrieve(paid[0].id)
    assert event.data.object["status"] == "succeeded"
    assert event.api_version == "2026-10-28.endive"


def test_a_change_is_told_with_what_was_before(stand_in, shop):
    subscription = shop.pledge()
    shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    event = shop.api.events.list({"type": "customer.subscription.updated", "limit": 1}).data[0]
    assert event.data.previous_attributes["cancel_at_period_end"] is False
    assert event.data.object["cancel_at_period_end"] is True
    assert event.request.id.startswith("req_")


def test_an_older_version_is_not_spoken(stand_in):
    client = stripe.StripeClient(KEY, base_addresses={"api": stand_in.address}, stripe_version="2025-03-31.basil")
    with pytest.raises(stripe.InvalidRequestError, match="speaks"):
        client.v1.customers.list()


def test_the_account_answers(shop):
    assert shop.api.accounts.retrieve_current().id.startswith("acct_")
