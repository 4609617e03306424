"""What every answer carries, whoever makes it."""

import pytest
from django.test import Client

from foundation import headers
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = {
    "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy", "Permissions-Policy", "X-Frame-Options",
}  # fmt: skip


def test_an_answer_made_in_front_of_django_says_what_django_says(client):
    factories.published()
    response = client.get("/")
    assert dict(headers.standard_headers()) == {name: response[name] for name in NAMES}


@pytest.mark.parametrize(
    ("path", "status", "policy"),
    [
        ("/", 200, "same-origin"),
        ("/nothing/", 404, "same-origin"),
        ("/corrections", 301, "same-origin"),
        ("/feed/", 200, "cross-origin"),
        ("/atom/", 200, "cross-origin"),
        ("/sitemap.xml", 200, "cross-origin"),
        ("/robots.txt", 200, "same-origin"),
        ("/admin/login/", 200, "same-origin"),
        ("/favicon.ico", 302, "same-origin"),
    ],
)
def test_feeds_and_sitemaps_may_be_read_elsewhere_and_pages_may_not(client, path, status, policy):
    factories.published()
    response = client.get(path)
    assert (response.status_code, response["Cross-Origin-Resource-Policy"]) == (status, policy)
    assert {name for name in NAMES if name not in response} == set()


def test_a_picture_for_one_person_is_not_shown_elsewhere():
    assert headers.resource_policy("image/png") == "cross-origin"
    assert headers.resource_policy("image/png", "private") == "same-origin"
    assert headers.resource_policy("image/png", "no-store, max-age=0") == "same-origin"


def test_no_page_asks_for_isolation_that_would_break_video_frames(client):
    assert "Cross-Origin-Embedder-Policy" not in client.get("/")
    assert "Cross-Origin-Embedder-Policy" not in dict(headers.standard_headers())


def test_a_forged_host_is_refused_under_the_same_headers():
    response = Client(raise_request_exception=False).get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert {name for name in NAMES if name not in response} == set()


def test_secure_transport_is_told_where_there_is_https(settings):
    assert "Strict-Transport-Security" not in dict(headers.standard_headers())
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    told = dict(headers.standard_headers())["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains; preload"
