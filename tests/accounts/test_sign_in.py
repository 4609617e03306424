"""A reader comes in by a code from their mail, and nobody else does."""

import datetime as dt
import io

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts import codes
from accounts.models import User
from foundation import clock, letters
from foundation.models import Letter
from tests import factories
from tests.accounts.signing_in import CODE, SIGN_IN, ask, newest_code, sign_in

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_stranger_becomes_a_reader_by_the_code(client):
    answer = ask(client, "Ada@Example.org ")
    assert (answer.status_code, answer.url) == (302, CODE)
    assert not User.objects.exists()
    assert not is_signed_in(client)
    answer = client.post(CODE, {"code": newest_code(ADA).lower().replace("-", " ")})
    assert (answer.status_code, answer.url) == (302, "/account/")
    user = User.objects.get()
    assert (user.email, user.has_usable_password(), user.is_staff) == (ADA, False, False)
    assert EmailAddress.objects.get().verified
    assert codes.is_proven(user)
    assert ADA in client.get("/account/").text


@pytest.mark.parametrize("address", ["mike@g\u0131thub.example", "m\u0131ke@github.example"])
def test_a_letter_that_shares_its_capital_with_another_opens_nobody_elses_account(client, address):
    """PostgreSQL makes "I" of "ı" and SQLite does not: only there does this test tell right from wrong."""
    ours = address.replace("\u0131", "i")
    sign_in(Client(), ours)
    sign_in(client, address)
    assert User.objects.count() == 2
    assert codes.is_proven(User.objects.get(email=ours))
    assert ours not in client.get("/account/").text


def test_who_was_here_before_is_the_same_person(client):
    sign_in(client, ADA)
    other = Client()
    sign_in(other, ADA.upper())
    assert User.objects.count() == 1
    assert is_signed_in(other)


def test_the_letter_names_the_code_first_and_wears_our_look(client):
    ask(client, ADA)
    letter = Letter.objects.get()
    assert letter.subject.startswith(newest_code(ADA))
    assert '<p class="code">' in letter.html
    assert "<style>" in letter.html


def test_no_answer_and_no_query_tells_whether_an_address_is_known():
    User.objects.create_user(ADA)
    factories.editor(email="editor@example.org")
    found = []
    for address in (ADA, "nobody@example.org", "editor@example.org"):
        browser = Client()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(browser, address)
        assert not any("accounts_user" in query["sql"] for query in asked.captured_queries)
        page = browser.get(CODE)
        letter = Letter.objects.get(folded_to=address)
        words = page.text.replace(address, "ADDRESS"), letter.text.replace(newest_code(address), "CODE")
        found.append((answer.status_code, answer.url, page.status_code, len(asked), *map(without_tokens, words)))
    assert found[0] == found[1] == found[2]


def without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_wrong_code_is_told_and_the_right_one_still_works(client):
    ask(client, ADA)
    answer = client.post(CODE, {"code": "BBBB-BBBB"})
    assert answer.status_code == 422
    assert "This is not the code" in answer.text
    assert client.post(CODE, {"code": newest_code(ADA)}).status_code == 302
    assert is_signed_in(client)


def test_the_third_wrong_code_makes_the_right_one_void(client):
    ask(client, ADA)
    answers = [client.post(CODE, {"code": "BBBB-BBBB"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert "That code is used up" in client.get(answers[-1].url).text
    client.post(CODE, {"code": newest_code(ADA)})
    assert not is_signed_in(client)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_tries_sent_at_once_are_counted_together(client, monkeypatch, is_guarded):
    """Each request has the session as it was before all of them: so is it put back here before every try."""
    if not is_guarded:
        monkeypatch.setattr(codes.CodeProcess, "may_try", lambda process: True)
    ask(client, ADA)
    session = Session.objects.get(pk=client.cookies["sessionid"].value)
    for _ in range(3):
        client.post(CODE, {"code": "ZZZZ-ZZZZ"})
        session.save()
    client.post(CODE, {"code": newest_code(ADA)})
    assert is_signed_in(client) is not is_guarded


def test_an_empty_code_is_no_try(client):
    ask(client, ADA)
    assert {client.post(CODE, {"code": typed}).status_code for typed in ("", " ", "", " ", "")} == {422}
    client.post(CODE, {"code": newest_code(ADA)})
    assert is_signed_in(client)


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (16, False)])
def test_a_code_is_good_for_a_quarter_of_an_hour(client, minutes, works):
    ask(client, ADA)
    code = newest_code(ADA)
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=minutes)):
        client.post(CODE, {"code": code})
        assert is_signed_in(client) == works


def test_a_code_works_only_in_the_browser_that_asked(client):
    ask(client, ADA)
    thief = Client()
    answer = thief.post(CODE, {"code": newest_code(ADA)})
    assert answer.url == f"{SIGN_IN}?over=1"
    assert not is_signed_in(thief)
    client.post(CODE, {"code": newest_code(ADA)})
    assert is_signed_in(client)


def test_a_code_asked_for_in_another_browser_is_another_code(client):
    ask(client, ADA)
    mine, thief = newest_code(ADA), Client()
    ask(thief, ADA)
    assert newest_code(ADA) != mine
    thief.post(CODE, {"code": mine})
    assert not is_signed_in(thief)


def test_a_code_works_once(client):
    sign_in(client, ADA)
    code = newest_code(ADA)
    client.post("/account/sign-out/")
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)


