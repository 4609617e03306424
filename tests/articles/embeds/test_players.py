import datetime as dt

import pytest

from articles import publishing
from articles.embeds import snapshot
from articles.embeds.providers import recognise
from articles.models import Embed, Page
from articles.rendering import render_article, render_page
from foundation import clock
from tests import factories
from tests.articles.embeds.conftest import VIDEO

BODY = f'<p>See</p><div data-embed="{VIDEO}"></div>'

pytestmark = pytest.mark.django_db


@pytest.fixture
def unused_film(video):
    embed = snapshot.remember(video)
    embed.title = 'A "film" <b>'
    embed.save()
    return embed


@pytest.fixture
def film(unused_film):
    factories.published(body=BODY)
    return unused_film


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
    embed = snapshot.remember(tweet)
    factories.published(body=f'<div data-embed="{embed.url}"></div>')
    assert client.get(f"/play/{embed.pk}/").status_code == 404


def status_of(client, film):
    return client.get(f"/play/{film.pk}/").status_code


class TestWhatReadersCannotSeeYet:
    def test_a_film_that_stands_nowhere_is_not_found(self, client, unused_film):
        assert status_of(client, unused_film) == 404

    def test_a_film_is_found_once_its_article_is_out(self, client, unused_film):
        article = factories.draft(body=BODY)
        assert status_of(client, unused_film) == 404
        publishing.publish(article, by=None)
        assert status_of(client, unused_film) == 200

    def test_a_film_of_a_scheduled_article_is_not_found(self, client, unused_film):
        factories.published(body=BODY, at=clock.now() + dt.timedelta(hours=1))
        assert status_of(client, unused_film) == 404

    def test_a_film_of_a_withdrawn_article_is_not_found(self, client, unused_film):
        factories.withdrawn(body=BODY)
        assert status_of(client, unused_film) == 404

    def test_a_film_in_an_update_waits_for_the_update(self, client, unused_film):
        article = factories.published()
        row = factories.draft_addendum(article, body=BODY)
        render_article(article)
        assert status_of(client, unused_film) == 404
        publishing.publish_addendum(row)
        assert status_of(client, unused_film) == 200

    def test_an_update_shows_nothing_once_its_article_is_withdrawn(self, client, unused_film):
        article = factories.published()
        factories.addendum(article, body=BODY)
        assert status_of(client, unused_film) == 200
        publishing.withdraw(article, by=None)
        assert status_of(client, unused_film) == 404

    @pytest.mark.parametrize(("is_public", "status"), [(True, 200), (False, 404)])
    def test_a_film_on_a_page_follows_the_page(self, client, unused_film, is_public, status):
        render_page(Page.objects.create(title="About", slug="about-us", body=BODY, is_public=is_public))
        assert status_of(client, unused_film) == status

    def test_a_writer_sees_it_in_a_draft(self, client, unused_film):
        factories.draft(body=BODY)
        client.force_login(factories.member_of("Author"))
        assert status_of(client, unused_film) == 200

    def test_a_login_that_may_not_see_posts_is_a_reader(self, client, unused_film):
        client.force_login(factories.member_of("Moderator"))
        assert status_of(client, unused_film) == 404

    def test_somebody_who_left_the_desk_is_a_reader(self, client, unused_film):
        user = factories.member_of("Author")
        user.is_staff = False
        user.save()
        client.force_login(user)
        assert status_of(client, unused_film) == 404


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
    factories.published(body=f'<div data-embed="{address}"></div>')
    assert f"frame-src {frame};" in client.get(f"/play/{embed.pk}/").headers["Content-Security-Policy"]
