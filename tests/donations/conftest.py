"""What the tests of this folder share: the running stand-in, and a reader who is inside."""

import datetime as dt

import pytest

from donations import defence
from tests.donations.reader import Reader
from tests.fakestripe.running import carrying_stand_in, stand_in  # noqa: F401


@pytest.fixture
def nobody_is_too_fast(monkeypatch):
    """Forms are sent in no time here."""
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


@pytest.fixture
def reader(stand_in, nobody_is_too_fast):  # noqa: F811
    """Ada, who gives 25 dollars every quarter, and is inside."""
    reader = Reader(stand_in)
    reader.give()
    reader.come_in()
    return reader
