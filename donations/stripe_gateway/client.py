"""
The SDK's clients, one per patience, and the translation of its errors. The API version is pinned here and has to be
that of the webhook endpoint; a test holds the SDK's own pin against it.
"""

import time
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

# Within `hurried`: so long after its beginning a request is no longer repeated, and then not even begun.
ONCE_AFTER, NOT_AFTER = 1.0, 4.5

_hurried_since: ContextVar[float | None] = ContextVar("hurried_since", default=None)


@contextmanager
def hurried() -> Iterator[None]:
    """
    Somebody waits for the page behind it: whatever is asked within comes to an end within 8 seconds in all, however
    many requests that are. Raises StripeDown when the time is used up.
    """
    token = _hurried_since.set(_hurried_since.get() or time.monotonic())
    try:
        yield
    finally:
        _hurried_since.reset(token)


def _patience_left(patience: Patience) -> Patience:
    since = _hurried_since.get()
    if since is None:
        return patience
    used = time.monotonic() - since
    if used > NOT_AFTER:
        raise StripeDown("Stripe is too slow for somebody who waits.")
    return PLEDGING if used <= ONCE_AFTER else Patience(retries=0, seconds=PLEDGING.seconds)


def client(patience: Patience) -> stripe.StripeClient:
    """Raises StripeRefused without a key: no request is made then."""
    if not settings.STRIPE_SECRET_KEY:
        raise StripeRefused("There is no key for Stripe.", code="no_key")
    patience = _patience_left(patience)
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