def test_a_newer_code_makes_the_older_void(client):
    ask(client, ADA)
    older = newest_code(ADA)
    ask(client, ADA)
    client.post(CODE, {"code": older})
    assert not is_signed_in(client)
    client.post(CODE, {"code": newest_code(ADA)})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "code", ["", "\0", "ß" * 8, "٣" * 8, "x" * 5000, "-" * 8, "BBBB-BBBB\r\nSet-Cookie: a=b"], ids=repr
)
def test_nonsense_for_a_code_is_refused_in_words(client, code):
    ask(client, ADA)
    assert client.post(CODE, {"code": code}).status_code == 422
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a" * 250 + "@example.org", "a\0@b.example", "a b@example.org"])
def test_what_is_no_address_comes_back_with_what_was_typed(client, address):
    answer = ask(client, address)
    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_an_address_gets_a_few_codes_an_hour_and_its_owner_is_told(client):
    for _ in range(codes.PER_ADDRESS):
        assert ask(client, ADA).status_code == 302
    answer = ask(client, ADA)
    assert answer.status_code == 429
    assert "Use the newest of them" in answer.text
    assert Letter.objects.count() == codes.PER_ADDRESS
    client.post(CODE, {"code": newest_code(ADA)})
    assert is_signed_in(client)


def test_a_network_gets_some_codes_an_hour_and_others_still_get_theirs(client):
    for number in range(codes.PER_NETWORK):
        assert ask(client, f"a{number}@example.org").status_code == 302
    assert ask(client, ADA).status_code == 429
    assert not Letter.objects.filter(folded_to=ADA).exists()
    assert ask(Client(REMOTE_ADDR="203.0.113.9"), ADA).status_code == 302


def test_the_whole_site_mails_no_more_than_so_many_codes(client, monkeypatch, caplog):
    monkeypatch.setattr(codes, "SITE_WIDE", 1)
    assert ask(client, ADA).status_code == 302
    assert ask(client, "eve@example.org").status_code == 429
    assert "no more are sent" in caplog.text


@pytest.mark.parametrize(
    ("onward", "where"),
    [
        ("/support/?a=b", "/support/?a=b"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("/\\evil.example/", "/account/"),
        ("http://testserver/account/", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("/a\r\nSet-Cookie: a=b", "/a%0D%0ASet-Cookie:%20a=b"),
    ],
)
def test_one_is_led_on_within_the_site_only(client, onward, where):
    assert sign_in(client, ADA, next=onward).url == where
    assert client.get(SIGN_IN, {"next": onward}).url == where


def test_a_foreign_way_on_is_not_even_written_into_the_page(client):
    page = client.get(SIGN_IN, {"next": "https://evil.example/"})
    assert "evil.example" not in page.text
    assert 'value="/support/"' in client.get(SIGN_IN, {"next": "/support/"}).text


def test_the_way_on_outlasts_a_code_that_was_used_up(client):
    ask(client, ADA, next="/support/")
    for _ in range(3):
        answer = client.post(CODE, {"code": "BBBB-BBBB", "next": "/support/"})
    assert 'value="/support/"' in client.get(answer.url).text


def test_signing_out_takes_a_post(client):
    sign_in(client, ADA)
    assert "Sign out?" in client.get("/account/sign-out/").text
    assert is_signed_in(client)
    assert client.post("/account/sign-out/").url == "/"
    assert not is_signed_in(client)


def test_forms_at_the_door_ask_for_a_token():
    stranger = Client(enforce_csrf_checks=True)
    assert {stranger.post(address, {}).status_code for address in (SIGN_IN, CODE, "/account/sign-out/")} == {403}


def test_a_closed_account_stays_closed(client):
    User.objects.create_user(ADA, is_active=False)
    answer = sign_in(client, ADA)
    assert answer.url == "/account/inactive/"
    assert "This account is closed" in client.get(answer.url).text
    assert not is_signed_in(client)


def test_an_address_given_up_at_the_desk_opens_nothing(client):
    """What was proven once says nothing about the address that an editor typed in its place."""
    sign_in(client, ADA)
    user = User.objects.get()
    user.email = "new@example.org"
    user.save()
    assert not codes.is_proven(user)
    other = Client()
    sign_in(other, ADA)
    assert User.objects.get(email=ADA) != user
    sign_in(Client(), "new@example.org")
    assert codes.is_proven(user)
    assert EmailAddress.objects.filter(user=user).count() == 1


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/change/", "password/set/", "email/", "reauthenticate/"]
    + ["confirm-email/", "login/code/", "logout/"],
)
def test_no_other_page_of_the_library_is_there(client, path):
    assert client.get(f"/account/{path}").status_code == 404
    assert client.get("/account/sign-in/").status_code == 200


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_the_library_cannot_lead_there_either(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_public_pages_say_nothing_of_who_reads_them(client):
    article = factories.published()
    paths = ["/", article.get_absolute_url(), "/corrections/"]
    before = [client.get(path).text for path in paths]
    sign_in(client, ADA)
    after = [client.get(path) for path in paths]
    assert [without_trap(page.text) for page in after] == [without_trap(text) for text in before]
    assert is_signed_in(client)


def without_trap(text: str) -> str:
    """The hidden link changes with the day and is nobody's."""
    return "\n".join(line for line in text.splitlines() if "nofollow" not in line)


def test_no_page_of_an_account_is_stored_or_indexed(client):
    sign_in(client, ADA)
    for path in ("/account/", "/account/erase/", "/account/export/", "/account/sign-out/"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path
    assert 'content="noindex"' in client.get("/account/").text
    assert "no-store" in Client().get(SIGN_IN).headers["Cache-Control"]


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client):
    sign_in(client, ADA)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_letters_with_codes_that_are_over_are_dropped(client):
    ask(client, ADA)
    letters.post("thanks:pi_1", ADA, "Thank you", "Words", "")
    call_command("prune_accounts", stdout=io.StringIO())
    assert Letter.objects.count() == 2
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=61)):
        call_command("prune_accounts", stdout=io.StringIO())
    assert [letter.kind for letter in Letter.objects.all()] == ["thanks"]
