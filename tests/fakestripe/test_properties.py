"""What holds whatever is done to the stand-in, tried with random acts at random times on its engine alone."""

import contextlib
from collections import defaultdict

import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from fakestripe.acts import checkout, disputes, invoices, people, refunds, subscriptions, time, wallet
from fakestripe.cards import KNOWN, PAYS
from fakestripe.engine import Engine, Options
from fakestripe.errors import Refused
from fakestripe.months import add_months

DAY = 86400
BEGIN = 1_800_000_000
QUARTERLY = {"interval": "month", "interval_count": 3}
CARDS = sorted(number for number, card in KNOWN.items() if not card.first)

acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["pledge", "gift", "debit", "refund", "part", "fail", "dispute", "close", "end", "keep", "pause", "resume"]
            + ["cancel", "card", "pay", "answer", "delete"]
        ),
        st.integers(0, 5),  # which one
        st.sampled_from(CARDS),
        st.integers(0, 120 * DAY),  # seconds until the next act
    ),
    max_size=25,
)


class World:
    """An engine whose time passes only by moving its clock."""

    def __init__(self):
        self.engine = Engine(Options(webhook_secret="whsec_x"))

    def session(self, mode: str) -> str:
        data = {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "Pledge"}}
        if mode == "subscription":
            data["recurring"] = QUARTERLY
        asked = {"mode": mode, "success_url": "x", "line_items": [{"price_data": data, "quantity": 1}]}
        return checkout.create(self.engine, asked)["id"]

    def act(self, name: str, which: int, card: str) -> None:
        """Does it to one of the things that there are; what is refused is not done."""
        engine = self.engine
        kind, verb = _VERBS[name]
        if kind is None:
            verb(self, card)
            return
        rows = engine.find(kind)[::-1]
        if rows:
            verb(engine, rows[which % len(rows)]["id"], card)

    def play(self, script) -> None:
        for name, which, card, pause in script:
            with self.engine.acting():
                with contextlib.suppress(Refused):
                    self.act(name, which, card)
                time.advance(self.engine, pause)


def _complete(mode: str, **more):
    return lambda world, card: checkout.complete(
        world.engine, world.session(mode), card=card, email="a@example.org", **more
    )


def _pause(engine, key, card):
    subscriptions.change(engine, key, {"pause_collection": {"behavior": "void"}})


_VERBS = {
    "pledge": (None, _complete("subscription")),
    "gift": (None, _complete("payment")),
    "debit": (None, _complete("subscription", debit=True)),
    "refund": ("charge", lambda engine, key, card: refunds.refund(engine, key)),
    "part": ("charge", lambda engine, key, card: refunds.refund(engine, key, amount=700)),
    "fail": ("refund", lambda engine, key, card: refunds.fail(engine, key)),
    "dispute": ("charge", lambda engine, key, card: disputes.dispute(engine, key)),
    "close": ("dispute", lambda engine, key, card: disputes.close(engine, key, outcome="won")),
    "end": (
        "subscription",
        lambda engine, key, card: subscriptions.change(engine, key, {"cancel_at_period_end": True}),
    ),
    "keep": (
        "subscription",
        lambda engine, key, card: subscriptions.change(engine, key, {"cancel_at_period_end": False}),
    ),
    "pause": ("subscription", _pause),
    "resume": ("subscription", lambda engine, key, card: subscriptions.change(engine, key, {"pause_collection": None})),
    "cancel": ("subscription", lambda engine, key, card: subscriptions.cancel(engine, key)),
    "card": ("customer", lambda engine, key, card: wallet.replace_card(engine, key, card=card)),
    "pay": ("invoice", lambda engine, key, card: invoices.pay(engine, key, card=PAYS)),
    "answer": ("invoice", lambda engine, key, card: invoices.authenticate(engine, key, ok=True)),
    "delete": ("customer", lambda engine, key, card: people.delete(engine, key)),
}


@settings(max_examples=60)
@given(script=acts)
def test_money_adds_up_and_every_quarter_has_one_invoice(script):
    with time_machine.travel(BEGIN, tick=False):
        world = World()
        world.play(script)
        assert_consistent(world.engine)


def assert_consistent(engine) -> None:
    taken = defaultdict(int)
    for refund in engine.find("refund"):
        taken[refund["charge"]] += refund["amount"] * (refund["status"] in ("succeeded", "pending"))
    for charge in engine.find("charge"):
        assert charge["amount_refunded"] == taken[charge["id"]] <= charge["amount"]
        assert (charge["balance_transaction"] is not None) == (charge["status"] == "succeeded")
    for invoice in engine.find("invoice"):
        assert_paid_once(engine, invoice)
    for subscription in engine.find("subscription"):
        assert_on_its_grid(engine, subscription)


def assert_paid_once(engine, invoice) -> None:
    intents = {row["payment"]["payment_intent"] for row in engine.find("invoice_payment", invoice=invoice["id"])}
    charges = [charge for key in intents for charge in engine.find("charge", payment_intent=key)]
    paid = [charge["amount"] for charge in charges if charge["status"] == "succeeded"]
    assert paid == ([invoice["amount_due"]] if invoice["status"] == "paid" else [])
    assert invoice["amount_paid"] == sum(paid)
    if invoice["status"] != "open":
        assert invoice["next_payment_attempt"] is None or invoice["status"] == "draft"


def assert_on_its_grid(engine, subscription) -> None:
    starts = [
        row["lines"]["data"][0]["period"]["start"] for row in engine.find("invoice", subscription=subscription["id"])
    ]
    anchor = subscription["billing_cycle_anchor"]
    assert starts[::-1] == [add_months(anchor, 3 * number) for number in range(len(starts))]
    if not subscription["ended_at"]:
        item = subscription["items"]["data"][0]
        assert item["current_period_start"] <= engine.now() < item["current_period_end"]


@settings(max_examples=40)
@given(script=acts, steps=st.lists(st.integers(1, 40 * DAY), max_size=12))
def test_a_leap_and_a_walk_over_the_same_time_come_to_the_same(script, steps):
    stories = []
    for walked in (steps, [sum(steps)]):
        with time_machine.travel(BEGIN, tick=False):
            world = World()
            world.play(script)
            for seconds in walked:
                with world.engine.acting():
                    time.advance(world.engine, seconds)
        stories.append(story(world.engine))
    assert stories[0] == stories[1]


def story(engine) -> list[tuple]:
    """What happened and when, without ids."""
    return [(event["created"], event["type"]) for event in engine.find("event")[::-1]]


@settings(max_examples=30)
@given(script=acts)
def test_time_never_runs_backwards_in_what_is_told(script):
    with time_machine.travel(BEGIN, tick=False):
        world = World()
        world.play(script)
    moments = [moment for moment, _ in story(world.engine)]
    assert moments == sorted(moments)
