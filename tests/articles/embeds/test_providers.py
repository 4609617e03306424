import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.embeds.providers import (
    PROVIDERS,
    Match,
    is_shortened,
    player_address,
    provider_named,
    question_about,
    recognise,
)
from articles.models import Embed

ID = "1232942413187452929"
NAMED = Match("tweet", ID, f"https://x.com/harbour_desk/status/{ID}")
NAMELESS = Match("tweet", ID, f"https://x.com/i/status/{ID}")

HOSTS = ["twitter.com", "www.twitter.com", "mobile.twitter.com", "m.twitter.com"]
HOSTS += ["x.com", "www.x.com", "mobile.x.com", "m.x.com"]
TAILS = ["", "/", "/photo/1", "/video/1", "/photo/1/", "?s=20", "?s=20&t=abc#top", "/photo/2?s=1", "#m", "/analytics"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_every_address_of_a_tweet_is_the_same_tweet(scheme, host, tail):
    assert recognise(f"{scheme}://{host}/harbour_desk/status/{ID}{tail}") == NAMED
    assert recognise(f"{scheme}://{host}/harbour_desk/statuses/{ID}{tail}") == NAMED
    assert recognise(f"{scheme}://{host}/i/web/status/{ID}{tail}") == NAMELESS
    assert recognise(f"{scheme}://{host}/i/status/{ID}{tail}") == NAMELESS


@pytest.mark.parametrize("host", HOSTS)
def test_the_old_address_behind_a_hash_is_the_same_tweet(host):
    assert recognise(f"https://{host}/#!/harbour_desk/status/{ID}") == NAMED
    assert recognise(f"https://{host}/#!/harbour_desk/status/{ID}?s=20") == NAMED


@pytest.mark.parametrize("host", ["nitter.net", "fxtwitter.com", "vxtwitter.com", "fixupx.com", "xcancel.com"])
def test_a_mirror_shows_the_same_tweet(host):
    assert recognise(f"https://{host}/harbour_desk/status/{ID}#m") == NAMED


def test_the_name_in_the_address_is_optional_for_an_old_form():
    assert recognise(f"https://twitter.com/statuses/{ID}") == NAMELESS


def test_white_space_around_an_address_does_not_matter():
    assert recognise(f"\n  https://x.com/harbour_desk/status/{ID} ") == NAMED


def test_the_host_may_be_written_in_capitals():
    assert recognise(f"HTTPS://X.COM/harbour_desk/status/{ID}") == NAMED


@pytest.mark.parametrize(
    "address",
    [
        f"https://notx.com/u/status/{ID}",
        f"https://x.com.evil.example/u/status/{ID}",
        f"https://evil.example/x.com/u/status/{ID}",
        f"https://evil.example/?u=https://x.com/u/status/{ID}",
        f"https://evil.example#@x.com/u/status/{ID}",
        f"https://x.com@evil.example/u/status/{ID}",
        f"https://evil.example@x.com/u/status/{ID}",
        f"https://x.com\\@evil.example/u/status/{ID}",
        f"https://x.com:8080/u/status/{ID}",
        f"https://x.com:evil/u/status/{ID}",
        f"https://api.x.com/u/status/{ID}",
        f"https://х.com/u/status/{ID}",  # a Cyrillic letter
        f"https://x.com/u/status/{ID}x",
        f"https://x.com/u/status/{ID}/photo/1/evil",
        f"https://x.com/u/status/{ID}\n<script>",
        f"https://x.com/u/sta\ttus/{ID}",
        f"https://x.com/u\x00/status/{ID}",
        f"https://x.com/u-v/status/{ID}",
        f"https://x.com/{'u' * 21}/status/{ID}",
        "https://x.com/u/status/0",
        "https://x.com/u/status/012",
        "https://x.com/u/status/-1",
        "https://x.com/u/status/12345678901234567890",
        "https://x.com/u/status/１２３",  # digits, but not ours
        "https://x.com/u/status/",
        "https://x.com/u",
        "https://x.com/",
        f"javascript:alert('https://x.com/u/status/{ID}')",
        f"ftp://x.com/u/status/{ID}",
        f"//x.com/u/status/{ID}",
        f"x.com/u/status/{ID}",
        "https://[::1/u/status/1",
        "https://[::1]/@user/123456",
        "https://127.0.0.1/@user/123456",
        "https://localhost/@user/123456",
        "https://box.internal/@user/123456",
        "https://example.org/@user/12a",
        "https://t.co/AbCdEf1234",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/subscribers",
        "https://youtube.com/playlist?list=abcdefghijk",
        "https://vimeo.com/about",
        "https://t.me/joinchat/abcdef",
        "https://www.instagram.com/harbour_desk/",
        "https://www.facebook.com/permalink.php?story_fbid=12345",
        "",
        "not an address",
        "https://",
    ],
)
def test_what_only_looks_like_a_post_is_none(address):
    assert recognise(address) is None


@pytest.mark.parametrize(
    ("address", "key", "url"),
    [
        ("https://youtu.be/aB3_x-9ZkLm?t=42", "youtube:aB3_x-9ZkLm", "https://www.youtube.com/watch?v=aB3_x-9ZkLm"),
        (
            "https://m.youtube.com/watch?app=desktop&v=aB3_x-9ZkLm&t=1s",
            "youtube:aB3_x-9ZkLm",
            "https://www.youtube.com/watch?v=aB3_x-9ZkLm",
        ),
        (
            "https://youtube.com/shorts/aB3_x-9ZkLm",
            "youtube:aB3_x-9ZkLm",
            "https://www.youtube.com/watch?v=aB3_x-9ZkLm",
        ),
        (
            "https://www.youtube-nocookie.com/embed/aB3_x-9ZkLm?rel=0",
            "youtube:aB3_x-9ZkLm",
            "https://www.youtube.com/watch?v=aB3_x-9ZkLm",
        ),
        ("https://vimeo.com/7654321", "vimeo:7654321", "https://vimeo.com/7654321"),
        ("https://player.vimeo.com/video/7654321?dnt=1", "vimeo:7654321", "https://vimeo.com/7654321"),
        ("https://vimeo.com/7654321/abcdef0123", "vimeo:7654321/abcdef0123", "https://vimeo.com/7654321/abcdef0123"),
        (
            "https://player.vimeo.com/video/7654321?h=abcdef0123",
            "vimeo:7654321/abcdef0123",
            "https://vimeo.com/7654321/abcdef0123",
        ),
        ("https://t.me/s/Harbour_News/120", "telegram:harbour_news/120", "https://t.me/Harbour_News/120"),
        ("https://telegram.me/harbour_news/120?single", "telegram:harbour_news/120", "https://t.me/harbour_news/120"),
        (
            "https://instagram.com/p/CxYz_1-aBcD/?igsh=x",
            "instagram:CxYz_1-aBcD",
            "https://www.instagram.com/p/CxYz_1-aBcD/",
        ),
        (
            "https://www.instagram.com/quay.pictures/reel/CxYz_1-aBcD/",
            "instagram:CxYz_1-aBcD",
            "https://www.instagram.com/reel/CxYz_1-aBcD/",
        ),
        (
            "https://m.facebook.com/story.php?story_fbid=123456&id=7890&x=1",
            "facebook:7890/123456",
            "https://www.facebook.com/permalink.php?story_fbid=123456&id=7890",
        ),
        (
            "https://www.facebook.com/quay/posts/pfbid02abcDEF?ref=x",
            "facebook:pfbid02abcDEF",
            "https://www.facebook.com/quay/posts/pfbid02abcDEF",
        ),
        ("https://www.facebook.com/watch/?v=123456", "facebook:123456", "https://www.facebook.com/watch/?v=123456"),
        (
            "https://www.facebook.com/quay/videos/a-title/123456/",
            "facebook:123456",
            "https://www.facebook.com/quay/videos/123456",
        ),
        (
            "https://www.tiktok.com/@tide.reader/video/7100000000000000001?is_from_webapp=1",
            "tiktok:7100000000000000001",
            "https://www.tiktok.com/@tide.reader/video/7100000000000000001",
        ),
        (
            "https://bsky.app/profile/Inland.example.com/post/3kabcdefghi2x",
            "bluesky:inland.example.com/3kabcdefghi2x",
            "https://bsky.app/profile/Inland.example.com/post/3kabcdefghi2x",
        ),
        (
            "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3kabcdefghi2x",
            "bluesky:did:plc:abcdefghijklmnopqrstuvwx/3kabcdefghi2x",
            "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3kabcdefghi2x",
        ),
        (
            "https://social.example.org/@bridgewatch/112233445566778899",
            "mastodon:social.example.org/112233445566778899",
            "https://social.example.org/@bridgewatch/112233445566778899",
        ),
        (
            "https://social.example.org/users/bridgewatch/statuses/112233445566778899",
            "mastodon:social.example.org/112233445566778899",
            "https://social.example.org/@bridgewatch/112233445566778899",
        ),
    ],
)
def test_posts_of_other_platforms_are_recognised(address, key, url):
    match = recognise(address)
    assert (match.key, match.url) == (key, url)


@pytest.mark.parametrize("address", ["https://t.co/AbCdEf1234", "https://vm.tiktok.com/ZM1/", "https://fb.watch/x/"])
def test_a_shortened_address_is_known_to_hide_another(address):
    assert is_shortened(address)
    assert recognise(address) is None


def test_an_ordinary_address_is_not_shortened():
    assert not is_shortened("https://x.com/u/status/1")
    assert not is_shortened("https://not-t.co/a")


@given(st.text())
@example("https://[")
@example("http://x.com:99999999/u/status/1")
def test_no_text_breaks_recognition(text):
    recognise(text)
    recognise(f"https://x.com/{text}")
    recognise(f"https://{text}/u/status/1")
    is_shortened(text)


KNOWN_HOSTS = st.sampled_from(sorted(host for provider in PROVIDERS for host in provider.hosts))
PATHS = st.text(alphabet="abcXYZ019/@_-.?=&#!%", max_size=40)


@given(host=KNOWN_HOSTS, path=PATHS)
@example(host="x.com", path="u/status/12")
@example(host="youtu.be", path="aB3_x-9ZkLm")
def test_the_address_we_keep_is_recognised_as_the_same_post(host, path):
    match = recognise(f"https://{host}/{path}")
    if match is not None:
        again = recognise(match.url)
        assert again.key == match.key
        assert again.url == match.url


@given(st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True))
def test_no_other_host_is_taken_for_x(host):
    known = provider_named("tweet").hosts
    match = recognise(f"https://{host}/u/status/12")
    assert (match is not None) == (host in known)


