"""Who a request is: by a session, by the cookie a letter's link sets, or nobody. Typing an address earns nothing."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts import codes
from accounts.models import User
from comments import identity
from comments.models import Commenter
from foundation import clock
from tests import factories
from tests.accounts.signing_in import sign_in
from tests.comments import making

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


def request_of(user=None, cookies=None, **meta):
    request = RequestFactory().get("/comments/", **meta)
    request.user = user or AnonymousUser()
    request.COOKIES.update(cookies or {})
    return request


def confirmed(email=ADA, **fields) -> Commenter:
    person = identity.commenter_for(email, "Ada")
    person.confirmed_at = clock.now()
    for name, value in fields.items():
        setattr(person, name, value)
    person.save()
    return person


def cookies_of(person: Commenter) -> dict:
    response = HttpResponse()
    identity.remember(response, person)
    return {name: morsel.value for name, morsel in response.cookies.items()}


def reader(email=ADA, **fields) -> User:
    codes.person_at(email)
    User.objects.filter(email=email).update(**fields)
    return User.objects.get(email=email)


def test_nobody_is_known_without_session_or_cookie():
    confirmed()
    assert identity.person_of(request_of()) is None


def test_the_cookie_makes_a_person_known():
    person = confirmed()
    assert identity.person_of(request_of(cookies=cookies_of(person))) == person


def test_the_cookie_is_kept_from_scripts_from_other_sites_and_from_pages_that_are_stored(settings):
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    identity.remember(response, confirmed())
    cookie = response.cookies[identity.COOKIE]
    kept = {name: cookie[name] for name in ("httponly", "samesite", "secure", "path")}
    assert kept == {"httponly": True, "samesite": "Lax", "secure": True, "path": "/comments/"}
    assert ADA not in cookie.value


@pytest.mark.parametrize("change", ["version", "erased", "unconfirmed"])
def test_a_cookie_that_was_revoked_makes_nobody_known(change):
    person = confirmed()
    cookies = cookies_of(person)
    if change == "version":
        identity.forget_everywhere(person)
    elif change == "erased":
        Commenter.objects.update(erased_at=clock.now())
    else:
        Commenter.objects.update(confirmed_at=None)
    assert identity.person_of(request_of(cookies=cookies)) is None


def test_a_forged_or_foreign_cookie_makes_nobody_known():
    person = confirmed()
    good = cookies_of(person)[identity.COOKIE]
    response = HttpResponse()
    response.set_signed_cookie(identity.COOKIE, f"{person.uid.hex}.1", salt="another purpose")
    foreign = response.cookies[identity.COOKIE].value
    forged = [good[:-1] + ("a" if good[-1] != "a" else "b"), f"{person.uid.hex}.1", "", "x" * 5000, "\0", foreign]
    for value in forged:
        assert identity.person_of(request_of(cookies={identity.COOKIE: value})) is None, value[:50]
    assert identity.person_of(request_of(cookies={identity.COOKIE: good})) == person


def test_a_cookie_is_good_for_a_year():
    cookies = cookies_of(confirmed())
    with time_machine.travel(clock.real_now() + dt.timedelta(days=366)):
        assert identity.person_of(request_of(cookies=cookies)) is None
    with time_machine.travel(clock.real_now() + dt.timedelta(days=360)):
        assert identity.person_of(request_of(cookies=cookies)) is not None


def test_who_signed_in_is_the_person_of_that_address():
    person = identity.commenter_for("Ada@Example.org", "Ada")
    found = identity.person_of(request_of(reader()))
    assert found == person
    found.refresh_from_db()
    assert found.user.email == ADA
    assert found.confirmed_at


def test_who_signed_in_and_never_commented_is_made_a_person():
    found = identity.person_of(request_of(reader(name="Ada L.")))
    assert (found.email, found.name) == (ADA, "Ada L.")
    assert Commenter.objects.count() == 1


def test_the_session_counts_for_more_than_the_cookie():
    other = confirmed("eve@example.org")
    found = identity.person_of(request_of(reader(), cookies=cookies_of(other)))
    assert found.email == ADA


def test_an_account_whose_address_was_typed_at_the_desk_is_nobody_until_a_code_came_back():
    user = User.objects.create_user(ADA)
    assert identity.person_of(request_of(user)) is None
    codes.person_at(ADA)
    assert identity.person_of(request_of(user)).email == ADA


def test_staff_are_themselves_and_their_mail_is_not_confirmed_by_that():
    found = identity.person_of(request_of(factories.editor(email="nadia@example.org", name="Nadia")))
    assert (found.name, found.confirmed_at) == ("Nadia", None)


def test_a_person_follows_the_account_to_a_new_address():
    user = reader()
    old = identity.person_of(request_of(user))
    user.email = "new@example.org"
    user.save()
    codes.person_at("new@example.org")
    new = identity.person_of(request_of(User.objects.get()))
    old.refresh_from_db()
    assert (new.email, new.user, old.user) == ("new@example.org", user, None)


def test_typing_an_address_finds_the_person_and_changes_nothing_proven():
    person = confirmed(name="Ada Lovelace")
    found = identity.commenter_for(" ADA@example.org ", "Impostor")
    assert (found, found.name) == (person, "Ada Lovelace")
    assert identity.person_of(request_of()) is None
    unproven = identity.commenter_for("bob@example.org", "Bob")
    assert identity.commenter_for("bob@example.org", "Robert").name == "Robert"
    assert unproven.confirmed_at is None


def test_somebody_erased_while_banned_is_found_again_by_the_hash():
    person = confirmed(banned_at=clock.now())
    Commenter.objects.update(email="", folded_email=None, name="", erased_at=clock.now())
    found = identity.commenter_for(ADA, "Ada")
    assert (found, found.is_banned, found.erased_at, found.email) == (person, True, None, ADA)


def test_an_address_is_known_whatever_becomes_of_the_key(settings):
    person = confirmed(name="Ada Lovelace")
    settings.BACKER_HASH_KEY = "another-key-" * 4
    assert identity.commenter_for(ADA, "Ada") == person
    person.refresh_from_db()
    assert person.address_digest == identity.address_digest(ADA)
    assert identity.person_of(request_of(reader())) == person


def test_a_person_recommends_under_one_key_in_every_browser():
    person = confirmed()
    by_cookie = identity.reader_key(request_of(cookies=cookies_of(person)), HttpResponse())
    assert by_cookie == identity.reader_key(request_of(reader()), None)
    assert len(by_cookie) == 64


def test_a_browser_that_is_nobodys_gets_a_key_of_its_own_when_it_does_something():
    assert identity.reader_key(request_of(), None) == ""
    response = HttpResponse()
    key = identity.reader_key(request_of(), response)
    cookies = {name: morsel.value for name, morsel in response.cookies.items()}
    again = HttpResponse()
    assert identity.reader_key(request_of(cookies=cookies), again) == key
    assert not again.cookies
    assert identity.reader_key(request_of(), HttpResponse()) != key


def test_a_network_that_makes_browsers_by_the_dozen_is_one_reader_in_the_end(monkeypatch):
    monkeypatch.setattr(identity, "NEW_READERS", 3)
    keys = [identity.reader_key(request_of(), HttpResponse()) for _ in range(8)]
    assert len(set(keys)) == 4
    assert identity.reader_key(request_of(REMOTE_ADDR="203.0.113.9"), HttpResponse()) not in keys


def test_signing_in_makes_known_who_reads_the_pages_of_comments(client):
    identity.commenter_for(ADA, "Ada")
    assert "has not proven an address" in client.get("/comments/mine/").text
    sign_in(client, ADA)
    assert ADA in client.get("/comments/mine/").text
    assert "has not proven an address" in Client().get("/comments/mine/").text


@pytest.mark.parametrize(("by_code", "badge", "status"), [(True, "", "pending"), (False, "staff", "public")])
def test_an_editors_mailbox_speaks_for_nobody_but_a_reader(by_code, badge, status):
    editor = factories.editor(email="nadia@example.org", name="Nadia")
    editor.signed_in_by_code = by_code
    codes.person_at(editor.email)
    person = identity.person_of(request_of(editor))
    comment = making.waiting(factories.published(), commenter=person, is_proven=True, user=editor)
    assert (comment.badge, comment.status) == (badge, status)
