"""
The SDK's clients, one per patience, and the translation of its errors. The API version is pinned here and has to be
that of the webhook endpoint; a test holds the SDK's own pin against it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

import stripe
from django.conf import settings

from donations.stripe_gateway.errors import NoSuchObject, StripeDown, StripeRefused

API_VERSION = "2026-10-28.endive"

stripe.enable_telemetry = False


@dataclass(frozen=True)
class Patience:
    """How often a request is repeated, and for how many seconds each one may hang."""

    retries: int
    seconds: float


PLEDGING = Patience(retries=1, seconds=3)  # somebody is looking at the page: an answer within 8 seconds
WORKING = Patience(retries=2, seconds=10)

_hurried: ContextVar[bool] = ContextVar("hurried", default=False)


@contextmanager
def hurried() -> Iterator[None]:
    """Whatever is asked within is asked with PLEDGING patience: somebody waits for the page behind it."""
    token = _hurried.set(True)
    try:
        yield
    finally:
        _hurried.reset(token)


def client(patience: Patience) -> stripe.StripeClient:
    """Raises StripeRefused without a key: no request is made then."""
    if not settings.STRIPE_SECRET_KEY:
        raise StripeRefused("There is no key for Stripe.", code="no_key")
    patience = PLEDGING if _hurried.get() else patience
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.STRIPE_ACCOUNT, patience)


@lru_cache(maxsize=16)
def _client(key: str, base: str, account: str, patience: Patience) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_account=account or None,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else None,
        max_network_retries=patience.retries,
        http_client=stripe.RequestsClient(timeout=patience.seconds),
    )


@contextmanager
def asking() -> Iterator[None]:
    """Around every request: the SDK's errors leave as ours."""
    try:
        yield
    except stripe.APIConnectionError as error:
        raise StripeDown("Stripe could not be reached.") from error
    except stripe.StripeError as error:
        raise _translated(error) from error


def _translated(error: stripe.StripeError) -> Exception:
    # Without a status nobody was asked: the SDK itself found the request impossible.
    status = error.http_status or (400 if isinstance(error, stripe.InvalidRequestError) else 500)
    if status in (409, 429) or status >= 500 or isinstance(error, stripe.APIError):
        return StripeDown(f"Stripe answered {status}: {error.user_message}")
    words, code, param = error.user_message or "Stripe refused.", error.code or "", getattr(error, "param", "") or ""
    if code == "resource_missing" or status == 404:
        return NoSuchObject(words, code=code, param=param)
    return StripeRefused(words, code=code, param=param)
