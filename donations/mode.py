"""Stripe's two modes: rows of the test mode never mix with those of real money."""

from django.conf import settings


def is_live() -> bool:
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def pledging_is_possible() -> bool:
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRETS)
