import pytest

from articles.embeds import snapshot
from articles.embeds.providers import recognise
from articles.models import Embed

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(video):
    embed = snapshot.remember(video)
    embed.title = 'A "film" <b>'
    embed.save()
    return embed


def test_the_player_page_opens_one_foreign_frame_and_nothing_else(client, film):
    response = client.get(f"/play/{film.pk}/")
    assert response.status_code == 200
    assert b'src="https://www.youtube-nocookie.com/embed/aB3_x-9ZkLm?autoplay=1&amp;rel=0"' in response.content
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "frame-src": "https://www.youtube-nocookie.com",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }


def test_only_our_own_pages_may_frame_it_and_nobody_keeps_it(client, film):
    headers = client.get(f"/play/{film.pk}/").headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_title_is_escaped(client, film):
    assert b"<b>" not in client.get(f"/play/{film.pk}/").content


def test_an_ordinary_page_frames_nothing_foreign(client, film):
    assert "frame-src 'self'" in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "fields", [{"choice": "removed"}, {"choice": "text_only"}, {"availability": "gone"}, {"is_sample": True}]
)
def test_a_video_that_we_do_not_show_is_not_found(client, film, fields):
    Embed.objects.filter(pk=film.pk).update(**fields)
    assert client.get(f"/play/{film.pk}/").status_code == 404


def test_what_is_no_video_is_not_found(client, tweet):
    assert client.get(f"/play/{snapshot.remember(tweet).pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "99999", "999999999999999999999", "x", "-1", "1.5"])
def test_numbers_of_no_embed_are_not_found(client, number):
    assert client.get(f"/play/{number}/").status_code == 404


def test_nothing_is_posted_to_a_player(client, film):
    assert client.post(f"/play/{film.pk}/").status_code == 405


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("https://vimeo.com/7654321/abcdef0123", "https://player.vimeo.com"),
        ("https://www.tiktok.com/@t/video/7100000000000000001", "https://www.tiktok.com"),
    ],
)
def test_each_provider_gets_its_own_frame(client, address, frame):
    embed = snapshot.remember(recognise(address))
    assert f"frame-src {frame};" in client.get(f"/play/{embed.pk}/").headers["Content-Security-Policy"]