def test_every_provider_of_the_model_is_in_the_table():
    assert {provider.name for provider in PROVIDERS} == set(Embed.Provider.values)


def test_no_two_providers_claim_a_host():
    hosts = [host for provider in PROVIDERS for host in provider.hosts]
    assert len(hosts) == len(set(hosts))


def test_endpoints_stand_on_hosts_that_may_answer():
    for provider in PROVIDERS:
        if provider.endpoint_hosts:
            assert provider.endpoint.split("/")[2] in provider.endpoint_hosts


def test_a_tweet_is_asked_for_without_script_and_tracking():
    question = question_about(NAMED)
    assert question.endpoint == "https://publish.x.com/oembed"
    assert question.hosts == {"publish.x.com", "publish.twitter.com"}
    assert question.parameters["url"] == NAMED.url
    assert question.parameters["omit_script"] == "1"


def test_a_mastodon_server_is_asked_itself_and_nobody_else():
    question = question_about(recognise("https://social.example.org/@bridgewatch/112233445566778899"))
    assert question.endpoint == "https://social.example.org/api/oembed"
    assert question.hosts == {"social.example.org"}


def test_nobody_is_asked_about_telegram():
    assert question_about(recognise("https://t.me/harbour_news/120")) is None


def test_instagram_is_asked_only_with_a_token():
    match = recognise("https://www.instagram.com/p/CxYz_1-aBcD/")
    assert question_about(match) is None
    assert question_about(match, token="secret").parameters["access_token"] == "secret"


