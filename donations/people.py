"""
Who a person is: found again by customer at Stripe, else by folded e-mail. The e-mail is kept as a keyed hash beside
the row, so that somebody who was forgotten stays one pseudonym when Stripe tells of them again.
"""

import datetime as dt
import hashlib
import hmac
import unicodedata

from django.conf import settings

from donations.facts import Person
from donations.models import Backer, BackerKey, Customer


def fold(email: str) -> str:
    """
    Two spellings of one address become one text: compatibility forms (NFKC), case and spaces. Dots and “+labels” stay,
    since only some providers ignore them.
    """
    return "".join(unicodedata.normalize("NFKC", email).casefold().split())


def email_hash(email: str) -> str:
    """64 hexadecimal digits, under the key BACKER_HASH_KEY. Empty for an empty address."""
    folded = fold(email)
    if not folded:
        return ""
    return hmac.new(settings.BACKER_HASH_KEY.encode(), folded.encode(), hashlib.sha256).hexdigest()


def find(email: str, *, livemode: bool) -> Backer | None:
    key = BackerKey.objects.filter(livemode=livemode, email_hash=email_hash(email)).select_related("backer").first()
    return key.backer if key else None


def find_or_make(person: Person, *, livemode: bool, currency: str, at: dt.datetime) -> tuple[Backer, Customer]:
    """
    The customer's own backer, else the one with that e-mail, else a new one. Called under the ledger's lock. `at` is
    Stripe's time of what made us ask.
    """
    customer = Customer.objects.filter(stripe_id=person.customer).select_related("backer").first()
    if customer is None:
        backer = find_or_make_by_email(person.email, livemode=livemode, name=person.name, at=at)
        customer = Customer.objects.create(
            stripe_id=person.customer, backer=backer, livemode=livemode, currency=currency, created_at=at
        )
        return backer, customer
    backer = customer.backer
    _remember(backer, person.email, person.name)
    return backer, customer


def find_or_make_by_email(email: str, *, livemode: bool, name: str, at: dt.datetime) -> Backer:
    """Without an e-mail there is nothing to find a person by: each time a new one."""
    backer = find(email, livemode=livemode) if email.strip() else None
    if backer is None:
        words = {"email": _that_fits("email", email), "name": name.strip()[:200]}
        backer = Backer.objects.create(livemode=livemode, created_at=at, **words)
    _welcome_back(backer, at)
    _remember(backer, email, name)
    return backer


def _that_fits(field: str, text: str) -> str:
    """Half an address would be somebody else's. The person is found again by the hash of the whole one."""
    text = text.strip()
    return text if len(text) <= Backer._meta.get_field(field).max_length else ""


def _welcome_back(backer: Backer, at: dt.datetime) -> None:
    """Somebody forgotten who gives anew, after that day, is known again: they must have letters and a way to end it."""
    if backer.forgotten_at and at > backer.forgotten_at:
        backer.forgotten_at = None
        backer.save(update_fields=["forgotten_at"])


def remember_key(backer: Backer, email: str) -> None:
    """The address leads to this person from now on, unless it is another's already."""
    if email.strip():
        BackerKey.objects.get_or_create(
            livemode=backer.livemode, email_hash=email_hash(email), defaults={"backer": backer}
        )


def _remember(backer: Backer, email: str, name: str) -> None:
    """A further address leads to the same person from now on. A forgotten one stays bare."""
    remember_key(backer, email)
    if backer.forgotten_at:
        return
    missing = {
        field: value
        for field, value in (("email", _that_fits("email", email)), ("name", name.strip()[:200]))
        if value and not getattr(backer, field)
    }
    if missing:
        for field, value in missing.items():
            setattr(backer, field, value)
        backer.save(update_fields=list(missing))
