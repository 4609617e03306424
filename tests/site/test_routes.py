"""
Who may do what, where: every address of the URL configuration, asked by every role with every method, against the one
table in tests/data/routes.txt. An address without a row fails, and so does a row whose address is gone.

Templates are not rendered here: what is asked is who is let in, which no template decides.
"""

import logging
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template.base import Template
from django.test import override_settings
from django.urls import path

from antiempire.urls import urlpatterns as ours
from tests.site import routes

DECLARED = routes.table((Path(__file__).parents[1] / "data" / "routes.txt").read_text())
PARTS = 4
# What somebody who has not signed in at the desk may be answered below /admin/.
AT_THE_DOOR = {"admin/login/", "admin/logout/", "admin/second-factor/", "admin/second-factor/set-up/"}
STRANGERS = {"anonymous", "reader", "other"}


@pytest.fixture
def world(db, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(Template, "render", lambda self, context: "")
    logging.disable(logging.CRITICAL)
    yield routes.World()
    logging.disable(logging.NOTSET)


def differences(world, found: list[str]) -> dict[str, str]:
    """By route and method what was answered, where that is not what is declared."""
    wrong = {}
    for route in found:
        for method in routes.METHODS:
            answered = routes.cell(world.answers(route, method))
            if answered != DECLARED.get(route, {}).get(method):
                wrong[f"{method} {route}"] = answered
    return wrong


def test_every_address_has_a_row_and_every_row_an_address():
    assert list(DECLARED) == routes.routes()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_role_is_answered_as_declared(world, part):
    assert differences(world, routes.routes()[part::PARTS]) == {}


def without_a_check(request):
    return HttpResponse("for everybody")


urlpatterns = [path("admin/articles/article/add/", without_a_check), *ours]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_forgot_to_ask_is_found(world):
    """In the place of a real one: the row stands, and the answers are not those it declares."""
    assert differences(world, ["admin/articles/article/add/"]).keys() == {
        f"{method} admin/articles/article/add/" for method in routes.METHODS
    }


class AddressWithoutARow:
    urlpatterns = [path("admin/everything/", without_a_check), *ours]


@override_settings(ROOT_URLCONF=AddressWithoutARow)
def test_an_address_without_a_row_is_found():
    assert set(routes.routes()) - DECLARED.keys() == {"admin/everything/"}


def answered(route: str, method: str) -> dict[str, str]:
    told = {}
    for part in DECLARED[route][method].split():
        letters, _, word = part.partition("=")
        for letter in routes.LETTERS if letters == "*" else letters:
            told[routes.LETTERS[letter]] = word
    return told


CELLS = [(route, method) for route in DECLARED for method in routes.METHODS]


def test_the_table_lets_no_stranger_into_the_desk():
    """Read from the table itself, so that a wrong answer cannot be made right by declaring it."""
    let_in = {
        (route, method, role)
        for route, method in CELLS
        if route.startswith("admin/") and route not in AT_THE_DOOR
        for role, word in answered(route, method).items()
        if role in STRANGERS and word not in ("to-desk", "403", "405")
    }
    assert let_in == set()


def test_the_table_lets_nobody_break_anything():
    assert [cell for cell in CELLS if any(word.startswith("5") for word in answered(*cell).values())] == []


def test_the_table_keeps_money_and_people_to_those_who_handle_them():
    kept = {"admin/donations/": {"Treasurer", "superuser"}, "admin/accounts/": {"superuser"}}
    kept |= {"admin/auth/": {"superuser"}, "admin/bottrap/": {"superuser"}}
    # Names are judged by others too; and the list of the one row there is leads on to that row, which asks.
    others = ("admin/donations/publicname/", "admin/donations/dedication/")
    leads_on = "admin/bottrap/trapsettings/"
    let_in = {
        (route, method, role)
        for route, method in CELLS
        for place, roles in kept.items()
        if route.startswith(place) and not route.startswith(others) and not route.endswith("<path:object_id>/")
        for role, word in answered(route, method).items()
        if role not in roles and word not in ("to-desk", "403", "405") and route != leads_on
    }
    assert let_in == set()


def test_what_only_reads_answers_nothing_else():
    """A public address that answers a GET to everybody takes no DELETE from anybody."""
    taken = [
        route
        for route in DECLARED
        if not route.startswith("admin/") and set(answered(route, "DELETE").values()) != {"405"}
    ]
    assert [route for route in taken if not route.startswith("account/")] == []
