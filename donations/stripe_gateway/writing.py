"""
What we ask of Stripe. Nothing is answered but what only Stripe knows: the new state is fetched afterwards like any
other news (`donations.sync`). What must not happen twice carries a key of its own; the rest says how things shall be,
and may be said again.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from donations.facts import AdjustmentFacts, SessionFacts
from donations.models import Payment, Pledge
from donations.money import Money
from donations.stripe_gateway import translate
from donations.stripe_gateway.client import PLEDGING, WORKING, Patience, asking, client
from donations.stripe_gateway.errors import NoSuchObject, StripeRefused
from foundation import clock

_EVERY_QUARTER = {"interval": "month", "interval_count": 3}
_DISPUTES_KEPT = 12  # of those that held a pledge: Stripe keeps 500 characters of them
# What changes amounts and endings is made on our own pages; history and receipts are there too.
_PORTAL = {
    "customer_update": {"enabled": True, "allowed_updates": ["address"]},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {"enabled": False},
    "subscription_update": {"enabled": False},
}


@dataclass(frozen=True)
class SessionRequest:
    """
    A Checkout session to be made. The key is random, kept before the call and used again for every repetition of the
    same request. `customer` only for somebody who came by a manage link; Checkout makes a new one otherwise.
    """

    intent: str  # the Intent's id as text
    kind: str  # Intent.Kind: quarterly, once
    money: Money
    success_url: str  # {CHECKOUT_SESSION_ID} in it is filled in by Stripe
    cancel_url: str
    idempotency_key: str
    customer: str = ""
    trial_end: dt.datetime | None = None  # a pledge's first charge, when it is not now
    expires_at: dt.datetime | None = None  # between 30 minutes and a day from now; a day without it
    product_name: str = ""  # used once, when the site's product is made
    locale: str = "auto"
    metadata: Mapping[str, str] = field(default_factory=dict)  # beside our own two words


def create_session(asked: SessionRequest, *, patience: Patience = PLEDGING) -> SessionFacts:
    """
    Makes the session, or answers with the one that this key made before. Raises StripeDown when it is not known whether
    it was made (ask again with the same key), StripeRefused when certainly nothing was.
    """
    try:
        return _create_session(asked, asked.idempotency_key, patience)
    except NoSuchObject as error:
        if not _is_about_product(error):
            raise
    _make_product(asked.product_name, patience)
    # The refusal may be remembered under the first key.
    return _create_session(asked, f"{asked.idempotency_key}-2", patience)


def _create_session(asked: SessionRequest, key: str, patience: Patience) -> SessionFacts:
    began_at = clock.real_now()
    with asking():
        made = client(patience).v1.checkout.sessions.create(_session_params(asked), {"idempotency_key": key})
        return translate.session(made, began_at)


def _session_params(asked: SessionRequest) -> dict:
    is_pledge = asked.kind == "quarterly"
    words = {**asked.metadata, "site": settings.STRIPE_SITE, "intent": asked.intent}
    price = _price(asked.money, recurring=is_pledge)
    params = {
        "mode": "subscription" if is_pledge else "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": asked.success_url,
        "cancel_url": asked.cancel_url,
        "client_reference_id": asked.intent,
        "metadata": words,
        "adaptive_pricing": {"enabled": False},
        "locale": asked.locale,
    }
    if asked.expires_at:
        params["expires_at"] = int(asked.expires_at.timestamp())
    if asked.customer:
        params["customer"] = asked.customer
    elif not is_pledge:
        params["customer_creation"] = "always"
    if not is_pledge:
        return params | {"submit_type": "donate", "payment_intent_data": {"metadata": words}}
    about = {"metadata": words}
    if asked.trial_end:
        about["trial_end"] = int(asked.trial_end.timestamp())
    return params | {"subscription_data": about}


def _price(money: Money, *, recurring: bool) -> dict:
    """Our minor units are Stripe's for every currency we know."""
    price = {"currency": money.currency.lower(), "unit_amount": money.minor, "product": product_id()}
    return price | {"recurring": _EVERY_QUARTER} if recurring else price


def product_id() -> str:
    """One product for everything this site asks for, by a name that needs no keeping."""
    return "pledge_" + re.sub(r"[^a-z0-9]+", "_", settings.STRIPE_SITE.lower()).strip("_")


def _is_about_product(error: NoSuchObject) -> bool:
    return "product" in error.param or product_id() in str(error)


def _make_product(name: str, patience: Patience) -> None:
    try:
        with asking():
            client(patience).v1.products.create(
                {
                    "id": product_id(),
                    "name": name or f"Support for {settings.STRIPE_SITE}",
                    "metadata": {"site": settings.STRIPE_SITE},
                }
            )
    except StripeRefused as error:
        if error.code != "resource_already_exists":
            raise


def expire_session(session_id: str, *, patience: Patience = WORKING) -> str:
    """
    So that it can no longer be paid. Answers with what it is now: “expired”, or “complete” for one that was paid
    before, which nothing can undo.
    """
    try:
        with asking():
            return client(patience).v1.checkout.sessions.expire(session_id).status or ""
    except StripeRefused:
        with asking():
            status = client(patience).v1.checkout.sessions.retrieve(session_id).status or ""
        if status == "open":
            raise
        return status


