"""Checkout sessions and their lines. https://docs.stripe.com/api/checkout/sessions/object"""

from typing import Any

from fakestripe import identity
from fakestripe.shapes import NO_TAX, a_list
from fakestripe.store import Row


def session(now: int, *, key: str, address: str, expires_at: int, prices: list[Row], given: dict[str, Any]) -> Row:
    """`given` are the parameters as they were read; nothing to pay now makes the total 0."""
    mode = given["mode"]
    pays_later = bool(given.get("subscription_data", {}).get("trial_end"))
    lines = [
        line(price, asked.get("quantity", 1), pays_later)
        for price, asked in zip(prices, given["line_items"], strict=True)
    ]
    total = sum(one["amount_total"] for one in lines)
    return {
        "id": key,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": given.get("adaptive_pricing", {}).get("enabled", True)},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {**NO_TAX, "provider": None, "status": None},
        "billing_address_collection": given.get("billing_address_collection"),
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "client_secret": None,
        "collected_information": {"shipping_details": None},
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": prices[0]["currency"],
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": custom_text(given.get("custom_text", {})),
        "customer": given.get("customer"),
        "customer_account": None,
        "customer_creation": given.get("customer_creation", "if_required") if mode == "payment" else "always",
        "customer_details": None,
        "customer_email": given.get("customer_email"),
        "discounts": [],
        "expires_at": expires_at,
        "invoice": None,
        "invoice_creation": None,
        "line_items": a_list(f"/v1/checkout/sessions/{key}/line_items", lines),
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata", {}),
        "mode": mode,
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always" if mode == "subscription" else "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "subscription": None,
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{address}/pay/{key}",
        "wallet_options": None,
    }


def custom_text(asked: dict[str, Any]) -> dict[str, Any]:
    places = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {place: asked.get(place) for place in places}


def line(price: Row, quantity: int, pays_later: bool) -> Row:
    total = 0 if pays_later else price["unit_amount"] * quantity
    return {
        "id": identity.new("item"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": None,
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }


def customer_details(email: str, name: str | None, country: str) -> dict[str, Any]:
    address = {"city": None, "country": country, "line1": None, "line2": None, "postal_code": None, "state": None}
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": name,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
