"""
The slower step before a payment page: a signed question that is good for one form, one browser and one sum. It asks to
wait, and to choose among three answers the one that the form asked for. Their values are new in every question and
cannot be reckoned, so whoever goes on has read the page; nobody has to solve, see or hear anything.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from donations.models import Intent
from donations.money import Money
from donations.stamps import Stamp
from foundation import clock

GOOD_FOR = dt.timedelta(hours=1)
_SALT = "donations.defence"


@dataclass(frozen=True)
class Terms:
    """What is to be paid, in words of its own for the signature."""

    kind: str
    money: Money

    def __str__(self):
        return f"{self.kind} {self.money.minor} {self.money.currency}"


@dataclass(frozen=True)
class Subject:
    """What a question is about: it is good for nothing else."""

    stamp: Stamp
    terms: Terms
    browser: str

    @property
    def digest(self) -> str:
        told = f"{self.stamp.intent_id.hex}\n{self.terms}\n{self.browser}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Answer:
    value: str
    terms: Terms


@dataclass(frozen=True)
class Confirmation:
    """A question that came back, before or after its waiting time is over."""

    subject: Subject
    name: str  # its own; no two questions have the same
    not_before: dt.datetime
    has_choice: bool

    @property
    def seconds_left(self) -> int:
        return max(0, round((self.not_before - clock.real_now()).total_seconds() + 0.49))

    @property
    def answers(self) -> list[Answer]:
        """In an order that tells nothing, since it is that of their values."""
        if not self.has_choice:
            return []
        asked = self.subject.terms
        found = [Answer(self._value(terms), terms) for terms in (asked, *_others(asked))]
        return sorted(found, key=lambda answer: answer.value)

    def is_right(self, value: str) -> bool:
        return not self.has_choice or constant_time_compare(value, self._value(self.subject.terms))

    def _value(self, terms: Terms) -> str:
        return salted_hmac(_SALT, f"{self.name}\n{terms}", algorithm="sha256").hexdigest()[:24]


def _others(asked: Terms) -> tuple[Terms, Terms]:
    other_kind = Intent.Kind.ONCE if asked.kind == Intent.Kind.QUARTERLY else Intent.Kind.QUARTERLY
    more = Money(asked.money.minor * 3, asked.money.currency)
    return Terms(other_kind, asked.money), Terms(asked.kind, more)


def ask(subject: Subject, *, wait: dt.timedelta, has_choice: bool) -> str:
    not_before = clock.real_now() + wait
    told = [subject.digest, int(not_before.timestamp() * 1000), secrets.token_hex(8), has_choice]
    return signing.dumps(told, salt=_SALT)


def read(text: str, subject: Subject) -> Confirmation | None:
    """None for none, and for one that was about something else, is too old or not ours."""
    if not text:
        return None
    try:
        digest, milliseconds, name, has_choice = signing.loads(text, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if digest != subject.digest:
        return None
    return Confirmation(subject, name, dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC), has_choice)
