"""Whatever it is asked, the stand-in answers, and never with a failure of its own."""

import json
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from fakestripe import api
from fakestripe.acts import checkout
from fakestripe.engine import Engine, Options
from fakestripe.web import Request

KEY = "sk_test_standin"


def a_world() -> tuple[Engine, list[str]]:
    """An engine with one of most things, and their ids."""
    engine = Engine(Options(webhook_secret="whsec_x"))
    price = {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "Pledge"}}
    quarterly = {**price, "recurring": {"interval": "month", "interval_count": 3}}
    for mode, data in (("subscription", quarterly), ("payment", price)):
        asked = {"mode": mode, "success_url": "x", "line_items": [{"price_data": data, "quantity": 1}]}
        session = checkout.create(engine, {**asked, **({"customer_creation": "always"} if mode == "payment" else {})})
        checkout.complete(engine, session["id"], email="a@example.org")
        checkout.create(engine, asked)
    kinds = set(engine.store.rows) - {"due", "delivery", "order", "number"}
    return engine, [key for kind in sorted(kinds) for key in list(engine.store.rows[kind])[:2]]


_, KEYS = a_world()
NAMES = sorted({name for endpoint in api.ENDPOINTS for name in endpoint.schema} | {"data", "payments", "lines", "x"})
words = st.one_of(
    st.sampled_from(["", "true", "now", "all", "usd", "void", "none", "payment", "-1", "0", "2500", "1e3", "9" * 30]),
    st.text(max_size=8),
    st.integers(-(10**16), 10**16).map(str),
)
paths = st.lists(st.sampled_from([*NAMES, "id", "object", "customer", "price", "product"]), min_size=1, max_size=5)


@st.composite
def names(draw, schema):
    """One that the endpoint knows, or not, perhaps with something inside."""
    name = draw(st.sampled_from([*schema, *NAMES]))
    inner = draw(st.lists(st.one_of(st.sampled_from(["0", "1", "", "gte", *NAMES]), st.text(max_size=4)), max_size=3))
    return name + "".join(f"[{one}]" for one in inner)


@st.composite
def requests(draw):
    endpoint = draw(st.sampled_from(api.ENDPOINTS))
    engine, keys = a_world()
    path = endpoint.path
    if "<key>" in path:
        path = path.replace("<key>", draw(st.sampled_from([*keys, "cus_nobody", "%00", "null"])))
    values = st.one_of(words, st.sampled_from(keys))
    pairs = draw(st.lists(st.tuples(names(list(endpoint.schema)), values), max_size=6))
    if draw(st.booleans()):
        pairs.append(("expand[0]", ".".join(draw(paths))))
    text = urlencode(pairs)
    is_post = endpoint.method == "POST"
    headers = {
        "authorization": f"Bearer {KEY}",
        **({"idempotency-key": draw(st.text(max_size=300))} if is_post else {}),
    }
    return engine, Request(endpoint.method, path, "" if is_post else text, text.encode() if is_post else b"", headers)


@settings(max_examples=120)
@given(asked=requests())
def test_nothing_that_can_be_asked_makes_it_fail(asked):
    engine, request = asked
    answer = api.answer(engine, request)
    said = json.loads(answer.body)
    assert answer.status in (200, 400, 402, 404)
    assert ("error" in said) == (answer.status != 200)
