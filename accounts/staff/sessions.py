"""
The sessions of those who work at the desk: each is a row that its owner sees and can end, from wherever. A session is
Django's own; ending one deletes it there, so that it is over with the next request.
"""

import datetime as dt
import re

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.backends import BY_CODE
from accounts.models import DeskSession, User
from foundation import clock, remote_addr

FACTOR, ROW, KEY, BEGAN, SEEN = "desk.factor", "desk.row", "desk.key", "desk.began", "desk.seen"
LASTS = dt.timedelta(days=7)
IDLE = dt.timedelta(hours=24)
FRESH = dt.timedelta(minutes=15)  # for what changes how somebody gets in
NOTED_EVERY = dt.timedelta(minutes=5)
NO_FACTOR = "none"
LONGEST_BROWSER = 200


def begin(request: HttpRequest, user: User, factor: str) -> DeskSession:
    """In the session that was begun a moment ago."""
    session = request.session
    session.set_expiry(int(LASTS.total_seconds()))
    if not session.session_key:
        session.save()
    now = clock.real_now()
    row = DeskSession.objects.create(
        user=user,
        session_key=session.session_key,
        factor=factor or NO_FACTOR,
        address=remote_addr.client_address(request),
        browser=request.headers.get("User-Agent", "")[:LONGEST_BROWSER],
        began_at=now,
        seen_at=now,
    )
    session.update(
        {FACTOR: row.factor, ROW: row.pk, KEY: session.session_key, BEGAN: now.timestamp(), SEEN: now.timestamp()}
    )
    return row


def is_by_password(request: HttpRequest) -> bool:
    return request.session.get(BACKEND_SESSION_KEY, BY_CODE) != BY_CODE


def stands(request: HttpRequest) -> bool:
    """
    Whether this session may go on: both factors where both are asked for, not left alone for a day, begun within the
    week, and still written down. The last matters after its key has changed, when ending it can delete the row alone.
    """
    session = request.session
    if settings.STAFF_SECOND_FACTOR and session.get(FACTOR, NO_FACTOR) == NO_FACTOR:
        return False
    if SEEN not in session:
        return True
    now = clock.real_now()
    quiet = now.timestamp() - session[SEEN]
    if quiet > IDLE.total_seconds() or now.timestamp() - session[BEGAN] > LASTS.total_seconds():
        return False
    if quiet > NOTED_EVERY.total_seconds() or session.get(KEY) != session.session_key:
        return _note(request)
    return True


def follow(request: HttpRequest) -> None:
    """After an answer that gave the session another key, as a new password does: the row is found by it at once."""
    session = request.session
    if session.get(KEY) and session.session_key and session[KEY] != session.session_key:
        _note(request)


def _note(request: HttpRequest) -> bool:
    """Used now, under this key. Says whether the session is still written down."""
    session, now = request.session, clock.real_now()
    row = DeskSession.objects.filter(pk=session[ROW])
    if not row.update(seen_at=now, session_key=session.session_key):
        return False
    session.update({SEEN: now.timestamp(), KEY: session.session_key})
    return True


def is_fresh(request: HttpRequest) -> bool:
    began = request.session.get(BEGAN)
    return began is not None and clock.real_now().timestamp() - began < FRESH.total_seconds()


def of(user: User) -> QuerySet[DeskSession]:
    """Those that go on, newest first."""
    alive = Session.objects.filter(expire_date__gt=clock.real_now()).values("session_key")
    return DeskSession.objects.filter(user=user, session_key__in=alive, seen_at__gt=clock.real_now() - IDLE)


def end(user: User, *, session_id: int | None = None, but: str = "") -> int:
    """One of this person's, or all, but for the one whose key is named. Says how many were ended."""
    found = DeskSession.objects.filter(user=user).exclude(session_key=but)
    if session_id is not None:
        found = found.filter(pk=session_id)
    Session.objects.filter(session_key__in=list(found.values_list("session_key", flat=True))).delete()
    return found.delete()[0]


def prune() -> int:
    """Drops the rows of sessions that are over."""
    alive = Session.objects.filter(expire_date__gt=clock.real_now()).values("session_key")
    return DeskSession.objects.exclude(session_key__in=alive).delete()[0]


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone|iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_in_words(told: str) -> str:
    """As far as a browser says itself, which anybody can invent."""
    name = next((words for sign, words in _BROWSERS if sign in told), "A browser")
    system = next((words for sign, words in _SYSTEMS if re.search(sign, told)), "")
    return f"{name} on {system}" if system else name
