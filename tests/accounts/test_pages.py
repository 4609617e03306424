"""Every page of an account: under the closed policy, stored nowhere, without inline code, ending where it may."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.accounts.pages import ACCOUNT_PAGES
from tests.accounts.signing_in import ask, sign_in
from tests.site.test_headers import POLICY, directives, inline_code, loaded_from_elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    reader, stranger = Client(), Client()
    sign_in(reader, "ada@example.org")
    ask(stranger, "eve@example.org")
    return {
        name: (reader if needs_reader else stranger).get(reverse(name))
        for name, needs_reader in ACCOUNT_PAGES.items()
        if needs_reader is not None
    }


def test_the_table_names_every_page():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith("account")} == ACCOUNT_PAGES.keys()


def test_every_page_keeps_the_closed_policy_and_is_stored_nowhere(pages):
    wrong = {
        name: page.status_code
        for name, page in pages.items()
        if page.status_code != (403 if name == "account_inactive" else 200)
        or not directives(page) >= POLICY
        or "no-store" not in page.headers["Cache-Control"]
    }
    assert wrong == {}
    assert len(pages) == 9


def test_no_page_holds_inline_code_or_loads_anything_from_elsewhere(pages):
    texts = {name: page.text for name, page in pages.items() if page["Content-Type"].startswith("text/html")}
    assert len(texts) == 8
    assert {name: found for name, text in texts.items() if (found := inline_code(text))} == {}
    assert {name: found for name, text in texts.items() if (found := loaded_from_elsewhere(text))} == {}