def change_amount(pledge: Pledge, money: Money, *, patience: Patience = PLEDGING) -> None:
    """From the next charge on; nothing is charged or credited now. The currency must be the pledge's."""
    if money.currency != pledge.currency:
        raise ValueError(f"A pledge in {pledge.currency} cannot become one in {money.currency}.")
    params = {
        "items": [{"id": pledge.item_id, "price_data": _price(money, recurring=True)}],
        "proration_behavior": "none",
    }
    try:
        _update(pledge, params, patience)
    except NoSuchObject as error:
        if not _is_about_product(error):
            raise
        _make_product("", patience)
        _update(pledge, params, patience)


def cancel_at_period_end(pledge: Pledge, *, patience: Patience = PLEDGING) -> None:
    _update(pledge, {"cancel_at_period_end": True}, patience)


def keep_going(pledge: Pledge, *, patience: Patience = PLEDGING) -> None:
    """
    Takes an ending back that has not come yet: one at the period's end, as our own page sets it, or a date that was set
    in the dashboard. Stripe takes only one of the two in one request.
    """
    with asking():
        v1 = client(patience).v1
        made = v1.subscriptions.update(pledge.stripe_id, {"cancel_at_period_end": False})
        if made.cancel_at is not None:
            v1.subscriptions.update(pledge.stripe_id, {"cancel_at": ""})


def pause(pledge: Pledge, *, patience: Patience = PLEDGING) -> None:
    """Its charges are made void until it is resumed; the anchor stays."""
    _update(pledge, {"pause_collection": {"behavior": "void"}, "metadata": {"paused_for": "backer"}}, patience)


def hold(pledge: Pledge, disputes: Sequence[str], *, patience: Patience = WORKING) -> None:
    """
    Paused by us, while a payment is disputed. The reason stands in the same request, so that none of the two is ever
    there alone. `disputes` are all that it ever heard of: they stay after it was resumed, so that each holds it once.
    """
    words = {"paused_for": "dispute", **_disputes(disputes)}
    _update(pledge, {"pause_collection": {"behavior": "void"}, "metadata": words}, patience)


def note_disputes(pledge: Pledge, disputes: Sequence[str], *, patience: Patience = WORKING) -> None:
    """The same of one that is paused or ends anyway: when its backer lets it go on, these hold it no more."""
    _update(pledge, {"metadata": _disputes(disputes)}, patience)


def _disputes(disputes: Sequence[str]) -> dict[str, str]:
    return {"held_for": " ".join(disputes[-_DISPUTES_KEPT:])}


def resume(pledge: Pledge, *, patience: Patience = PLEDGING) -> None:
    _update(pledge, {"pause_collection": "", "metadata": {"paused_for": ""}}, patience)


def _update(pledge: Pledge, params: dict, patience: Patience) -> None:
    with asking():
        client(patience).v1.subscriptions.update(pledge.stripe_id, params)


def cancel_now(pledge: Pledge, *, patience: Patience = WORKING) -> None:
    """At once, without a last charge. One that has ended stays as it is."""
    try:
        with asking():
            client(patience).v1.subscriptions.cancel(pledge.stripe_id)
    except NoSuchObject:
        return


def finalise_unasked(invoice_id: str, *, patience: Patience = WORKING) -> None:
    """Out of its draft without an attempt to charge it: drafts of a pledge cannot be made void. Others stay."""
    with contextlib.suppress(StripeRefused), asking():
        client(patience).v1.invoices.finalize_invoice(invoice_id, {"auto_advance": False})


def void_invoice(invoice_id: str, *, patience: Patience = WORKING) -> None:
    """So that nobody is charged by it any more. One that is not open stays as it is."""
    try:
        with asking():
            client(patience).v1.invoices.void_invoice(invoice_id)
    except StripeRefused:
        with asking():
            if client(patience).v1.invoices.retrieve(invoice_id).status == "open":
                raise


def portal_url(customer_id: str, return_url: str, *, patience: Patience = PLEDGING) -> str:
    """The address of Stripe's page for card and address, and for nothing else."""
    with asking():
        v1 = client(patience).v1
        made = v1.billing_portal.sessions.create(
            {"customer": customer_id, "return_url": return_url, "configuration": _portal(v1)}
        )
        return made.url


def _portal(v1) -> str:
    """The site's own settings of that page, made once, and put right when they are not what we want."""
    for each in v1.billing_portal.configurations.list({"active": True, "limit": 100}).data:
        if translate.reference(each.metadata).site:
            if not _is_wanted(each.features.to_dict()):
                v1.billing_portal.configurations.update(each.id, {"features": _PORTAL})
            return each.id
    params = {"features": _PORTAL, "metadata": {"site": settings.STRIPE_SITE}}
    return v1.billing_portal.configurations.create(params, {"idempotency_key": f"portal-{product_id()}"}).id


def _is_wanted(features: dict) -> bool:
    return all(
        (features.get(name) or {}).get(setting) == value
        for name, wanted in _PORTAL.items()
        for setting, value in wanted.items()
    )


def refund(payment: Payment, money: Money, key: str, *, patience: Patience = PLEDGING) -> AdjustmentFacts:
    """Gives back that much of a payment; once for each key."""
    if money.currency != payment.currency:
        raise ValueError(f"A payment in {payment.currency} cannot be refunded in {money.currency}.")
    with asking():
        made = client(patience).v1.refunds.create(
            {"charge": payment.fact_key, "amount": money.minor, "metadata": {"site": settings.STRIPE_SITE}},
            {"idempotency_key": key},
        )
        return translate.refund(made)


def delete_customer(customer_id: str, *, patience: Patience = WORKING) -> None:
    """Removes the person at Stripe, which ends their subscriptions there. One that is gone stays gone."""
    try:
        with asking():
            client(patience).v1.customers.delete(customer_id)
    except NoSuchObject:
        return
