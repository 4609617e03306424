"""A code sent by mail opens no door of the desk, to nobody."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client

from tests import factories
from tests.accounts.signing_in import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"
DOORS = ["/admin/", "/admin/articles/article/", "/admin/accounts/user/", "/admin/live/token/"]


@pytest.fixture
def editor():
    return factories.editor(email="editor@example.org")


def by_password(client: Client):
    return client.post("/admin/login/", {"username": "editor@example.org", "password": PASSWORD, "next": "/admin/"})


def test_an_editor_signed_in_by_a_code_stands_before_the_door(client, editor):
    sign_in(client, editor.email)
    assert client.get("/account/").status_code == 200
    for door in DOORS:
        answer = client.get(door)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/admin/login/"), door
    page = client.get("/admin/login/")
    assert "by a code from your mail. The desk asks for your password" in page.text
    assert "not authorized" not in page.text


def test_the_same_editor_gets_in_by_password(client, editor):
    by_password(client)
    assert [client.get(door).status_code for door in DOORS[:3]] == [200, 200, 200]


def test_the_password_opens_the_desk_in_a_session_begun_by_a_code(client, editor):
    sign_in(client, editor.email)
    key = client.session.session_key
    assert by_password(client).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.session.session_key != key


def test_a_code_does_not_take_a_session_of_the_desk_over(client, editor):
    by_password(client)
    assert client.get("/account/sign-in/").url == "/account/"
    assert client.session[BACKEND_SESSION_KEY] == "django.contrib.auth.backends.ModelBackend"


def test_an_editor_signed_in_by_a_code_has_no_rights_anywhere(client, editor):
    sign_in(client, editor.email)
    user = client.get("/account/").context["user"]
    assert user.is_superuser
    assert not user.has_perm("articles.publish_article")
    assert not user.has_module_perms("articles")
    by_password(client)
    assert client.get("/admin/").context["user"].has_perm("articles.publish_article")


def test_what_a_code_began_is_never_written_into_the_row(client, editor):
    sign_in(client, editor.email)
    client.post("/account/", {"name": "Nadia"})
    editor.refresh_from_db()
    assert (editor.name, editor.is_staff, editor.is_superuser) == ("Nadia", True, True)


def test_a_reader_has_no_password_to_try_at_the_desk(client):
    sign_in(client, "ada@example.org")
    client.post("/account/sign-out/")
    for password in ("", "!", "ada@example.org"):
        client.post("/admin/login/", {"username": "ada@example.org", "password": password})
        assert client.get("/admin/").status_code == 302


def test_the_desk_does_not_list_proven_addresses(client, editor):
    by_password(client)
    assert client.get("/admin/account/emailaddress/").status_code == 404
    assert client.get("/admin/accounts/user/").status_code == 200
