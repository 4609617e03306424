"""What asking a platform may and may not touch, watched at the socket."""

import socket

import pytest

from articles.embeds.fetch import CannotFetch, Why, ask, can_be_asked
from articles.embeds.providers import PROVIDERS, recognise
from foundation import outbound
from tests.articles.embeds.conftest import TWEET, VIDEO
from tests.foundation.fake_service import Reply

POSTS = [
    TWEET,
    VIDEO,
    "https://vimeo.com/7654321",
    "https://www.instagram.com/p/CxYz_1-aBcD/",
    "https://www.facebook.com/quay/posts/pfbid02abcDEF",
    "https://www.tiktok.com/@tide.reader/video/7100000000000000001",
    "https://bsky.app/profile/inland.example.com/post/3kabcdefghi2x",
    "https://social.example.org/@bridgewatch/112233445566778899",
]


@pytest.fixture
def connections(monkeypatch):
    opened = []

    def refuse(address, timeout):
        opened.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return opened


@pytest.fixture
def every_name_points_to(monkeypatch):
    def point(address):
        def look_up(host, port, **options):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return point


@pytest.mark.parametrize("address", POSTS)
def test_a_platform_whose_name_points_inside_is_not_connected_to(address, settings, connections, every_name_points_to):
    settings.META_OEMBED_TOKEN = "secret"
    every_name_points_to("169.254.169.254")
    with pytest.raises(CannotFetch) as caught:
        ask(recognise(address))
    assert caught.value.why == Why.UNUSABLE
    assert connections == []


@pytest.mark.parametrize("address", POSTS)
def test_without_the_guard_it_would_be(address, settings, connections, every_name_points_to, monkeypatch):
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    settings.META_OEMBED_TOKEN = "secret"
    every_name_points_to("169.254.169.254")
    with pytest.raises(CannotFetch) as caught:
        ask(recognise(address))
    assert caught.value.why == Why.LATER
    assert connections == [("169.254.169.254", 443)]


def test_a_stand_in_cannot_send_us_to_its_neighbours(platform, tweet):
    platform.replies("tweet", Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}))
    with pytest.raises(CannotFetch) as caught:
        ask(tweet)
    assert caught.value.why == Why.UNUSABLE


def test_the_token_is_told_to_nobody_but_its_owner(platform, tweet, settings):
    settings.META_OEMBED_TOKEN = "secret"
    platform.replies("tweet", "tweet.json")
    ask(tweet)
    assert "secret" not in str(platform.requests)


@pytest.mark.parametrize(("token", "askable"), [("", False), ("secret", True)])
def test_who_can_be_asked_depends_on_the_token(settings, token, askable):
    settings.META_OEMBED_TOKEN = token
    assert can_be_asked(recognise("https://www.instagram.com/p/CxYz_1-aBcD/")) == askable
    assert can_be_asked(recognise(TWEET))
    assert not can_be_asked(recognise("https://t.me/harbour_news/120"))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_no_endpoint_is_asked_without_encryption(provider):
    assert provider.endpoint == "" or provider.endpoint.startswith("https://")
    assert provider.player == "" or provider.player.startswith("https://")
