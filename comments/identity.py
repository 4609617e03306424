"""
Who is this request? A reader who signed in, else the person whom the link in a letter made known to this browser, else
nobody. Typing an address makes nobody known. Nothing here is asked of pages that may be stored: both cookies go to the
pages of comments alone.
"""

import datetime as dt
import hmac
import secrets

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import codes
from accounts.models import User
from comments import readers, written_here
from comments.mailboxes import address_digest
from comments.models import Commenter
from foundation import clock, limits, remote_addr
from foundation.letters import fold

COOKIE, READER_COOKIE = "commenter", "comments_reader"
GOOD_FOR = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)
# Browsers that are nobody's, per network and day: beyond them a network's further ones count as one reader.
NEW_READERS = 20
_SALT, _READER_SALT = "comments.identity", "comments.identity.reader"
_UNASKED = object()


def person_of(request: HttpRequest) -> Commenter | None:
    """Proven in this browser, and asked once per request. A banned person is a person."""
    found = getattr(request, "_commenter", _UNASKED)
    if found is _UNASKED:
        found = request._commenter = _of_session(request) or _of_cookie(request)
    return found


def commenter_for(email: str, name: str) -> Commenter:
    """The person of an address that was typed, made if need be. It proves nothing and changes nothing proven."""
    email = email.strip()
    person = _at(email)
    if person is None:
        told = {"email": email, "folded_email": fold(email), "name": name}
        try:
            with transaction.atomic():
                return Commenter.objects.create(address_digest=address_digest(email), **told)
        except IntegrityError:  # two forms at once; the other has made the person
            person = _at(email)
            if person is None:
                raise
    if person.erased_at:
        person.email, person.folded_email, person.name, person.erased_at = email, fold(email), name, None
        person.save(update_fields=["email", "folded_email", "name", "erased_at"])
    elif name and name != person.name and (person.confirmed_at is None or not person.name):
        person.name = name
        person.save(update_fields=["name"])
    return person


def remember(response: HttpResponse, person: Commenter) -> None:
    """This browser is that person's from now on."""
    response.set_signed_cookie(
        COOKIE,
        f"{person.uid.hex}.{person.cookie_version}",
        salt=_SALT,
        max_age=GOOD_FOR,
        path=reverse("comments_root"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Who sits here next is nobody, and sees nothing of what was written here."""
    for name in (COOKIE, READER_COOKIE, written_here.COOKIE):
        response.delete_cookie(name, path=reverse("comments_root"), samesite="Lax")


def forget_everywhere(person: Commenter) -> None:
    """Makes the cookie void in every browser that has one."""
    person.cookie_version += 1
    person.save(update_fields=["cookie_version"])


def is_by_cookie(request: HttpRequest) -> bool:
    return person_of(request) is not None and not _of_session(request)


def reader_key(request: HttpRequest, response: HttpResponse | None) -> str:
    """
    By which somebody recommends and reports once: the person, else a random cookie that `response` sets. Without a
    response nothing is set, and a browser without the cookie has an empty key, under which nothing is ever kept.
    """
    person = person_of(request)
    if person is not None:
        return readers.key_of(person)
    known = request.get_signed_cookie(READER_COOKIE, default="", salt=_READER_SALT, max_age=GOOD_FOR)
    if known or response is None:
        return known
    network = remote_addr.network(remote_addr.client_address(request))
    if not limits.hit("comments.readers", network, limit=NEW_READERS, window=DAY):
        return _key_of_network(network)
    key = secrets.token_hex(32)
    response.set_signed_cookie(
        READER_COOKIE,
        key,
        salt=_READER_SALT,
        max_age=GOOD_FOR,
        path=reverse("comments_root"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return key


def reporter_key(request: HttpRequest, response: HttpResponse) -> str:
    """
    By which somebody reports once: the person, else all of a network together. Reports hide what others wrote, and a
    cookie is cleared in a moment.
    """
    network = remote_addr.network(remote_addr.client_address(request))
    if person_of(request) is None and network:
        return _key_of_network(network)
    return reader_key(request, response)


def of_user(user: User) -> Commenter | None:
    """
    The person of an account, by the address it has now. One that was typed at the desk counts for staff, who were let
    in there; for a reader it counts once a code has come back from it.
    """
    is_proven = codes.is_proven(user)
    if not (is_proven or user.is_staff):
        return None
    person = commenter_for(user.email, user.name[:60])
    changed = _link(person, user)
    if is_proven and person.confirmed_at is None:
        person.confirmed_at = clock.now()
        changed.append("confirmed_at")
    if user.name and person.name != user.name[:60]:
        person.name = user.name[:60]
        changed.append("name")
    if changed:
        person.save(update_fields=changed)
    return person


def _at(email: str) -> Commenter | None:
    """
    By the address first: the digests of people who are known change with their key. Those of erased people cannot.
    """
    digest = address_digest(email)
    person = Commenter.objects.filter(folded_email=fold(email)).first()
    if person is None:
        return Commenter.objects.filter(address_digest=digest).first()
    if person.address_digest != digest and not Commenter.objects.filter(address_digest=digest).exists():
        Commenter.objects.filter(pk=person.pk).update(address_digest=digest)
        person.address_digest = digest
    return person


def _key_of_network(network: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"comments.network\n{network}".encode(), "sha256").hexdigest()


def _link(person: Commenter, user: User) -> list[str]:
    if person.user_id == user.pk:
        return []
    Commenter.objects.filter(user=user).update(user=None)
    person.user = user
    return ["user"]


def _of_session(request: HttpRequest) -> Commenter | None:
    if not request.user.is_authenticated:
        return None
    try:
        with transaction.atomic():
            return of_user(request.user)
    except IntegrityError:  # two pages opened at once linked the same person; the other has
        return Commenter.objects.filter(user=request.user).first()


def _of_cookie(request: HttpRequest) -> Commenter | None:
    told = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=GOOD_FOR)
    uid, _, version = told.partition(".")
    if not version.isdigit():
        return None
    known = Commenter.objects.filter(erased_at=None, confirmed_at__isnull=False)
    return known.filter(uid=uid, cookie_version=version).first()
