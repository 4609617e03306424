"""Who works at the desk in these tests."""

import pytest
from django.test import Client

from tests import factories


@pytest.fixture
def ann(db):
    return factories.member_of("Editor", name="Ann")


@pytest.fixture
def bob(db):
    return factories.member_of("Editor", name="Bob")


@pytest.fixture
def writer(db):
    """Writes, and does not publish."""
    user = factories.member_of("Author", name="Wim")
    factories.author(name="Wim", slug="wim", user=user)
    return user


@pytest.fixture
def at_desk():
    """A browser in which somebody is signed in; each call is another browser."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
