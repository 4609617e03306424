"""
From what somebody asked for to the payment page at Stripe. The intent is written down before Stripe is called, with
the key under which it is asked, so that a double click, the back button, a second tab or a lost answer lead to one
payment page: whenever another one would be made, the first is closed before. Nothing here ever charges anything.
"""

import contextlib
import datetime as dt
import logging
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from donations import dedications, replacing, stamps, stripe_gateway
from donations.dedications import Wish
from donations.mode import is_live, pledging_is_possible
from donations.models import Customer, Intent, Pledge
from donations.money import Money
from donations.stripe_gateway import PLEDGING, SessionRequest, StripeDown, StripeRefused
from foundation import clock, identity

logger = logging.getLogger(__name__)

SAME_KEY_FOR = dt.timedelta(hours=1)  # Stripe repeats the first answer under a key, also when that was an error
SHORTEST_LIFE, USUAL_LIFE = dt.timedelta(minutes=31), dt.timedelta(days=1)  # of a payment page
ROUNDS = 3  # how often the row may have changed between looking at it and writing to it


class PledgingClosed(Exception):
    """There is no key for Stripe: nothing can be pledged for the moment."""


class NotYours(Exception):
    """The intent was begun in another browser: this one needs a form of its own."""


class Overtaken(Exception):
    """The same form was sent once more with something else in it, before this was answered."""


class AlreadyCompleted(Exception):
    """The intent was paid before; its thanks page tells."""

    def __init__(self, intent: Intent):
        super().__init__(str(intent.pk))
        self.intent = intent


@dataclass(frozen=True)
class _Asked:
    """What the form says. The terms decide what is paid, the words go along."""

    kind: str
    money: Money
    public_name: str
    is_name_shown: bool
    message: str
    wish: Wish | None
    came_from: str
    browser: str
    customer: Customer | None
    replaces: Pledge | None
    trial_end: dt.datetime | None

    def terms(self) -> dict:
        return {
            "kind": self.kind,
            "currency": self.money.currency,
            "amount_minor": self.money.minor,
            "customer_id": self.customer.pk if self.customer else None,
            "replaces_id": self.replaces.pk if self.replaces else None,
            "trial_end_at": self.trial_end,
        }

    def words(self) -> dict:
        is_shown = bool(self.public_name) and self.is_name_shown
        return {
            "public_name": self.public_name,
            "name_status": Intent.NameStatus.PENDING if is_shown else Intent.NameStatus.HIDDEN,
            "message": self.message,
            "came_from": self.came_from,
        }


def start_pledge(
    *,
    intent_id: uuid.UUID,
    kind: str,
    money: Money,
    public_name: str = "",
    is_name_shown: bool = True,
    message: str = "",
    wish: Wish | None = None,
    came_from: str = "",
    browser: str = "",
    customer: Customer | None = None,
    replaces: Pledge | None = None,
    trial_end: dt.datetime | None = None,
) -> str:
    """
    The address of the intent's one payment page. `wish` is for a gift in somebody's name, `customer` only for somebody
    who came by a valid manage link. Raises PledgingClosed, NotYours, AlreadyCompleted, Overtaken, StripeDown (the same
    may be sent again) or StripeRefused.
    """
    if not pledging_is_possible():
        raise PledgingClosed
    words = (public_name, is_name_shown, message, wish, came_from)
    asked = _Asked(kind, money, *words, browser, customer, replaces, trial_end)
    with stripe_gateway.hurried():
        for _round in range(ROUNDS):
            intent = _find_or_make(intent_id, asked)
            address = _open_page(intent, asked) or _new_page(intent, asked)
            if address:
                return address
    raise Overtaken


def is_begun(intent_id: uuid.UUID, kind: str, money: Money) -> bool:
    """Whether just this was asked for before, so that asking again makes no further payment page."""
    return Intent.objects.filter(pk=intent_id, kind=kind, currency=money.currency, amount_minor=money.minor).exists()


def _find_or_make(intent_id: uuid.UUID, asked: _Asked) -> Intent:
    """The row as it stands; a new one carries what is asked. Raises NotYours or AlreadyCompleted."""
    intent, _is_new = Intent.objects.get_or_create(
        pk=intent_id,
        defaults={
            **asked.terms(),
            **asked.words(),
            "livemode": is_live(),
            "browser_hash": asked.browser,
            "idempotency_key": _new_key(),
            "created_at": clock.now(),
        },
    )
    if intent.browser_hash != asked.browser or intent.livemode != is_live():
        raise NotYours
    if intent.status == Intent.Status.COMPLETED:
        raise AlreadyCompleted(intent)
    return intent


