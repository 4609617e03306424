"""Who works at the treasurer's desk in these tests."""

import pytest
from django.test import Client

from tests import factories
from tests.donations.stripe_path import Path


@pytest.fixture
def at_desk():
    """A browser in which somebody is signed in; each call is another browser."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def treasurer(db):
    return factories.member_of("Treasurer", name="Tess")


@pytest.fixture
def desk(at_desk, treasurer):
    """The treasurer's browser."""
    return at_desk(treasurer)


@pytest.fixture
def path(stand_in):
    return Path(stand_in)
