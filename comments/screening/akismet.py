"""
Akismet's protocol, as any service may speak it: forms sent to four addresses, answered with one word. Only what the
protocol needs is sent: never a mail address, never where a reader came from. Knows no database.
"""

from collections.abc import Mapping
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings

from comments.checks import ON_THIS_MACHINE
from foundation import outbound

TIME_LIMIT = 5.0
_KINDS = ("text/plain", "text/html")


class Verdict(Enum):
    HAM = "ham"
    SPAM = "spam"
    SURELY = "surely"  # the service would throw it away; we do not


class NoAnswer(Exception):
    """Nothing that can be used. The words fit after "because"."""


def is_on() -> bool:
    return bool(settings.AKISMET_KEY)


def check(told: Mapping[str, str]) -> Verdict:
    """Raises NoAnswer."""
    answer = _ask("comment-check", told)
    word = _word(answer)
    if word == "false":
        return Verdict.HAM
    if word != "true":
        raise NoAnswer(f"it said “{word[:60]}”, which is neither yes nor no")
    return Verdict.SURELY if answer.headers.get("X-akismet-pro-tip", "").strip() == "discard" else Verdict.SPAM


def submit_spam(told: Mapping[str, str]) -> None:
    """Raises NoAnswer."""
    _ask("submit-spam", told)


def submit_ham(told: Mapping[str, str]) -> None:
    """Raises NoAnswer."""
    _ask("submit-ham", told)


def verify_key() -> bool:
    """Whether the service knows the key for this site. Raises NoAnswer."""
    word = _word(_ask("verify-key", {"key": settings.AKISMET_KEY}))
    if word not in ("valid", "invalid"):
        raise NoAnswer(f"it said “{word[:60]}” of the key")
    return word == "valid"


def _ask(what: str, told: Mapping[str, str]) -> outbound.Answer:
    parts = urlsplit(settings.AKISMET_URL)
    is_on_this_machine = parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE
    fields = {"api_key": settings.AKISMET_KEY, "blog": f"{settings.SITE_URL}/", **told}
    try:
        return outbound.post(
            f"{settings.AKISMET_URL}/1.1/{what}",
            fields,
            hosts={parts.hostname or ""},
            content_types=_KINDS,
            local_origin=f"{parts.scheme}://{parts.netloc}" if is_on_this_machine else None,
            time_limit=TIME_LIMIT,
            size_limit=10_000,
        )
    except outbound.OutboundError as error:
        raise NoAnswer(str(error)) from error


def _word(answer: outbound.Answer) -> str:
    return answer.body.decode("utf-8", "replace").strip()
