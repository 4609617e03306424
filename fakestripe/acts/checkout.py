"""
Checkout sessions: asked for by the site, completed by a shopper, or left to expire.
https://docs.stripe.com/payments/checkout/how-checkout-works

What Checkout makes does not exist before the session is complete: `subscription` and `payment_intent` are null until
then. What it was told to make is kept beside the session under the kind "order".
"""

from typing import Any

from fakestripe import cards, due, identity
from fakestripe.acts import catalogue, charging, invoices, people, renewals, subscriptions, wallet
from fakestripe.acts.charging import Outcome
from fakestripe.errors import AuthenticationNeeded, CardRefused, Refused
from fakestripe.months import DAY, HOUR
from fakestripe.shapes import checkout, money
from fakestripe.shapes.people import DEBITS
from fakestripe.store import Row

SHORTEST_LIFE = HOUR // 2
SHORTEST_TRIAL = 2 * DAY
# A request takes a moment; what was right when it was written is not refused for that.
LENIENCE = 30


def create(engine, given: dict[str, Any]) -> Row:
    now = engine.now()
    _refuse_nonsense(engine, given, now)
    prices = [catalogue.chosen_price(engine, asked) for asked in given["line_items"]]
    _refuse_prices(engine, given, prices)
    session = checkout.session(
        now,
        key=identity.new("checkout.session"),
        address=engine.address,
        expires_at=given.get("expires_at", now + DAY),
        prices=prices,
        given=given,
    )
    if given["mode"] == "payment":
        catalogue.refuse_too_little(session["amount_total"], session["currency"])
    order = {name: given.get(name, {}) for name in ("subscription_data", "payment_intent_data")}
    engine.store.add("order", {**order, "intent": None}, session["id"])
    engine.agenda.add(session["expires_at"], "expire", session["id"])
    return engine.add(session)


def complete(
    engine,
    session_id: str,
    *,
    card: str = "",
    email: str = "",
    name: str = "",
    debit: bool = False,
    authenticated: bool | None = True,
) -> Row:
    """
    The shopper pays. Raises CardRefused, or AuthenticationNeeded when `authenticated` is None and the bank asks; the
    session stays open then. A bank debit takes days: its session is complete and unpaid.
    """
    session = _open(engine, session_id)
    known = cards.known(card or cards.PAYS)
    kind = DEBITS.get(session["currency"]) if debit else "card"
    if kind is None:
        raise Refused(f"There is no bank debit in {session['currency']}.")
    shopper = _shopper(engine, session, email, name)
    if session["mode"] == "subscription":
        refused = None if debit else charging.refusal(known, is_present=True, authenticated=authenticated)
        if refused:
            raise refused
        _subscribe(engine, session, known.number, kind, shopper, authenticated)
    else:
        _pay(engine, session, known.number, kind, shopper, authenticated)
    country = {"gbp": "GB", "eur": "DE", "cad": "CA", "aud": "AU"}.get(session["currency"], "US")
    session.update(
        status="complete",
        url=None,
        payment_method_types=[kind],
        customer_details=checkout.customer_details(shopper["email"], shopper["name"], country),
    )
    engine.tell("checkout.session.completed", session)
    return session


def expire(engine, session_id: str) -> Row:
    """https://docs.stripe.com/api/checkout/sessions/expire"""
    session = _open(engine, session_id)
    session.update(status="expired", url=None)
    intent_id = engine.store.get("order", session_id)["intent"]
    if intent_id:
        intent = engine.get("payment_intent", intent_id)
        intent.update(status="canceled", canceled_at=engine.now(), cancellation_reason="expired")
        engine.tell("payment_intent.canceled", intent)
    engine.tell("checkout.session.expired", session)
    return session


@due.act("expire")
def expire_when_due(engine, session_id: str, at: int) -> None:
    if engine.get("checkout.session", session_id)["status"] == "open":
        expire(engine, session_id)


def tell_late_answer(engine, session: Row, outcome: Outcome) -> None:
    """The bank has answered a debit: https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification"""
    if outcome == Outcome.PAID:
        session["payment_status"] = "paid"
        engine.tell("checkout.session.async_payment_succeeded", session)
    else:
        engine.tell("checkout.session.async_payment_failed", session)


def _open(engine, session_id: str) -> Row:
    session = engine.get("checkout.session", session_id)
    if session["status"] != "open":
        raise Refused(f"This Session is {session['status']}: only an open one can be completed or expired.")
    return session


def _shopper(engine, session: Row, email: str, name: str) -> dict[str, str | None]:
    """A known customer's own address stands; of a new one it is asked."""
    if session["customer"]:
        customer = people.existing(engine, session["customer"])
        return {"email": customer["email"] or email, "name": customer["name"] or name or None}
    email = email or session["customer_email"] or ""
    if "@" not in email:
        raise Refused("Your email is incomplete.", code="email_invalid", param="email")
    return {"email": email, "name": name or None}


def _customer(engine, session: Row, shopper: dict[str, str | None]) -> Row:
    if session["customer"]:
        customer = people.existing(engine, session["customer"])
        missing = {field: value for field, value in shopper.items() if value and not customer[field]}
        return people.update(engine, customer["id"], missing)
    customer = people.create(engine, dict(shopper))
    session["customer"] = customer["id"]
    return customer