@pytest.mark.parametrize(
    ("provider", "host"),
    [
        ("youtube", "i.ytimg.com"),
        ("vimeo", "i.vimeocdn.com"),
        ("tiktok", "p16-sign-va.tiktokcdn.com"),
        ("tiktok", "p16-sign.tiktokcdn-us.com"),
        ("tiktok", "p19-common-sign.tiktokcdn-eu.com"),
        ("tiktok", "p77-sign-sg.tiktokcdn.com"),
    ],
)
def test_stills_are_fetched_from_the_platforms_own_hosts(provider, host):
    assert provider_named(provider).keeps_pictures_at(host)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "localhost",
        "xi.ytimg.com",
        "i-ytimg.com",
        "i.ytimg.com.evil.example",
        "evil.tiktokcdn.com",
        "tiktokcdn.com",
        "p16-sign.tiktokcdn.com.evil.example",
        "p16-sign.eviltiktokcdn.com",
        "p16.evil.tiktokcdn.com",
        "p16-sign.tiktokcdn.com\n",
    ],
)
def test_and_from_no_others(provider, host):
    assert not provider.keeps_pictures_at(host)


def test_only_videos_have_players():
    assert player_address("youtube", "aB3_x-9ZkLm").startswith("https://www.youtube-nocookie.com/embed/aB3_x-9ZkLm?")
    assert player_address("vimeo", "7654321/abcdef0123").endswith("&h=abcdef0123")
    assert "&h" not in player_address("vimeo", "7654321")
    assert player_address("tweet", ID) is None
