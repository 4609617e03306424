"""
The oracle is only worth its verdict if it catches what is wrong: controls with planted faults, on a subscription and an
event written out by hand. What the stand-in says is held to it in `test_contract_kept.py`.
"""

import copy

import pytest

from tests.fakestripe import contract

ITEM = {
    "id": "si_1",
    "object": "subscription_item",
    "billing_thresholds": None,
    "created": 1771151400,
    "current_period_end": 1778840000,
    "current_period_start": 1771151400,
    "discounts": [],
    "metadata": {},
    "plan": {
        "id": "price_1",
        "object": "plan",
        "active": True,
        "amount": 2500,
        "amount_decimal": "2500",
        "billing_scheme": "per_unit",
        "created": 1771151400,
        "currency": "usd",
        "interval": "month",
        "interval_count": 3,
        "livemode": False,
        "metadata": {},
        "meter": None,
        "product": "prod_1",
        "usage_type": "licensed",
    },
    "price": {
        "id": "price_1",
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": 1771151400,
        "currency": "usd",
        "livemode": False,
        "metadata": {},
        "product": "prod_1",
        "recurring": {"interval": "month", "interval_count": 3, "meter": None, "usage_type": "licensed"},
        "type": "recurring",
        "unit_amount": 2500,
        "unit_amount_decimal": "2500",
    },
    "quantity": 1,
    "subscription": "sub_1",
    "tax_rates": [],
}
SUBSCRIPTION = {
    "id": "sub_1",
    "object": "subscription",
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_cycle_anchor": 1771151400,
    "billing_mode": {"flexible": None, "type": "flexible"},
    "billing_schedules": [],
    "cancel_at_period_end": False,
    "collection_method": "charge_automatically",
    "created": 1771151400,
    "currency": "usd",
    "customer": "cus_1",
    "discounts": [],
    "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
    "items": {"object": "list", "data": [ITEM], "has_more": False, "url": "/v1/subscription_items?subscription=sub_1"},
    "livemode": False,
    "metadata": {"site": "antiempire"},
    "start_date": 1771151400,
    "status": "active",
}
EVENT = {
    "id": "evt_1",
    "object": "event",
    "api_version": contract.API_VERSION,
    "created": 1771151400,
    "data": {"object": SUBSCRIPTION, "previous_attributes": {"status": "past_due"}},
    "livemode": False,
    "pending_webhooks": 1,
    "request": {"id": None, "idempotency_key": None},
    "type": "customer.subscription.updated",
}
SESSION = {
    "mode": "subscription",
    "success_url": "https://example.org/thanks",
    "line_items": [
        {
            "quantity": "1",
            "price_data": {
                "currency": "usd",
                "product": "prod_1",
                "recurring": {"interval": "month", "interval_count": "3"},
                "unit_amount": "2500",
            },
        }
    ],
    "adaptive_pricing": {"enabled": "false"},
    "subscription_data": {"metadata": {"site": "antiempire"}},
    "expand": ["line_items"],
}


@pytest.fixture
def subscription():
    return copy.deepcopy(SUBSCRIPTION)


@pytest.fixture
def event():
    return copy.deepcopy(EVENT)


@pytest.fixture
def session():
    return copy.deepcopy(SESSION)


def planted(body, path, value):
    """The body with a value put where the path leads."""
    *way, last = path
    inside = body
    for step in way:
        inside = inside[step]
    inside[last] = value
    return body


def test_a_right_object_passes(subscription):
    assert contract.faults_of_object(subscription) == []


def test_a_right_event_passes(event):
    assert contract.faults_of_event(event) == []


def test_a_right_request_passes(session):
    assert contract.faults_of_request("POST", "/v1/checkout/sessions", session) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["current_period_end"], 1778840000, "subscription.current_period_end: unknown"),
        (["items", "data", 0, "price", "plan_name"], "x", "subscription.items.data[0].price.plan_name: unknown"),
        (["items", "total_count"], 1, "subscription.items.total_count: unknown"),
        (["livemode"], None, "subscription.livemode: null"),
        (["items", "data", 0, "price"], None, "subscription.items.data[0].price: null"),
        (["created"], "1771151400", "subscription.created: '1771151400' is not a whole number"),
        (["cancel_at_period_end"], 0, "subscription.cancel_at_period_end: 0 is not true or false"),
        (["metadata", "site"], 7, "subscription.metadata[site]: 7 is not text"),
        (["items", "data", 0, "price", "unit_amount_decimal"], 2500, "subscription.items.data[0].price."),
        (["customer"], {"id": "cus_1", "object": "customer"}, "subscription.customer.created: missing"),
        (["latest_invoice"], {"id": "pi_1", "object": "payment_intent"}, "subscription.latest_invoice"),
        (["status"], "lapsed", "subscription.status: 'lapsed' is none of "),
        (["billing_mode", "type"], "modern", "subscription.billing_mode.type: 'modern' is none of "),
    ],
)
def test_a_planted_fault_in_an_object_is_caught(subscription, path, value, fault):
    faults = contract.faults_of_object(planted(subscription, path, value))
    assert any(found.startswith(fault) for found in faults), faults


