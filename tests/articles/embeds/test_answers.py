import datetime as dt
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.embeds.answers import Unreadable, clean_language, clean_line, clean_link, clean_text, read_answer
from articles.embeds.providers import recognise
from tests.foundation.fake_service import RECORDED

TWEET = recognise("https://x.com/i/status/1232942413187452929")


def read(name, address):
    return read_answer(recognise(address), (RECORDED / name).read_bytes())


def test_a_tweet_is_read_into_fields():
    post = read("tweet.json", "https://x.com/i/status/1232942413187452929")
    assert post.author_name == "Harbour Desk ⚓"
    assert post.author_handle == "harbour_desk"
    assert post.author_url == "https://twitter.com/harbour_desk"
    assert post.text == "Ferries stop at noon.\n\nThe port says why: https://t.co/AbCdEf1234 #ferries"
    assert post.language == "en"
    assert post.posted_on == dt.date(2020, 2, 27)
    assert post.url == "https://x.com/harbour_desk/status/1232942413187452929"
    assert {"text": "#ferries", "url": "https://twitter.com/hashtag/ferries?src=hash"} in post.links
    assert {"text": "pic.twitter.com/PicPic1234", "url": "https://t.co/PicPic1234"} in post.links


def test_a_tweet_in_another_script_keeps_it():
    post = read("tweet-arabic.json", "https://x.com/i/status/1500000000000000000")
    assert post.text == "أغلق الميناء أبوابه عند الظهر"
    assert post.language == "ar"


def test_a_video_is_read_into_fields():
    post = read("youtube.json", "https://youtu.be/aB3_x-9ZkLm")
    assert (post.title, post.author_name) == ("How a lock gate is lifted", "Canal Workshop")
    assert post.author_handle == "canalworkshop"
    assert post.picture_url == "https://i.ytimg.com/vi/aB3_x-9ZkLm/hqdefault.jpg"
    assert post.text == ""


def test_the_other_platforms_are_read_into_fields():
    vimeo = read("vimeo.json", "https://vimeo.com/7654321")
    assert (vimeo.title, vimeo.author_name) == ("Night shift at the signal box", "Slow Rail Films")
    tiktok = read("tiktok.json", "https://www.tiktok.com/@tide.reader/video/7100000000000000001")
    assert (tiktok.title[:12], tiktok.author_handle) == ("Reading the ", "tide.reader")
    bluesky = read("bluesky.json", "https://bsky.app/profile/inland.example.com/post/3kabcdefghi2x")
    assert (bluesky.text, bluesky.author_handle) == ("Fog until ten, then sun.", "inland.example.com")
    assert bluesky.posted_on == dt.date(2024, 3, 3)
    mastodon = read("mastodon.json", "https://social.example.org/@bridgewatch/112233445566778899")
    assert (mastodon.author_name, mastodon.author_handle) == ("Bridge Watch", "bridgewatch@social.example.org")
    assert mastodon.text == ""
    instagram = read("instagram.json", "https://www.instagram.com/p/CxYz_1-aBcD/")
    assert (instagram.text, instagram.author_handle) == ("", "quay.pictures")


def test_nothing_hostile_survives_reading():
    post = read("tweet-hostile.json", "https://x.com/i/status/1232942413187452929")
    shown = json.dumps([post.author_name, post.text, post.links, post.author_url, post.title], ensure_ascii=False)
    assert not any(character in shown for character in "\x00\x07\u202e")
    assert "javascript:" not in shown
    assert "alert(2)" not in post.text
    assert post.author_url == ""
    assert post.title == ""
    assert post.author_handle == "harbour_desk"
    assert "\x00" not in post.raw_reply


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{}",
        b'{"html": 7, "author_name": null, "title": []}',
        b'{"html": "<p></p>", "author_name": "\\u0000 \\u202e "}',
        b"\xff\xfe\x00",
        b'{"a": ' * 100_000,
        b"[" * 100_000,
        b'{"author_name": ' + b"9" * 100_000 + b"}",
    ],
    ids=lambda body: body[:20],
)
def test_what_describes_no_post_is_unreadable(body):
    with pytest.raises(Unreadable):
        read_answer(TWEET, body)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KEYS = st.sampled_from(["html", "author_name", "author_url", "title", "url", "thumbnail_url", "type"])


@given(st.dictionaries(KEYS, JSON_VALUES))
@example({"html": "<p>\ud800</p>", "author_name": "\udfff a"})
def test_any_json_object_is_read_or_refused(data):
    try:
        post = read_answer(TWEET, json.dumps(data).encode())
    except Unreadable:
        return
    for text in (post.text, post.author_name, post.title, post.raw_reply, *(link["text"] for link in post.links)):
        text.encode("utf-8")  # a database could keep it
        assert "\x00" not in text
    assert all(link["url"].startswith(("http://", "https://")) for link in post.links)


@pytest.mark.parametrize(
    "other", ["https://twitter.com/u/status/13", "https://evil.example/", "javascript:alert(1)", 7]
)
def test_an_address_of_another_post_is_not_taken_over(other):
    assert read_answer(TWEET, json.dumps({"author_name": "A", "url": other}).encode()).url == ""


@pytest.mark.parametrize(
    "author_url",
    [
        "https://x.com.evil.example/harbour",
        "https://evil.example/harbour",
        "https://x.com/har-bour",
        "https://x.com/a/b",
    ],
)
def test_a_handle_is_taken_only_from_the_platform_itself(author_url):
    assert read_answer(TWEET, json.dumps({"author_name": "A", "author_url": author_url}).encode()).author_handle == ""


@given(st.text())
def test_cleaning_text_twice_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert clean_line(clean_line(text)) == clean_line(text)


def test_emoji_with_joiners_and_marks_of_direction_stay():
    family = "👩\u200d👩\u200d👧 می\u200cخواهم \u200fא"
    assert clean_text(family) == family


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/relative",
        "https://",
        "https://a@evil.example/",
        "https://[::1",
        'https://a.example/"onmouseover=x',
        "https://a.example/<b>",
        "https://a.example/ b",
        "https://a.example/" + "a" * 3000,
        "",
    ],
)
def test_links_that_a_reader_should_not_follow_are_dropped(address):
    assert clean_link(address) == ""


def test_what_only_tracks_is_taken_off_a_link():
    assert clean_link("https://x.com/a?ref_src=twsrc%5Etfw") == "https://x.com/a"
    assert clean_link("https://x.com/a?b=c&ref_src=x") == "https://x.com/a?b=c"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("en", "en"),
        ("pt-BR", "pt-BR"),
        ("in", "id"),
        ("iw", "he"),
        ("und", ""),
        ("zxx", ""),
        ("qme", ""),
        ("<b>", ""),
        ("x", ""),
    ],
)
def test_language_codes_are_kept_where_they_mean_a_language(told, kept):
    assert clean_language(told) == kept