def _open_page(intent: Intent, asked: _Asked) -> str:
    """
    The page that the intent has already, if it may be used for what is asked now; else it is closed at Stripe, and
    there is none. Raises AlreadyCompleted.
    """
    if not intent.session_id:
        return ""
    if not _is_on_these_terms(intent, asked):
        _close(intent)
        return ""
    session = stripe_gateway.fetch_session(intent.session_id, patience=PLEDGING)
    if session.status == "complete":
        raise AlreadyCompleted(intent)
    if session.status != "open":
        return ""
    Intent.objects.filter(pk=intent.pk).update(**asked.words())
    dedications.keep(intent, asked.wish)
    return session.url


def _close(intent: Intent) -> None:
    """Raises AlreadyCompleted when it turns out to have been paid."""
    stripe_gateway.expire_session(intent.session_id, patience=PLEDGING)
    if stripe_gateway.fetch_session(intent.session_id, patience=PLEDGING).status == "complete":
        raise AlreadyCompleted(intent)


def _new_page(seen: Intent, asked: _Asked) -> str:
    """Makes a payment page. Empty when somebody else changed the intent meanwhile: then it has to be looked at anew."""
    intent = _prepare(seen, asked)
    if intent is None:
        return ""
    try:
        session = stripe_gateway.create_session(_request(intent), patience=PLEDGING)
    except StripeRefused as error:
        logger.error("Stripe refused a payment page for intent %s: %s (%s)", intent.pk, error, error.code)
        # The refusal is stored under the key. What is asked next deserves an answer of its own.
        _still(intent).update(idempotency_key=_new_key())
        raise
    if _still(intent).update(session_id=session.id, session_url=session.url):
        return session.url
    # Somebody asked for something else in the same form since: theirs is the later word.
    with contextlib.suppress(StripeDown, StripeRefused):
        stripe_gateway.expire_session(session.id, patience=PLEDGING)
    raise Overtaken


def _prepare(seen: Intent, asked: _Asked) -> Intent | None:
    """
    Writes what is asked and under which key, before Stripe hears of it. The key stays while the same is asked again,
    since an answer may have been lost on its way. None when the row is no longer as it was seen.
    """
    with transaction.atomic():
        intent = Intent.objects.select_for_update().get(pk=seen.pk)
        if intent.status == Intent.Status.COMPLETED:
            raise AlreadyCompleted(intent)
        if (intent.session_id, intent.idempotency_key) != (seen.session_id, seen.idempotency_key):
            return None
        is_lost_answer = not intent.session_id and clock.now() - intent.created_at < SAME_KEY_FOR
        if not (is_lost_answer and _is_on_these_terms(intent, asked) and intent.idempotency_key):
            intent.idempotency_key = _new_key()
        for field, value in {**asked.terms(), **asked.words()}.items():
            setattr(intent, field, value)
        intent.session_id, intent.session_url = None, ""
        intent.status = Intent.Status.OPEN
        intent.save()
        dedications.keep(intent, asked.wish)
        return intent


def _is_on_these_terms(intent: Intent, asked: _Asked) -> bool:
    return all(getattr(intent, field) == value for field, value in asked.terms().items())


def _still(intent: Intent):
    """The row, if nobody has asked Stripe for something else since: whoever does takes a new key."""
    return Intent.objects.filter(pk=intent.pk, idempotency_key=intent.idempotency_key)


def _new_key() -> str:
    return uuid.uuid4().hex


def _request(intent: Intent) -> SessionRequest:
    return SessionRequest(
        intent=str(intent.pk),
        kind=intent.kind,
        money=intent.amount,
        success_url=_address("support_thanks") + "?session_id={CHECKOUT_SESSION_ID}",
        cancel_url=_way_back(intent),
        customer=intent.customer.stripe_id if intent.customer else "",
        trial_end=intent.trial_end_at,
        expires_at=_closes_at(intent),
        idempotency_key=intent.idempotency_key,
        product_name=f"Support for {identity.site_name()}",
    )


def _closes_at(intent: Intent) -> dt.datetime | None:
    """
    A pledge that begins at once in another's place: before that one is charged once more, or its failed charge tried
    again. None where Stripe closes the page by itself before, or takes no so short life.
    """
    old = intent.replaces
    if old is None or old.is_paused:
        return None
    soonest = min((at for at in (old.next_charge_at, replacing.next_attempt(old)) if at), default=None)
    return soonest if soonest and SHORTEST_LIFE < soonest - clock.now() < USUAL_LIFE else None


def _way_back(intent: Intent) -> str:
    """Where the payment page's own “back” leads. It must be the same whenever the same is asked under one key."""
    query = urlencode({"intent": stamps.name(intent.pk)})
    code = intent.currency.lower()
    if intent.replaces_id:
        return f"{_address('manage_currency', intent.replaces_id, code)}?{query}"
    if intent.customer_id:
        return f"{_address('manage_new', code)}?{query}"
    return f"{_address('support_back')}?{query}"


def _address(name: str, *parts: object) -> str:
    return settings.SITE_URL + reverse(name, args=parts)
