"""
The way from a right password into the desk. In between nobody is signed in: the session only says whose password it
was and when, which is good for ten minutes at the pages of the second factor and for nothing else.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.staff import devices, factors, letters, sessions
from foundation import clock

logger = logging.getLogger(__name__)

BY_PASSWORD = "django.contrib.auth.backends.ModelBackend"  # noqa: S105
PENDING = "desk.pending"
PATIENCE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Pending:
    """Somebody whose password was right."""

    user: User
    onward: str


def after_password(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    if not (has_one := factors.has_any(user)) and not settings.STAFF_SECOND_FACTOR:
        return enter(request, user, "", onward)
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "at": clock.real_now().timestamp(),
        "onward": onward,
    }
    request.session.set_expiry(int(PATIENCE.total_seconds()))
    return redirect("admin:second_factor" if has_one else "admin:second_factor_set_up")


def pending(request: HttpRequest) -> Pending | None:
    """None when there is nobody, it took too long, or the password or the person is no longer what it was."""
    told = request.session.get(PENDING)
    if told is None or clock.real_now().timestamp() - told["at"] > PATIENCE.total_seconds():
        return None
    user = User.objects.filter(pk=told["user"], is_active=True, is_staff=True).first()
    if user is None or user.get_session_auth_hash() != told["password"]:
        return None
    return Pending(user, told["onward"])


def enter(request: HttpRequest, user: User, factor: str, onward: str) -> HttpResponse:
    """Begins a session of its own: nothing that was in this browser's before comes along."""
    request.session.flush()
    is_new_here = not devices.known(request, user.email) and user.last_login is not None
    login(request, user, backend=BY_PASSWORD)
    row = sessions.begin(request, user, factor)
    logger.info("User %s came in at the desk's door, second factor: %s", user.pk, row.factor)
    if is_new_here:
        letters.tell(
            user,
            "Somebody signed in as you from a new browser",
            "Your account of the desk was opened in a browser in which you had not signed in before.",
            f"Browser: {sessions.browser_in_words(row.browser)}",
            f"Address: {row.address or 'not known'}",
        )
    response = redirect(safe(onward))
    devices.remember(request, response, user)
    return response


def safe(onward: str) -> str:
    """Paths of this site alone."""
    is_ours = onward.startswith("/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    return onward if is_ours else reverse("admin:index")
