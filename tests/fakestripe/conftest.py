"""The running stand-in, for the tests of this folder, and those who ask it: the real SDK and a person at its pages."""

from tests.fakestripe.running import carrying_stand_in, stand_in  # noqa: F401
from tests.fakestripe.visiting import api, visitor  # noqa: F401
