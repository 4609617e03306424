"""What a reader sees, takes along and erases of their own account."""

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client
from django.utils.http import urlencode

from accounts import names, own_data
from accounts.models import User
from foundation import clock, letters
from foundation.models import Letter
from tests import factories
from tests.accounts.signing_in import sign_in

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def reader(client):
    sign_in(client, ADA)
    return client


@pytest.fixture
def nadia_at_desk():
    nadia = factories.editor(email="nadia@example.org", name="Nadia")
    client = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    client.post("/admin/login/", {"username": nadia.email, "password": "a long password", "next": "/admin/"})
    told = {"old_password": "a long password", "new_password1": "one quite other", "new_password2": "one quite other"}
    assert client.post("/admin/password_change/", told).status_code == 302
    return client


@pytest.mark.parametrize("path", ["", "export/", "erase/"])
def test_a_stranger_is_asked_to_sign_in_and_comes_back(client, path):
    answer = client.get(f"/account/{path}")
    assert (answer.status_code, answer.url) == (302, f"/account/sign-in/?{urlencode({'next': f'/account/{path}'})}")
    assert sign_in(client, ADA, next=f"/account/{path}").url == f"/account/{path}"


def test_a_name_is_kept(reader):
    assert reader.post("/account/", {"name": "  Ada   L. "}).url == "/account/?saved=1"
    assert 'value="Ada L."' in reader.get("/account/").text
    assert "Saved." in reader.get("/account/?saved=1").text


@pytest.mark.parametrize("name", ["x" * 61, "Ada\u202e", "A\u200bda", "a\0b"])
def test_a_name_that_plays_tricks_is_refused_with_what_was_typed(reader, name):
    answer = reader.post("/account/", {"name": name})
    assert answer.status_code == 422
    assert User.objects.get().name == ""


def test_who_knows_the_names_nobody_may_bear_is_asked(reader, monkeypatch):
    monkeypatch.setattr(names, "_asked", [])
    names.register(lambda name, user: "That is our editor." if name == "Nadia" else "")
    assert "That is our editor." in reader.post("/account/", {"name": "Nadia"}).text
    assert reader.post("/account/", {"name": "Ada"}).status_code == 302


def test_the_export_tells_what_is_known_and_of_nobody_else(reader):
    sign_in(Client(), "eve@example.org")
    answer = reader.get("/account/export/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="account.json"'
    told = json.loads(answer.content)
    assert (told["e-mail"], len(told["letters"])) == (ADA, 1)
    assert "eve@" not in answer.text


def test_the_export_of_somebody_who_works_here_tells_sessions_and_rights(nadia_at_desk):
    told = json.loads(nadia_at_desk.get("/account/export/").content)
    (session,) = told["sessions at the desk"]
    assert (session["second factor"], session["network address"]) == ("none", "127.0.0.1")
    assert session["browser"] == "Mozilla/5.0 Firefox/140.0"
    assert [change["what"] for change in told["changes of rights"]] == ["given: staff", "given: every right"]
    assert "Your password was changed" in [letter["subject"] for letter in told["letters"]]


def test_the_export_tells_no_rights_and_sessions_of_others(nadia_at_desk, reader):
    told = json.loads(reader.get("/account/export/").content)
    assert (told["sessions at the desk"], told["changes of rights"]) == ([], [])


def test_who_no_longer_works_here_takes_letters_of_the_desk_along_when_going(nadia_at_desk):
    User.objects.filter(email="nadia@example.org").update(is_staff=False, is_superuser=False)
    own_data.erase(User.objects.get(email="nadia@example.org"))
    assert not Letter.objects.filter(kind="desk-sign-in").exclude(to="", subject="", text="", html="").exists()


def test_erasing_takes_a_tick_and_then_everything_is_gone(reader, monkeypatch):
    known = {}
    monkeypatch.setattr(own_data, "_known", known)
    gone = []
    own_data.register("elsewhere", collect=lambda user: {"a": 1}, erase=lambda user: gone.append(user.email))
    assert json.loads(reader.get("/account/export/").content)["elsewhere"] == {"a": 1}
    letters.post("thanks:pi_1", ADA, "Thank you", "Words", "")
    other = Client()
    sign_in(other, ADA)
    assert reader.post("/account/erase/").status_code == 422
    assert User.objects.exists()
    answer = reader.post("/account/erase/", {"sure": "1"}, follow=True)
    assert "Your account is erased" in answer.text
    assert gone == [ADA]
    assert not User.objects.exists()
    assert not Letter.objects.filter(kind="sign-in-code").exclude(to="", subject="", text="", html="").exists()
    assert Letter.objects.get(kind="thanks").to == ADA  # a backer's own affair
    assert other.get("/account/").status_code == 302


def test_a_session_that_is_not_fresh_must_sign_in_anew_to_erase(reader):
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=11)):
        assert "Sign in anew" in reader.get("/account/erase/").text
        assert reader.post("/account/erase/", {"sure": "1"}).url == "/account/erase/"
        assert User.objects.exists()
        answer = reader.post("/account/sign-in/anew/", {"next": "/account/erase/"})
        assert answer.url == "/account/sign-in/?next=%2Faccount%2Ferase%2F"
        sign_in(reader, ADA)
        reader.post("/account/erase/", {"sure": "1"})
        assert not User.objects.exists()


def test_staff_cannot_erase_themselves(client):
    editor = factories.editor(email="editor@example.org")
    sign_in(client, editor.email)
    answer = client.post("/account/erase/", {"sure": "1"})
    assert (answer.status_code, User.objects.count()) == (409, 1)
    assert "An administrator closes your account" in answer.text


def test_one_failure_elsewhere_erases_nothing(reader, monkeypatch):
    monkeypatch.setattr(own_data, "_known", {})

    def fail(user):
        raise own_data.NotErased("Not now.")

    own_data.register("elsewhere", collect=lambda user: {}, erase=fail)
    assert "Not now." in reader.post("/account/erase/", {"sure": "1"}).text
    assert User.objects.exists()
