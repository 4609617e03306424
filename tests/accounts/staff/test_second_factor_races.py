"""
Two half sign-ins of one person at the same moment, each with no more than the password. Proved on PostgreSQL, since
SQLite has one writer; the last test is the negative control: with the lock off both add a factor.
"""

import threading

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import QuerySet

from accounts.staff import factors
from tests.accounts.staff.entering import code_of
from tests.foundation.races import at_once, wait_until_somebody_waits_for_a_lock

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]


@pytest.fixture
def passkeys_are_good(monkeypatch):
    """What a browser's key answers is judged elsewhere; here it only has to be added."""

    def add(user, name, credential):
        Authenticator.objects.create(user=user, type=factors.PASSKEY, data={"name": name, "credential": {}})

    monkeypatch.setattr(factors.passkeys, "parse_registration_response", lambda credential: None)
    monkeypatch.setattr(factors.passkeys, "complete_registration", lambda credential: None)
    monkeypatch.setattr(factors.passkeys.WebAuthn, "add", add)


def both_add(nadia, monkeypatch, *, until) -> list[Exception | None]:
    """The app's owner has looked and found nothing; only then the passkey's begins, and the app is added at the end."""
    looked, go_on, look = threading.Event(), threading.Event(), factors.has_any
    by_app = []

    def look_and_wait(user):
        found = look(user)
        if threading.get_ident() in by_app:
            looked.set()
            assert go_on.wait(timeout=60)
        return found

    def add_app():
        by_app.append(threading.get_ident())
        secret = factors.new_secret()
        factors.add_app(nadia, secret, code_of(secret), is_first=True)

    def add_passkey():
        assert looked.wait(timeout=60)
        factors.add_passkey(nadia, "{}", "Key", is_first=True)

    def let_go_on():
        assert looked.wait(timeout=60)
        until()
        go_on.set()

    monkeypatch.setattr(factors, "has_any", look_and_wait)
    return at_once(add_app, add_passkey, let_go_on)


def kinds() -> set[str]:
    return set(Authenticator.objects.exclude(type=factors.RECOVERY).values_list("type", flat=True))


def test_of_two_first_factors_at_once_one_is_added(nadia, monkeypatch, passkeys_are_good):
    app, passkey, rest = both_add(nadia, monkeypatch, until=wait_until_somebody_waits_for_a_lock)
    assert (app, rest) == (None, None)
    assert isinstance(passkey, factors.NotFirst)
    assert kinds() == {"totp"}


def test_without_the_lock_both_would_be_added(nadia, monkeypatch, passkeys_are_good):
    added, add = threading.Event(), factors.add_passkey

    def add_and_say(*told, **more):
        add(*told, **more)
        added.set()

    monkeypatch.setattr(factors, "add_passkey", add_and_say)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    assert both_add(nadia, monkeypatch, until=lambda: added.wait(timeout=60)) == [None] * 3
    assert kinds() == {"totp", "webauthn"}
