"""
Mail that is sent once. A letter is a row with a key of its own, written in the transaction that is its reason; a
task sends it and is repeated until the mail server has taken it.
"""

import datetime as dt
import hashlib
import logging
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q

from foundation import clock
from foundation.models import Letter
from foundation.tasks import retried_task

logger = logging.getLogger(__name__)

# Waits of 1, 2, 4 … 32 minutes and then of an hour each: three days.
ATTEMPTS = 78
FIRST_WAIT = dt.timedelta(minutes=1)
# Longer than any mail server is waited for, shorter than the queue waits for a worker that may have died.
ONE_WORKER_FOR = dt.timedelta(minutes=8)


class NotSent(Exception):
    """The mail server did not take the letter; its row tells why. Names no person, since the queue keeps tracebacks."""


def fold(address: str) -> str:
    """Two spellings of one address become one text: compatibility forms (NFKC), case and spaces."""
    return "".join(unicodedata.normalize("NFKC", address).casefold().split())


def post(key: str, to: str, subject: str, text: str, html: str, *, about: str = "", stop_url: str = "") -> Letter:
    """
    Keeps the letter and its task in the caller's transaction: both exist after the commit, or neither. A key that is
    known already changes nothing and sends nothing, whatever the words; the letter as first written is returned.
    The key is the kind, a colon and what it is about: `thanks:pi_123`. `stop_url` is where one POST declines letters
    of this kind (RFC 8058), which mail programs offer as a button of their own. Raises ValueError for a key without a
    kind and for an address that is none.
    """
    kind, colon, rest = key.partition(":")
    if not (kind and colon and rest):
        raise ValueError(f"The key {key!r} is not of the form kind:something.")
    to = to.strip()
    is_odd = "@" not in to or any(character.isspace() or character == "," for character in to)
    if is_odd or max(len(to), len(fold(to))) > Letter._meta.get_field("to").max_length:
        raise ValueError(f"The letter {key} has no address that mail could go to.")
    with transaction.atomic():
        letter, is_new = Letter.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "to": to,
                "folded_to": fold(to),
                "subject": " ".join(subject.split())[:300],
                "text": text,
                "html": html,
                "stop_url": stop_url,
                "about": about,
                "created_at": clock.now(),
            },
        )
        if is_new:
            send.enqueue(letter.pk)
    return letter


def try_again(letter: Letter) -> bool:
    """Asks for another round of attempts. False for a letter that was sent or whose person was forgotten."""
    if letter.sent_at or not letter.to:
        return False
    send.enqueue(letter.pk)
    return True


def take_back(about: str) -> int:
    """
    What has not left yet about this matter does not leave, and its key is free again. One that a worker has in hand may
    still go out, once; its key stays taken. Returns how many there were.
    """
    waiting = Letter.objects.filter(about=about, sent_at=None).exclude(to="")
    in_hand = waiting.filter(taken_until__gt=clock.real_now()).update(
        to="", folded_to="", subject="", text="", html="", stop_url="", last_error=""
    )
    return in_hand + waiting.delete()[0]


def forget(address: str, *, kinds: Iterable[str] | None = None) -> int:
    """
    Empties address, words and errors of that person's letters, sent or not; of the named kinds alone where the person
    stays known for other reasons. Returns how many there were.
    """
    folded = fold(address)
    if not folded:
        return 0
    found = Letter.objects.filter(folded_to=folded)
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    return found.update(to="", folded_to="", subject="", text="", html="", stop_url="", last_error="")


@retried_task(attempts=ATTEMPTS, first_wait=FIRST_WAIT)
def send(letter_id: int) -> None:
    """
    Sends what was not sent. One worker has a letter at a time. If it dies after the mail server took the letter and
    before that was written down, the letter goes out again under the same Message-ID: mail programs show it once.
    """
    if not _take(letter_id):
        return
    row = Letter.objects.filter(pk=letter_id)
    letter = row.first()
    if letter is None or not letter.to:  # taken back, or its person forgotten, at this moment
        return
    try:
        message(letter).send()
    # Whatever a mail backend raises means one thing: not taken.
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"[:300]
        row.exclude(to="").update(last_error=trouble)
        row.update(taken_until=None)
        logger.warning("Letter %s was not sent on attempt %d (%s)", letter.key, letter.attempts, type(error).__name__)
        raise NotSent(f"{letter.key}: {type(error).__name__}") from None
    row.update(sent_at=clock.now(), last_error="", taken_until=None)


def _take(letter_id: int) -> bool:
    """True for one of all workers that ask while the letter is neither sent, forgotten nor taken."""
    moment = clock.real_now()
    free = Q(taken_until=None) | Q(taken_until__lte=moment)
    waiting = Letter.objects.filter(free, pk=letter_id, sent_at=None).exclude(to="")
    return bool(waiting.update(taken_until=moment + ONE_WORKER_FOR, attempts=F("attempts") + 1))


def message(letter: Letter) -> EmailMultiAlternatives:
    """The letter as mail: text and HTML, marked as written by a machine so that no holiday notice answers it."""
    headers = {"Message-ID": message_id(letter.key), "Auto-Submitted": "auto-generated"}
    if letter.stop_url:
        headers |= {"List-Unsubscribe": f"<{letter.stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMultiAlternatives(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to], headers=headers
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    return mail


def message_id(key: str) -> str:
    """The same for every attempt at one letter, and of no other letter or site."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(f'{settings.SITE_URL}\n{key}'.encode()).hexdigest()[:40]}@{host}>"