@pytest.mark.parametrize("key", ["billing_mode", "items", "status", "customer", "id"])
def test_a_missing_field_is_caught(subscription, key):
    del subscription[key]
    assert contract.faults_of_object(subscription) == [f"subscription.{key}: missing"]


def test_an_object_of_no_known_kind_is_caught():
    assert contract.faults_of_object({"id": "plg_1", "object": "pledge"}) == ["body: 'pledge' is no object of the SDK"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["api_version"], "2024-06-20"),
        (["livemode"], True),
        (["type"], "invoice.paid"),
        (["type"], "customer.subscription.renewed"),
        (["data", "object", "status"], "lapsed"),
        (["data", "previous_attributes"], {"current_period_end": 1}),
        (["delivered"], True),
    ],
)
def test_a_planted_fault_in_an_event_is_caught(event, path, value):
    assert contract.faults_of_event(planted(event, path, value))


def test_what_only_an_expansion_shows_is_caught_in_an_event(event):
    event["type"] = "checkout.session.completed"
    event["data"] = {"object": {"id": "cs_1", "object": "checkout.session", "line_items": None}}
    assert "event(checkout.session.completed).data.object.line_items: only when expanded" in contract.faults_of_event(
        event
    )


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["payment_method_types"], ["card"], "[payment_method_types]: unknown parameter"),
        (["line_items", 0, "price_data", "amount"], "2500", "[line_items][0][price_data][amount]: unknown parameter"),
        (["line_items", 0, "price_data", "unit_amount"], "25.00", "[unit_amount]: '25.00' is no int"),
        (["line_items", 0, "price_data", "recurring", "interval"], "quarter", "[interval]: 'quarter' is none of "),
        (["line_items", 0, "price_data", "recurring"], {"interval_count": "3"}, "[recurring][interval]: missing"),
        (["adaptive_pricing", "enabled"], "False", "[adaptive_pricing][enabled]: 'False' is no bool"),
        (["line_items"], "prod_1", "[line_items]: 'prod_1' is no array"),
        (["mode"], "donation", "[mode]: 'donation' is none of "),
        (["ui_mode"], "hosted", "[ui_mode]: 'hosted' is none of "),
        (["idempotency_key"], "x", "[idempotency_key]: unknown parameter"),
    ],
)
def test_a_planted_fault_in_a_request_is_caught(session, path, value, fault):
    faults = contract.faults_of_request("POST", "/v1/checkout/sessions", planted(session, path, value))
    assert any(fault in found for found in faults), faults


def test_an_address_that_the_sdk_never_calls_is_caught():
    assert contract.faults_of_request("GET", "/v1/pledges", {}) == ["GET /v1/pledges: no endpoint of the SDK"]


def test_an_answer_of_another_kind_than_documented_is_caught(subscription):
    assert contract.faults_of_answer("GET", "/v1/subscriptions/sub_1", 200, subscription) == []
    assert contract.faults_of_answer("GET", "/v1/customers/cus_1", 200, subscription)
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 200, subscription)


def test_a_list_is_held_to_the_kind_of_its_members(subscription):
    answer = {"object": "list", "data": [subscription], "has_more": False, "url": "/v1/subscriptions"}
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 200, answer) == []
    assert contract.faults_of_answer("GET", "/v1/invoices", 200, answer)
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 200, {**answer, "total_count": 1})


def test_a_refusal_is_held_to_the_shape_of_errors():
    error = {"type": "invalid_request_error", "code": "parameter_unknown", "message": "Unknown.", "param": "x"}
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 400, {"error": error}) == []
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 400, {"error": {**error, "type": "refused"}})
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 400, {"error": {**error, "reason": "x"}})
    assert contract.faults_of_answer("GET", "/v1/subscriptions", 400, {"detail": "x"})


def test_what_is_left_of_a_deleted_customer_passes_and_half_of_one_does_not():
    deleted = {"id": "cus_1", "object": "customer", "deleted": True}
    assert contract.faults_of_answer("DELETE", "/v1/customers/cus_1", 200, deleted) == []
    assert "customer.created: missing" in contract.faults_of_object({**deleted, "email": "a@example.org"})
