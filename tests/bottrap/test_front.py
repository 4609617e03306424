"""The callable in front of Django, called as a server calls it."""

import pytest
from django.core.cache import cache
from django.db import Error

from bottrap import bans, front
from bottrap.models import Ban
from tests.bottrap.visiting import OTHER, ROBOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask():
    """The status that a new process answers with; its own front, asked by `ask(address, path)`."""
    guarded = front.guard(
        lambda environ, start_response: start_response("200 OK", []) or [], never_closed=("/support/",)
    )

    def ask(address=ROBOT, path="/", **environ) -> str:
        statuses = []
        marks = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "REMOTE_ADDR": address, **environ}
        guarded(marks, lambda status, headers: statuses.append(status))
        return statuses[0][:3]

    return ask


def test_a_ban_holds_at_once_and_so_does_its_lifting(ask):
    assert ask() == "200"
    bans.ban(f"{ROBOT}/32", reason="for the test")
    assert ask() == "403"
    assert ask(OTHER) == "200"
    bans.lift(f"{ROBOT}/32", by=Ban.Lifted.STAFF)
    assert ask() == "200"


def test_a_request_costs_one_look_into_the_cache_and_no_query(ask, monkeypatch, django_assert_num_queries):
    bans.ban(f"{ROBOT}/32", reason="for the test")
    ask()
    looks, get = [], cache.get
    monkeypatch.setattr("bottrap.roll.cache.get", lambda key: looks.append(key) or get(key))
    with django_assert_num_queries(0):
        assert ask() == "403"
        assert ask(OTHER) == "200"
    assert len(looks) == 2


@pytest.mark.parametrize("environ", [{"REMOTE_ADDR": ""}, {"REMOTE_ADDR": "nonsense"}, {"PATH_INFO": "\udcff\x00"}])
def test_odd_requests_pass(ask, environ):
    assert ask(OTHER, **environ) == "200"


@pytest.mark.parametrize(
    "broken", ["bottrap.roll.cache.get", "bottrap.front.refusal.page", "bottrap.front.networks.of_client"]
)
def test_whatever_breaks_lets_everybody_through_and_says_so(ask, monkeypatch, caplog, broken):
    bans.ban(f"{ROBOT}/32", reason="for the test")
    assert ask() == "403"

    def fail(*_):
        raise RuntimeError("for the test")

    monkeypatch.setattr(broken, fail)
    front._network.cache_clear()  # what was worked out before needs nothing that is broken
    assert ask() == "200"
    assert "lets everybody through" in caplog.text


def test_a_database_that_is_away_leaves_known_bans_as_they_were(ask, monkeypatch, caplog):
    bans.ban(f"{ROBOT}/32", reason="for the test")
    assert ask() == "403"

    def fail(self):
        raise Error("for the test")

    monkeypatch.setattr("bottrap.querysets.BanQuerySet.active", fail)
    cache.clear()
    assert ask() == "403"
    assert ask(OTHER) == "200"
    assert "Bans cannot be read" in caplog.text


def test_the_site_is_wired_with_doors_that_never_close():
    from antiempire import wsgi

    assert wsgi.NEVER_CLOSED == ("/support/", "/admin/")
    assert wsgi.application is not wsgi.django_application
