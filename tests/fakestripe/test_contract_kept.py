"""
A year at the stand-in in which everything happens, held to the SDK's types: every answer, every row, every event and
every request. Green here means that both sides speak the language of the SDK; Stripe's own server is not asked.
"""

from collections import Counter

import pytest

from fakestripe.api import ENDPOINTS
from tests.fakestripe import contract
from tests.fakestripe.holding import breaches
from tests.fakestripe.recorded import client
from tests.fakestripe.running import KEY, StandIn
from tests.fakestripe.story import Year


@pytest.fixture(scope="module")
def year():
    """What was said in it: answers as the SDK saw them, rows, events and the log of requests."""
    with StandIn() as stand_in:
        api, recording = client(stand_in.address, KEY)
        Year(api, stand_in).play()
        yield {
            "answers": recording.seen,
            "rows": stand_in.see("rows"),
            "events": stand_in.see("events"),
            "requests": stand_in.see("requests"),
        }


def listed(faults):
    """Each breach once, with how often it was seen."""
    return "\n".join(f"{count} × {fault}" for fault, count in Counter(faults).most_common())


def test_every_answer_is_what_the_sdk_says(year):
    faults = [
        fault
        for answer in year["answers"]
        for fault in contract.faults_of_answer(answer.method, answer.path, answer.status, answer.body)
    ]
    assert not faults, listed(faults)


def test_every_row_is_what_the_sdk_says(year):
    faults = [fault for rows in year["rows"].values() for row in rows for fault in contract.faults_of_object(row)]
    assert not faults, listed(faults)


def test_every_event_is_what_the_sdk_says(year):
    faults = [fault for event in year["events"] for fault in contract.faults_of_event(event)]
    assert not faults, listed(faults)


def test_every_request_that_was_answered_is_what_the_sdk_would_send(year):
    refused = {"payment_method_types"}  # sent on purpose: the story's own wrong request
    faults = [
        fault
        for asked in year["requests"]
        if not refused & set(asked["parameters"])
        for fault in contract.faults_of_request(asked["method"], asked["path"], asked["parameters"])
    ]
    assert not faults, listed(faults)


def test_the_wrong_request_was_refused_by_the_stand_in_and_seen_by_the_oracle(year):
    wrong = [asked for asked in year["requests"] if "payment_method_types" in asked["parameters"]]
    assert contract.faults_of_request("POST", wrong[0]["path"], wrong[0]["parameters"])
    refused = [answer.body["error"] for answer in year["answers"] if answer.status == 400]
    assert ("parameter_unknown", "payment_method_types") in {
        (error.get("code"), error.get("param")) for error in refused
    }


def test_the_stand_in_refused_in_every_way_it_can(year):
    assert {200, 400, 402, 404, 429, 500} <= {answer.status for answer in year["answers"]}


def test_every_endpoint_was_asked(year):
    asked = {(answer.method, answer.path) for answer in year["answers"]}
    missed = [
        f"{route.method} {route.path}"
        for route in ENDPOINTS
        if not any(route.method == method and route.parts(path) is not None for method, path in asked)
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("kind", "field", "states"),
    [
        ("checkout.session", "status", {"open", "complete", "expired"}),
        ("checkout.session", "payment_status", {"paid", "unpaid", "no_payment_required"}),
        ("subscription", "status", {"trialing", "active", "past_due", "canceled"}),
        ("invoice", "status", {"draft", "open", "paid", "void", "uncollectible"}),
        (
            "payment_intent",
            "status",
            {"succeeded", "requires_payment_method", "requires_action", "processing", "canceled"},
        ),
        ("charge", "status", {"succeeded", "failed", "pending"}),
        ("refund", "status", {"succeeded", "failed", "pending"}),
        ("dispute", "status", {"needs_response", "won", "lost"}),
    ],
)
def test_the_year_reached_every_state(year, kind, field, states):
    told = [event["data"]["object"] for event in year["events"]]
    answered = [answer.body for answer in year["answers"]]
    seen = {row[field] for row in [*year["rows"][kind], *told, *answered] if row.get("object") == kind}
    assert states <= seen


@pytest.mark.parametrize(
    "kind",
    [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "charge.refunded",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.closed",
        "radar.early_fraud_warning.created",
    ],
)
def test_every_event_that_the_site_handles_was_made(year, kind):
    assert kind in {event["type"] for event in year["events"]}


def test_a_fault_planted_in_the_stand_ins_own_rows_is_caught(year):
    subscription = year["rows"]["subscription"][0]
    assert contract.faults_of_object(subscription) == []
    assert contract.faults_of_object({**subscription, "current_period_end": 1}) == [
        "subscription.current_period_end: unknown"
    ]
    assert contract.faults_of_object({**subscription, "status": "lapsed"})
    assert contract.faults_of_object({key: subscription[key] for key in subscription if key != "items"})


def test_after_a_test_a_breach_in_any_row_event_or_request_is_found():
    with StandIn() as stand_in:
        api, _ = client(stand_in.address, KEY)
        api.v1.customers.create({"email": "reader@example.org"})
        assert breaches(stand_in) == []
        stand_in.engine.requests[0]["parameters"]["e_mail"] = "reader@example.org"
        (customer,), (event,) = stand_in.engine.find("customer"), stand_in.engine.find("event")
        customer["created"] = None
        event["api_version"] = "2024-06-20"
        assert breaches(stand_in) == [
            "1 × customer.created: null",
            "1 × event.api_version: '2024-06-20' is not 2026-10-28.endive",
            "1 × POST /v1/customers[e_mail]: unknown parameter",
        ]
