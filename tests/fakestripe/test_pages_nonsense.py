"""Whatever is sent to a page of the stand-in, it answers with a page, and hands nobody's text on as HTML."""

from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from fakestripe import console, pages
from fakestripe.acts import checkout, disputes, refunds, time
from fakestripe.acts import portal as portals
from fakestripe.cards import KNOWN
from fakestripe.console import desk
from fakestripe.console.doing import DEEDS
from fakestripe.engine import Engine, Options
from fakestripe.web import Request

WICKED = "<script>alert(1)</script>\"'&"
PRICE = {"currency": "eur", "unit_amount": 2500, "product_data": {"name": WICKED}}
QUARTERLY = {**PRICE, "recurring": {"interval": "month", "interval_count": 3}}
ROUTES = [route for route in (*pages.ROUTES, *console.ROUTES) if ".css" not in route.path]


def a_world() -> Engine:
    """Pledges whose renewals stand in every state, gifts refunded and disputed, and wicked words wherever they go."""
    engine = Engine(Options(webhook_secret="whsec_x"))
    for card in ("4242424242424242", "4000000000000341", "4000002760003184"):
        _completed(engine, "subscription", QUARTERLY, card)
    time.advance(engine, 93 * 86400)
    _completed(engine, "payment", PRICE, "4242424242424242")
    for charge, act in zip(
        engine.find("charge", status="succeeded")[:2], (refunds.refund, disputes.dispute), strict=True
    ):
        act(engine, charge["id"])
    for mode, price in (("subscription", QUARTERLY), ("payment", PRICE)):
        checkout.create(engine, _asked(mode, price))
    portals.open_session(engine, {"customer": engine.find("customer")[0]["id"], "return_url": "javascript:alert(1)"})
    return engine


def _completed(engine, mode, price, card):
    session = checkout.create(engine, _asked(mode, price))
    checkout.complete(engine, session["id"], card=card, email=f"{WICKED}@example.org", name=WICKED)


def _asked(mode, price):
    return {
        "mode": mode,
        "success_url": "javascript:alert(1)",
        "cancel_url": WICKED,
        "line_items": [{"price_data": price, "quantity": 1}],
        "custom_text": {"submit": {"message": WICKED}},
        **({"customer_creation": "always"} if mode == "payment" else {}),
    }


FIELDS = ("card", "fill", "email", "name", "method", "bank", "deed", "amount", "reason", "date", "find", "all", "kind")
NAMES = st.sampled_from([*FIELDS, "done", "of", "drop", "status", "line1", "country", "next_renewal", "next_requests"])
words = st.one_of(
    st.sampled_from(["", WICKED, "yes", "no", "card", "debit", "a@example.org", "5.00", "1e999", "nan", "2031-05-06"]),
    st.sampled_from([*KNOWN, *DEEDS, *(name for deeds in DEEDS.values() for name in deeds)]),
    st.text(max_size=12),
)


KINDS = {
    "session_id": "checkout.session",
    "portal_id": "billing_portal.session",
    "invoice_id": "invoice",
    "intent_id": "payment_intent",
    "charge_id": "charge",
}
ROWS = {button: kind for button, kind, _, _ in desk.SECTIONS}


@settings(max_examples=150)
@given(data=st.data())
def test_a_page_is_answered_whatever_is_sent(data):
    engine = a_world()
    route = data.draw(st.sampled_from(ROUTES))
    for _ in range(3):
        parts = _parts(data, engine, route)
        fields = data.draw(st.lists(st.tuples(NAMES, words), max_size=6))
        if "kind" in parts:
            fields.append(("deed", data.draw(st.sampled_from([*DEEDS[parts["kind"]], "explode"]))))
        text = urlencode(fields)
        request = Request(route.method, route.path, text, text.encode() if route.method == "POST" else b"")
        answer = route.function(engine, request, **parts)
        assert answer.status in (200, 303, 400, 402, 403, 404, 409, 410, 422)
        assert b"<script" not in answer.body
        assert b'="javascript:' not in answer.body
        assert "javascript:" not in answer.headers.get("Location", "")
        assert answer.headers.get("Location", "").isprintable()


def _parts(data, engine, route) -> dict[str, str]:
    """What the address names: mostly something that is there, sometimes nothing."""
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("<")]
    parts = {}
    for name in names:
        if name == "kind":
            parts[name] = data.draw(st.sampled_from(sorted(DEEDS)))
            continue
        kind = KINDS.get(name) or ROWS.get(parts["kind"], "event")
        keys = list(engine.store.rows[kind])
        parts[name] = data.draw(st.sampled_from([*keys, *keys, "nobody", "%3Cscript%3E"]))
    return parts
