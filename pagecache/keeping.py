"""Which pages may be stored, and what of them: decided when the whole answer is ready, cookies and headers included."""

import datetime as dt
import time
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

from foundation import clock
from pagecache import declaring, entries
from pagecache.declaring import Declared
from pagecache.entries import Entry

MAKING = "pagecache.making"  # its place in the WSGI environment
FRESH_SECONDS = 300
EVERYTHING = "everything"  # a tag of every page
STATUSES = (200, 301, 410)
# Made for each answer by others or by us, or telling of this one request.
NOT_KEPT = {
    "age", "cache-control", "content-length", "date", "etag", "expires", "server", "vary", "x-request-id", "connection",
}  # fmt: skip


@dataclass
class Making:
    """A page that is being made for everybody: travels in the WSGI environment from the front to the middleware."""

    key: str
    variant: str
    began: int
    whole_query: str = ""  # with the parameters that no view understands
    entry: Entry | None = None
    # What falls due while the page is made may not be on it: so `until` is told as of this instant.
    started_at: dt.datetime = field(default_factory=lambda: clock.now())


def whole_query(request: HttpRequest) -> str:
    """
    The query as it was sent, also where a part of it was taken away before the page was made. Of whoever looks at such
    a one the answer is not stored: it would be shown to readers who sent another.
    """
    understood = request.META.get("QUERY_STRING", "")
    making = request.META.get(MAKING)
    if making is None or making.whole_query == understood:
        return understood
    declaring.never_store(request)
    return making.whole_query


def entry_of(making: Making, request: HttpRequest, response: HttpResponse) -> Entry | None:
    declared = declaring.of(request)
    if reason_against(declared, request, response):
        return None
    now = time.time()
    body = response.content
    return Entry(
        key=making.key,
        status=response.status_code,
        reason=response.reason_phrase,
        headers=[(name, value) for name, value in response.items() if name.lower() not in NOT_KEPT],
        bodies={"identity": body},
        etag=entries.etag(body),
        tags=sorted(declared.tags | {EVERYTHING}),
        began=making.began,
        made_at=now,
        fresh_until=min(now + FRESH_SECONDS, machine_time(declared.until), _end_of_minute(now)),
        is_shared=not making.variant,
        cache_control=_own_cache_control(response),
    )


def reason_against(declared: Declared, request: HttpRequest, response: HttpResponse) -> str:
    """Why this page is not stored; empty for one that is. Whatever is not understood is a reason."""
    control = response.get("Cache-Control", "").lower()
    vary = {part.strip().lower() for part in response.get("Vary", "").split(",")} - {"", "accept-encoding"}
    session = getattr(request, "session", None)
    # Cookies were taken away before the view: that it may look at one is harmless, a session is not.
    if session is None or not session.accessed:
        vary.discard("cookie")
    reasons = {
        "nobody said what it shows": not declared.tags,
        "something on it is for one person": declared.never,
        "its status": response.status_code not in STATUSES,
        "it is a stream": response.streaming,
        "it sets a cookie": bool(response.cookies),
        "it says so": "no-store" in control or "private" in control,
        "it differs by what is not in its key": bool(vary),
        "it is encoded already": response.has_header("Content-Encoding"),
    }
    return next((words for words, holds in reasons.items() if holds), trace_of_reader(request))


def trace_of_reader(request: HttpRequest) -> str:
    """What of one reader's own the making of this page has touched; empty if nothing."""
    session = getattr(request, "session", None)
    reasons = {
        "it holds a token": bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE")),
        "it holds a message": _has_message(request),
        "it holds a nonce": bool(getattr(request, "_csp_nonce", None)),
        "it changed a session": session is not None and (session.modified or not session.is_empty()),
    }
    return next((words for words, holds in reasons.items() if holds), "")


def _has_message(request: HttpRequest) -> bool:
    messages = getattr(request, "_messages", None)
    return messages is not None and (messages.added_new or bool(getattr(messages, "_loaded_data", None)))


def machine_time(until: dt.datetime | None) -> float:
    """`until` is told by the clock that the demo may move; readers wait by the machine's."""
    return float("inf") if until is None else (until - clock.offset()).timestamp()


def _end_of_minute(now: float) -> float:
    """In the demo every page tells its clock."""
    return now + 60 - clock.now().second if clock.is_configured() else float("inf")


def _own_cache_control(response: HttpResponse) -> str:
    """What is kept under its own address for ever says so itself."""
    control = response.get("Cache-Control", "")
    return control if "immutable" in control.lower() else ""
