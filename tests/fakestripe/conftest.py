"""The running stand-in, for the tests of this folder."""

from tests.fakestripe.running import carrying_stand_in, stand_in  # noqa: F401
