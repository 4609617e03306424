"""A fake platform for every provider, named by the settings, and posts of all kinds."""

import pytest

from articles.embeds.providers import PROVIDERS, recognise
from tests.foundation.fake_service import FakeService

TWEET = "https://twitter.com/harbour_desk/status/1232942413187452929"
VIDEO = "https://www.youtube.com/watch?v=aB3_x-9ZkLm"


@pytest.fixture
def platform(settings):
    with FakeService() as platform:
        names = [provider.name for provider in PROVIDERS]
        settings.OEMBED_BASE_OVERRIDES = {
            **{name: f"{platform.origin}/{name}" for name in names},
            "t.co": f"{platform.origin}/tco",
            "i.ytimg.com": f"{platform.origin}/stills",
            "p16-sign-va.tiktokcdn.com": f"{platform.origin}/stills",
        }
        yield platform


@pytest.fixture
def tweet():
    return recognise(TWEET)


@pytest.fixture
def video():
    return recognise(VIDEO)
