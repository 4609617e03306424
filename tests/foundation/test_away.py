"""What is told where a page needs a database that is away; the pages about pledging have their own tests."""

import re

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import resolve

from articles.querysets import ArticleQuerySet
from foundation import away


@pytest.fixture
def reader(db, monkeypatch):
    """Every question about sessions and articles fails from now on."""
    from django.contrib.sessions.backends.db import SessionStore

    def refuse(*args, **options):
        raise OperationalError("the connection was refused")

    monkeypatch.setattr(ArticleQuerySet, "published", refuse)
    monkeypatch.setattr(SessionStore, "_get_session_from_db", refuse)
    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"] = "a" * 32
    return browser


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", away.ANY.title),
        ("/admin/", away.DESK.title),
        ("/account/", away.ACCOUNT.title),
        ("/comments/mine/", away.COMMENTS.title),
    ],
)
def test_everybody_is_told_in_words_that_fit(reader, path, title):
    response = reader.get(path)
    assert response.status_code == 503
    assert title in response.text
    assert "no-store" in response["Cache-Control"]
    assert response["Retry-After"] == "60"
    assert "refused" not in response.text


def test_what_was_typed_waits_in_the_page_and_no_password_does(reader):
    fields = {"body": "<b>Many words</b>", "password": "correct horse", "login_code": "123ABC"}
    response = reader.post("/admin/articles/article/add/", fields)
    assert response.status_code == 503
    assert re.search(r'<textarea name="body" hidden>\s*&lt;b&gt;Many words&lt;/b&gt;</textarea>', response.text)
    assert "correct horse" not in response.text
    assert "123ABC" not in response.text
    assert "A password, a code or a file has to be given again" in response.text


def test_nobody_is_told_to_give_a_password_again_who_gave_none(reader):
    response = reader.post("/comments/mine/", {"body": "Words\nover two lines", "csrfmiddlewaretoken": "x" * 32})
    assert "Words\nover two lines</textarea>" in response.text
    assert "What you typed is kept in this page." in response.text
    assert "given again" not in response.text
    assert 'name="csrfmiddlewaretoken" hidden' not in response.text


def test_pages_about_pledging_carry_what_was_typed_on_the_same_page(rf):
    request = rf.post("/support/", {"message": "First line\nsecond line", "amount": "12"})
    request.resolver_match = resolve("/support/")
    response = away.page(request)
    assert "First line\nsecond line</textarea>" in response.text
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "no-store" in response["Cache-Control"]


def test_pages_about_pledging_have_words_of_their_own(rf):
    request = rf.get("/support/")
    request.resolver_match = resolve("/support/")
    assert "We cannot take pledges right now" in away.page(request).text


def test_any_other_trouble_is_still_said_to_be_ours(db, monkeypatch):
    def break_down(self):
        raise RuntimeError("for the test")

    monkeypatch.setattr(ArticleQuerySet, "published", break_down)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.text
