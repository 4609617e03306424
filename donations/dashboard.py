"""Where an object is seen at Stripe: in the dashboard, its test or its live half, or at the stand-in's console."""

from django.conf import settings

from donations.mode import is_live

_PLACES = {
    "cus": "customers",
    "sub": "subscriptions",
    "in": "invoices",
    "ch": "payments",
    "py": "payments",
    "pi": "payments",
    "evt": "events",
    "re": "refunds",
    "du": "disputes",
    "dp": "disputes",
}


def address(stripe_id: str) -> str:
    """Empty for what is not at Stripe."""
    place = _PLACES.get(stripe_id.partition("_")[0])
    if place is None or "_" not in stripe_id:
        return ""
    if settings.STRIPE_API_BASE:
        return f"{settings.STRIPE_API_BASE}/"
    if place == "refunds":
        return ""  # a refund has no page of its own; its payment shows it
    return f"https://dashboard.stripe.com/{'' if is_live() else 'test/'}{place}/{stripe_id}"
