"""
Gifts in somebody else's name: what is typed about that person, the one letter to them, and forgetting them. They asked
for nothing, so little is kept and no longer than it is needed: the address goes as soon as the letter is written, the
letter's own row after it was sent. The letter tells no amount, carries no address that somebody typed, and is written
only when the money has come.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from donations import cache_tags, letter_words, people
from donations.models import Backer, Contribution, DeclinedAddress, Dedication, Intent, Payment
from foundation import clock, letters, links
from foundation.models import Letter

logger = logging.getLogger(__name__)

TOLD_WITHIN = dt.timedelta(days=7)  # of the payment: an import of history writes to nobody
AT_MOST, IN_TIME = 3, dt.timedelta(days=90)  # letters to one address, whoever gives
ADDRESS_KEPT_FOR = dt.timedelta(days=30)  # of a form: no debit takes longer
LETTER_KEPT_FOR = dt.timedelta(days=7)
ABANDONED_AFTER = dt.timedelta(days=60)
DECLINE_PURPOSE = "donations: no letters about gifts in my name"
_LINK_LASTS = dt.timedelta(days=800)
_HIDDEN = Intent.NameStatus.HIDDEN


@dataclass(frozen=True)
class Wish:
    """What the giver typed."""

    name: str
    shown: bool = False
    email: str = ""
    giver: str = ""
    words: str = ""


def keep(intent: Intent, wish: Wish | None) -> None:
    """What the form says now; a later word takes the place of an earlier one, and an empty form takes it away."""
    if wish is None:
        Dedication.objects.filter(intent=intent, told_at=None).delete()
        return
    told = {
        "name": wish.name,
        "name_status": Intent.NameStatus.PENDING if wish.shown else _HIDDEN,
        "giver": wish.giver,
        "email": wish.email,
        "email_hash": people.email_hash(wish.email),
        "words": wish.words if wish.email else "",
    }
    Dedication.objects.update_or_create(intent=intent, defaults=told)


def tell(payment: Payment) -> Letter | None:
    """
    Writes to the person once, if the money came lately and still stands. May be called again and again. An address that
    declined, was forgotten or had its share is told nothing, and the giver does not learn why.
    """
    if payment.kind != Payment.Kind.ONCE or payment.intent_id is None:
        return None
    with transaction.atomic():
        gift = Dedication.objects.select_for_update().filter(intent=payment.intent_id).exclude(email="").first()
        if gift is None or not _stands(payment):
            return None
        letter = _post(gift, payment) if _may_be_told(gift, payment) else None
        gift.email = ""
        gift.told_at = clock.now() if letter else None
        gift.save(update_fields=["email", "told_at"])
        return letter


def _stands(payment: Payment) -> bool:
    """Neither given back in full, nor taken back, nor thought a stolen card's."""
    paid = Contribution.objects.filter(payment=payment).received()
    return paid.exists() and payment.fraud_warned_at is None


def _may_be_told(gift: Dedication, payment: Payment) -> bool:
    now = clock.now()
    if payment.succeeded_at < now - TOLD_WITHIN:
        return False
    backer = people.find(gift.email, livemode=payment.livemode)
    if backer and (backer.forgotten_at or backer.news_stopped_at):
        return False
    if DeclinedAddress.objects.filter(pk=gift.email_hash).exists():
        return False
    return Dedication.objects.filter(email_hash=gift.email_hash, told_at__gt=now - IN_TIME).count() < AT_MOST


def _post(gift: Dedication, payment: Payment) -> Letter | None:
    stop_url = decline_address(gift)
    words = letter_words.of_dedication(gift, payment.quarter, decline_url=stop_url)
    try:
        return letters.post(_key(gift), gift.email, *words, about=_about(gift), stop_url=stop_url)
    except ValueError:
        logger.warning("No letter about intent %s: no mail could go to that address", gift.pk)
        return None


def _key(gift: Dedication) -> str:
    return f"dedication:{gift.pk.hex}"


def _about(gift: Dedication) -> str:
    return f"intent {gift.pk}"


def decline_address(gift: Dedication) -> str:
    """Where the person declines such letters and takes their name away, without signing in."""
    expires_at = clock.now() + _LINK_LASTS
    token = links.sign(DECLINE_PURPOSE, gift.pk.hex, expires_at=expires_at)
    return letter_words.address("decline_dedications", token)


def decline(token: str) -> None:
    """Raises links.LinkForged or links.LinkExpired."""
    gift = Dedication.objects.filter(pk=links.read(DECLINE_PURPOSE, token)).first()
    if gift:
        forget_person(gift)


def forget_person(gift: Dedication) -> None:
    """The one in whose name it is: out of this gift, and of every other to the same address; no letters any more."""
    with transaction.atomic():
        if gift.email_hash:
            DeclinedAddress.objects.get_or_create(pk=gift.email_hash, defaults={"declined_at": clock.now()})
            _empty(Dedication.objects.filter(Q(pk=gift.pk) | Q(email_hash=gift.email_hash)))
        else:
            _empty(Dedication.objects.filter(pk=gift.pk))


def forget_giver(intents: list) -> None:
    """Called with the intents of a person who is forgotten: with their words goes whom they gave for."""
    gifts = Dedication.objects.filter(pk__in=intents)
    _empty(gifts)
    gifts.update(giver="", email_hash="")


def forget_receiver(backer: Backer) -> None:
    """A backer who is forgotten, in whose name others have given."""
    hashes = list(backer.keys.values_list("email_hash", flat=True))
    _empty(Dedication.objects.filter(email_hash__in=hashes))


def given_for(backer: Backer):
    """The gifts in this person's name, as far as an address leads to them."""
    hashes = list(backer.keys.values_list("email_hash", flat=True))
    return Dedication.objects.filter(
        email_hash__in=hashes, intent__livemode=backer.livemode, intent__status=Intent.Status.COMPLETED
    ).order_by("intent__completed_at")


def prune() -> int:
    """
    Empties what nobody needs any more: addresses that no letter will go to, letters that were sent, and what stood in
    forms that nobody paid. Returns how many rows were changed.
    """
    now = clock.now()
    late = Dedication.objects.exclude(email="").filter(intent__created_at__lt=now - ADDRESS_KEPT_FOR)
    changed = late.update(email="")
    sent = Letter.objects.filter(kind="dedication", created_at__lt=now - LETTER_KEPT_FOR).exclude(folded_to="")
    changed += _empty_letters(sent)
    unpaid = Dedication.objects.filter(intent__created_at__lt=now - ABANDONED_AFTER)
    return changed + unpaid.exclude(intent__status=Intent.Status.COMPLETED).delete()[0]


def _empty(gifts) -> None:
    keys = [str(pk) for pk in gifts.values_list("pk", flat=True)]
    _empty_letters(Letter.objects.filter(key__in=[f"dedication:{key.replace('-', '')}" for key in keys]))
    Dedication.objects.filter(pk__in=keys).update(name="", name_status=_HIDDEN, email="", words="")
    cache_tags.names_changed()
    # The log calls by its words what somebody judged.
    judged = ContentType.objects.get_for_model(Dedication)
    LogEntry.objects.filter(content_type=judged, object_id__in=keys).update(object_repr="A forgotten name")


def _empty_letters(rows) -> int:
    """Sent or not: one that waits is not sent any more."""
    return rows.update(to="", folded_to="", subject="", text="", html="", stop_url="", last_error="")
