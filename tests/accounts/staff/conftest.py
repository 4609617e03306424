import pytest

from tests import factories


@pytest.fixture(autouse=True)
def second_factor_is_asked_for(settings, db):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def nadia():
    return factories.editor(email="nadia@example.org", name="Nadia")
