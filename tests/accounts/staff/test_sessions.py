"""Tries that are counted, browsers that are known, sessions that can be ended, and rights that are written down."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from accounts.models import DeskSession, RightsChange, User
from accounts.staff import sessions, throttle
from foundation import clock
from foundation.models import Letter
from tests import factories
from tests.accounts.signing_in import sign_in
from tests.accounts.staff.entering import (
    FACTOR,
    MY_SIGN_IN,
    code_of,
    is_inside,
    set_up,
    type_password,
)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def wrong(client: Client, email: str = "nadia@example.org", **more):
    return type_password(client, email, "not the password", **more)


def is_told_to_wait(answer) -> bool:
    return answer.status_code == 200 and "wait a quarter of an hour" in answer.text


def test_wrong_passwords_are_counted_for_an_account_from_one_network(client, nadia):
    answers = [is_told_to_wait(wrong(client)) for _ in range(throttle.PER_ACCOUNT_AND_NETWORK + 1)]
    assert answers == [False] * throttle.PER_ACCOUNT_AND_NETWORK + [True]
    assert is_told_to_wait(type_password(client))  # the right one too, or it could be found by trying on


def test_right_passwords_use_up_nothing(nadia):
    for _ in range(throttle.PER_ACCOUNT_AND_NETWORK + 2):
        assert not is_told_to_wait(type_password(Client()))  # a new browser each time
    answers = [is_told_to_wait(wrong(Client())) for _ in range(throttle.PER_ACCOUNT_AND_NETWORK + 1)]
    assert answers == [False] * throttle.PER_ACCOUNT_AND_NETWORK + [True]


def test_wrong_passwords_are_counted_for_a_network_whoever_is_named(client, nadia):
    for number in range(throttle.PER_NETWORK):
        assert not is_told_to_wait(wrong(client, f"somebody{number}@example.org"))
    assert is_told_to_wait(wrong(client, "another@example.org"))
    assert not is_told_to_wait(wrong(client, "another@example.org", REMOTE_ADDR="198.51.100.7"))


def test_a_stranger_from_many_networks_does_not_keep_the_owner_out(client, nadia):
    secret = set_up(client)
    client.post("/admin/logout/")
    for number in range(throttle.PER_ACCOUNT):
        wrong(Client(), REMOTE_ADDR=f"198.51.{number}.7")
    stranger = Client()
    assert is_told_to_wait(type_password(stranger, REMOTE_ADDR="203.0.113.9"))
    assert type_password(client).url == FACTOR  # from a browser the owner used before
    assert client.post(FACTOR, {"code": code_of(secret, 1)}).status_code == 302


def test_a_known_browser_is_counted_too(client, nadia):
    set_up(client)
    client.post("/admin/logout/")
    answers = [is_told_to_wait(wrong(client)) for _ in range(throttle.PER_KNOWN_BROWSER + 1)]
    assert answers == [False] * throttle.PER_KNOWN_BROWSER + [True]


def test_a_forged_cookie_makes_no_browser_known(client, nadia):
    client.cookies["desk"] = "eyJuYWRpYUBleGFtcGxlLm9yZyI6ICJ4In0:1:x"
    for _ in range(throttle.PER_ACCOUNT_AND_NETWORK):
        wrong(client)
    assert is_told_to_wait(wrong(client))


def test_a_new_browser_is_told_by_letter_and_a_known_one_is_not(client, nadia):
    secret = set_up(client)
    subject = "Somebody signed in as you from a new browser"
    assert not Letter.objects.filter(subject=subject).exists()  # the very first
    client.post("/admin/logout/")
    type_password(client)
    client.post(FACTOR, {"code": code_of(secret, 1)})
    assert not Letter.objects.filter(subject=subject).exists()
    other = Client(headers={"user-agent": FIREFOX})
    type_password(other)
    other.post(FACTOR, {"code": code_of(secret, -1)})
    letter = Letter.objects.get(subject=subject)
    assert letter.to == nadia.email
    assert "Firefox on Linux" in letter.text
    assert "/admin/my-sign-in/" in letter.text


def second_session(nadia, secret: str) -> Client:
    other = Client(headers={"user-agent": FIREFOX})
    type_password(other)
    assert other.post(FACTOR, {"code": code_of(secret, 1)}).status_code == 302
    return other


def test_ones_own_sessions_are_listed_and_ended(client, nadia):
    secret = set_up(client)
    other = second_session(nadia, secret)
    page = client.get(MY_SIGN_IN).text
    assert "Firefox on Linux" in page
    assert "(this one)" in page
    row = DeskSession.objects.get(browser=FIREFOX)
    client.post(MY_SIGN_IN, {"do": "end", "id": row.pk})
    assert not is_inside(other)
    assert is_inside(client)


def test_all_others_are_ended_at_once(client, nadia):
    secret = set_up(client)
    other = second_session(nadia, secret)
    client.post(MY_SIGN_IN, {"do": "end_others"})
    assert not is_inside(other)
    assert is_inside(client)


def test_nobody_ends_the_session_of_another_by_its_number(client, nadia):
    set_up(client)
    author = factories.member_of("Author", email="omar@example.org")
    omar = Client()
    set_up(omar, author.email)
    row = DeskSession.objects.get(user=nadia)
    omar.post(MY_SIGN_IN, {"do": "end", "id": row.pk})
    assert is_inside(client)
    assert omar.get(f"/admin/accounts/user/{nadia.pk}/sessions/").status_code == 403
    assert omar.post(f"/admin/accounts/user/{nadia.pk}/sessions/", {"do": "end_all"}).status_code == 403
    assert is_inside(client)


def test_who_administers_people_ends_their_sessions_and_it_is_written_down(client, nadia):
    set_up(client)
    omar = Client()
    author = factories.member_of("Author", email="omar@example.org")
    set_up(omar, author.email)
    page = f"/admin/accounts/user/{author.pk}/sessions/"
    assert "Codes from an app" in client.get(page).text
    assert page in client.get(f"/admin/accounts/user/{author.pk}/change/").text
    client.post(page, {"do": "end_all"})
    assert not is_inside(omar)
    row = RightsChange.objects.first()
    assert (row.by, row.whom, row.what) == (nadia, author.email, "sessions ended: 1")


def test_who_ends_all_of_their_own_sessions_that_way_is_led_to_the_door(client, nadia, monkeypatch):
    User.objects.filter(pk=nadia.pk).update(is_superuser=True)
    set_up(client)
    later = clock.real_now() + dt.timedelta(minutes=6)  # so that the session is written into with the next request
    monkeypatch.setattr(clock, "real_now", lambda: later)
    answer = client.post(f"/admin/accounts/user/{nadia.pk}/sessions/", {"do": "end_all"})
    assert (answer.status_code, answer.url) == (302, "/admin/login/")
    assert not is_inside(client)


def test_a_session_left_alone_for_a_day_is_over(client, nadia, monkeypatch):
    set_up(client)
    assert is_inside(client)
    monkeypatch.setattr(sessions, "IDLE", dt.timedelta(seconds=-1))
    assert not is_inside(client)


def test_a_session_lasts_a_week_at_most_and_signing_out_ends_it(client, nadia):
    set_up(client)
    assert client.session.get_expiry_age() == 7 * 24 * 60 * 60
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_inside(copy)
    client.post("/admin/logout/")
    assert not is_inside(copy)


def test_a_session_that_is_used_each_day_lasts_no_longer(client, nadia, monkeypatch):
    """Django puts the end off whenever something is written into a session."""
    set_up(client)
    began, day = clock.real_now(), dt.timedelta(days=1)
    at = SimpleNamespace(now=began)
    monkeypatch.setattr(clock, "real_now", lambda: at.now)
    monkeypatch.setattr(timezone, "now", lambda: at.now)
    for number in range(14):
        at.now = began + number * day / 2
        assert is_inside(client), number
    at.now = began + 7 * day + dt.timedelta(minutes=1)
    assert not is_inside(client)


def test_a_session_is_ended_although_a_new_password_gave_it_another_key(client, nadia):
    set_up(client)
    told = {"old_password": "a long password", "new_password1": "one quite other", "new_password2": "one quite other"}
    assert client.post("/admin/password_change/", told).status_code == 302
    assert sessions.end(nadia) == 1
    assert not is_inside(client)


def test_a_session_has_a_new_key_after_each_step(client, nadia):
    keys = []
    sign_in(client, "nadia@example.org")
    keys.append(client.cookies["sessionid"].value)
    type_password(client)
    keys.append(client.cookies["sessionid"].value)
    set_up(client)
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3


def test_another_password_ends_the_other_sessions(client, nadia):
    secret = set_up(client)
    other = second_session(nadia, secret)
    told = {"old_password": "a long password", "new_password1": "one quite other", "new_password2": "one quite other"}
    assert client.post("/admin/password_change/", told).status_code == 302
    assert is_inside(client)
    assert not is_inside(other)
    assert DeskSession.objects.filter(session_key=client.session.session_key).exists()


NEW_PASSWORD = {
    "old_password": "a long password",
    "new_password1": "one quite other",
    "new_password2": "one quite other",
}


def test_after_a_new_password_the_present_session_is_listed_at_once_and_no_other(client, nadia):
    secret = set_up(client)
    second_session(nadia, secret)
    assert client.post("/admin/password_change/", NEW_PASSWORD).status_code == 302
    assert [row.session_key for row in sessions.of(nadia)] == [client.session.session_key]
    assert Letter.objects.latest("pk").subject == "Your password was changed"


def test_a_session_that_was_ended_while_its_key_changed_does_not_come_back(client, nadia, monkeypatch):
    set_up(client)
    note = sessions._note
    monkeypatch.setattr(sessions, "_note", lambda request: DeskSession.objects.all().delete() and note(request))
    assert client.post("/admin/password_change/", NEW_PASSWORD).status_code == 302
    assert not is_inside(client)


def test_a_password_that_somebody_else_sets_ends_every_session_and_is_written_down(client, nadia):
    set_up(client)
    omar = Client()
    author = factories.member_of("Author", email="omar@example.org")
    set_up(omar, author.email)
    told = {"password1": "one quite other", "password2": "one quite other", "usable_password": "true"}
    page = f"/admin/accounts/user/{author.pk}/password/"
    assert client.post(page, {**told, "set-password": "1"}).status_code == 302
    assert not sessions.of(author).exists()
    assert not is_inside(omar)
    assert is_inside(client)
    row = RightsChange.objects.first()
    assert (row.by, row.whom, row.what) == (nadia, author.email, "a new password was set")
    assert Letter.objects.filter(to=author.email).latest("pk").subject == "Your password was changed"


def test_who_found_a_session_open_cannot_guess_the_password_in_it(client, nadia):
    set_up(client)
    guess = {**NEW_PASSWORD, "old_password": "not the password"}
    pages = [client.post("/admin/password_change/", guess).text for _ in range(throttle.OLD_PASSWORDS)]
    assert not any("wait a quarter of an hour" in page for page in pages)
    assert "wait a quarter of an hour" in client.post("/admin/password_change/", NEW_PASSWORD).text
    assert User.objects.get(pk=nadia.pk).check_password("a long password")


def test_changes_of_rights_are_dated_by_the_clock_that_pages_show(nadia, monkeypatch):
    later = clock.real_now() + dt.timedelta(days=40)
    monkeypatch.setattr(clock, "offset", lambda: dt.timedelta(days=40))
    nadia.is_superuser = False
    nadia.save()
    assert RightsChange.objects.first().at >= later
    assert User.objects.create_user("omar@example.org").date_joined >= later


def test_rows_of_sessions_that_are_over_go(client, nadia):
    set_up(client)
    client.post("/admin/logout/")
    assert sessions.prune() == 1


def test_rights_given_and_taken_at_the_desk_are_written_down(client, nadia):
    set_up(client)
    omar = User.objects.create_user("omar@example.org", "a long password")
    RightsChange.objects.all().delete()
    editors = Group.objects.get(name="Editor")
    form = {"email": omar.email, "is_active": "on", "is_staff": "on", "groups": [editors.pk]}
    assert client.post(f"/admin/accounts/user/{omar.pk}/change/", form).status_code == 302
    told = list(RightsChange.objects.order_by("pk").values_list("by_name", "whom", "what"))
    assert told == [("Nadia", omar.email, "given: staff"), ("Nadia", omar.email, "given: group Editor")]
    page = client.get("/admin/accounts/rightschange/").text
    assert "given: group Editor" in page
    row = RightsChange.objects.first()
    assert client.get(f"/admin/accounts/rightschange/{row.pk}/change/").status_code == 200
    assert client.post(f"/admin/accounts/rightschange/{row.pk}/change/", {"what": "x"}).status_code == 403
    assert client.post(f"/admin/accounts/rightschange/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_rights_are_written_down_whichever_way_they_change(nadia):
    RightsChange.objects.all().delete()
    editors, right = Group.objects.get(name="Editor"), Permission.objects.get(codename="change_user")
    editors.user_set.add(nadia)
    nadia.user_permissions.add(right)
    nadia.groups.clear()
    right.user_set.clear()
    editors.permissions.add(right)
    nadia.is_superuser = False
    nadia.save()
    nadia.delete()
    told = list(RightsChange.objects.order_by("pk").values_list("whom", "what"))
    assert told == [
        ("nadia@example.org", "given: group Editor"),
        ("nadia@example.org", "given: accounts.change_user"),
        ("nadia@example.org", "taken: group Editor"),
        ("nadia@example.org", "taken: accounts.change_user"),
        ("group Editor", "given: accounts.change_user"),
        ("nadia@example.org", "taken: every right"),
        ("nadia@example.org", "the account was deleted"),
    ]
    assert {row.by_name.split()[1] for row in RightsChange.objects.all()} == {"shell"}


def test_signing_in_and_naming_oneself_is_no_change_of_rights(client, nadia):
    RightsChange.objects.all().delete()
    set_up(client)
    nadia.name = "N."
    nadia.save()
    assert not RightsChange.objects.exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Version/18.0 Mobile Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("", "A browser"),
        ("<script>", "A browser"),
    ],
)
def test_a_browser_is_named_as_far_as_it_says(told, words):
    assert sessions.browser_in_words(told) == words


def test_who_comes_in_and_who_is_refused_is_logged_without_naming_anybody(client, nadia, caplog):
    caplog.set_level("INFO", logger="accounts.staff")
    wrong(client)
    set_up(client)
    other = Client()
    type_password(other)
    other.post(FACTOR, {"code": "1"})
    told = [record.getMessage() for record in caplog.records if record.name.startswith("accounts.staff")]
    assert told == [
        "Somebody was refused at the desk's door: a wrong password or no such account",
        f"User {nadia.pk} came in at the desk's door, second factor: totp",
        f"User {nadia.pk} was refused at the desk's door: a wrong second factor",
    ]
