"""Stripe's two modes: rows of the test mode never mix with those of real money."""

from django.conf import settings


def is_live() -> bool:
    """The key says it. While there is none, the settings do: pledging may be closed, and the figures stay."""
    key = settings.STRIPE_SECRET_KEY
    return key.startswith(("sk_live_", "rk_live_")) if key else bool(settings.STRIPE_LIVE)


def pledging_is_possible() -> bool:
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRETS)


def refusal(*, key: str, secrets: list[str]) -> str:
    """
    Why the site must not start, or an empty string. An empty secret would let anybody sign events, and a key without
    one would take money of which the site never hears.
    """
    if any(not secret.strip() for secret in secrets):
        return "STRIPE_WEBHOOK_SECRETS holds an empty secret: anybody could sign events with it."
    if key and not secrets:
        return "STRIPE_SECRET_KEY is set and STRIPE_WEBHOOK_SECRETS is not: money would be taken and never be counted."
    return ""