def _method(engine, customer_id: str | None, card: str, kind: str, shopper: dict[str, str | None]) -> Row:
    return wallet.make(engine, customer_id=customer_id, card=card, kind=kind, **shopper)


def _subscribe(engine, session: Row, card: str, kind: str, shopper: dict, authenticated: bool | None) -> None:
    customer = _customer(engine, session, shopper)
    method = _method(engine, customer["id"], card, kind, shopper)
    price = session["line_items"]["data"][0]["price"]
    data = engine.store.get("order", session["id"])["subscription_data"]
    subscription = subscriptions.create(engine, customer=customer, price=price, method_id=method["id"], data=data)
    invoice = renewals.bill(engine, subscription, reason="subscription_create", closes=engine.now())
    engine.store.touch("subscription", subscription)
    session.update(subscription=subscription["id"], invoice=invoice["id"])
    invoices.finalise(engine, invoice["id"])
    if invoice["status"] == "paid":
        session["payment_status"] = "no_payment_required"
        return
    outcome = invoices.attempt(engine, invoice, is_present=True, authenticated=authenticated)
    session["payment_status"] = "paid" if outcome == Outcome.PAID else "unpaid"


def _pay(engine, session: Row, card: str, kind: str, shopper: dict, authenticated: bool | None) -> None:
    """A declined try leaves its charge and an intent that the next try goes on with, but no customer."""
    refused = None
    if kind == "card":
        refused = charging.refusal(cards.known(card), is_present=True, authenticated=authenticated)
    if isinstance(refused, AuthenticationNeeded):
        raise refused
    intent = _intent(engine, session, shopper)
    customer = None
    if not refused and (session["customer"] or session["customer_creation"] == "always"):
        customer = _customer(engine, session, shopper)
        intent["customer"] = customer["id"]
    method = _method(engine, customer and customer["id"], card, kind, shopper)
    outcome = charging.charge(engine, intent, method, is_present=True, authenticated=authenticated)
    if outcome == Outcome.DECLINED:
        error = intent["last_payment_error"]
        raise CardRefused(error["message"], code=error["code"], decline_code=error["decline_code"] or "")
    session.update(payment_intent=intent["id"], payment_status="paid" if outcome == Outcome.PAID else "unpaid")


def _intent(engine, session: Row, shopper: dict[str, str | None]) -> Row:
    order = engine.store.get("order", session["id"])
    if order["intent"]:
        return engine.get("payment_intent", order["intent"])
    data = order["payment_intent_data"]
    intent = money.payment_intent(
        engine.now(),
        amount=session["amount_total"],
        currency=session["currency"],
        customer_id=session["customer"],
        **data,
    )
    order["intent"] = intent["id"]
    engine.store.touch("order", order, session["id"])
    return engine.add(intent, "payment_intent.created")


def _refuse_nonsense(engine, given: dict[str, Any], now: int) -> None:
    mode = given["mode"]
    if not given["line_items"]:
        raise Refused("Give at least one line item.", code="parameter_missing", param="line_items")
    if given.get("customer") and given.get("customer_email"):
        raise Refused("You may only specify one of these parameters: customer, customer_email.", param="customer")
    if given.get("customer"):
        people.existing(engine, given["customer"])
    if mode == "subscription":
        for name in ("payment_intent_data", "customer_creation"):
            if name in given:
                raise Refused(f"You can not pass `{name}` in `subscription` mode.", param=name)
    elif "subscription_data" in given:
        raise Refused("You can not pass `subscription_data` in `payment` mode.", param="subscription_data")
    life = given.get("expires_at", now + DAY) - now
    if not SHORTEST_LIFE - LENIENCE <= life <= DAY + LENIENCE:
        raise Refused(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", param="expires_at"
        )
    trial_end = given.get("subscription_data", {}).get("trial_end")
    if trial_end and not SHORTEST_TRIAL - LENIENCE <= trial_end - now <= subscriptions.LONGEST_TRIAL:
        raise Refused(
            "The `trial_end` date has to be at least 2 days in the future.", param="subscription_data[trial_end]"
        )


def _refuse_prices(engine, given: dict[str, Any], prices: list[Row]) -> None:
    """Kinds of prices by mode, and https://docs.stripe.com/billing/customer#currency"""
    if len({price["currency"] for price in prices}) > 1:
        raise Refused("All prices of a session must have the same currency.", param="line_items")
    if given["mode"] == "payment":
        if any(price["recurring"] for price in prices):
            raise Refused("You specified `payment` mode but passed a recurring price.", param="mode")
        return
    if len(prices) > 1 or not prices[0]["recurring"]:
        raise Refused("The stand-in subscribes to one recurring price.", param="line_items")
    if prices[0]["recurring"]["interval"] not in ("month", "year"):
        raise Refused("The stand-in counts months and years.", param="line_items")
    catalogue.refuse_too_little(prices[0]["unit_amount"], prices[0]["currency"])
    customer = engine.get("customer", given["customer"]) if given.get("customer") else None
    if customer and customer["currency"] not in (None, prices[0]["currency"]):
        raise Refused(
            "You cannot combine currencies on a single customer. This customer has had a subscription, coupon,"
            f" or invoice item with currency {customer['currency']}",
        )
