"""
Every public address, with the headers it is sent with and what its HTML asks a browser to load. The table of routes
must be complete, so that a new page cannot be forgotten here.
"""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from articles import previews
from articles.embeds import providers, snapshot
from articles.models import Addendum, Embed, Masthead, Page, Redirect
from articles.querysets import ArticleQuerySet
from articles.rendering import render_page
from articles.theme import fingerprint
from bottrap import trap_links
from tests import factories
from tests.accounts.pages import ACCOUNT_PAGES
from tests.comments.pages import MODERATOR_PAGES, PERSON_PAGES, READER_PAGES
from tests.donations.test_form_pages import FORM_PAGES

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
LOADING_LINKS = {"stylesheet", "icon", "apple-touch-icon", "preload", "modulepreload", "manifest", "prefetch"}
TWEET = "https://x.com/somebody/status/1233333333333333333"
VIDEO = "https://www.youtube.com/watch?v=aaaaaaaaaaa"


def embed_source(address: str) -> str:
    return f'<div data-embed="{address}"><a href="{address}">{address}</a></div>'


def captured(address: str, **fields) -> Embed:
    """A snapshot as it stands once the platform has answered."""
    embed = snapshot.remember(providers.recognise(address))
    for name, value in {"state": Embed.State.BY_HAND, "author_name": "Somebody", "text": "Words", **fields}.items():
        setattr(embed, name, value)
    embed.save()
    snapshot.write_html(embed)
    return embed


@pytest.fixture
def article(db):
    body = f"<p>Words</p><h2>Heading</h2>{embed_source(TWEET)}{embed_source(VIDEO)}"
    article = factories.published(tags=[factories.tag()], lead_note="<p>A note.</p>", body=body)
    factories.addendum(article)
    factories.addendum(article, kind=Addendum.Kind.CORRECTION)
    captured(TWEET)
    return article


@pytest.fixture
def addresses(article, monkeypatch):
    """The address of every public route, by the route's name."""
    monkeypatch.setattr(settings, "DEMO", True)  # or the demo's page is not found
    year, month, slug = place = article.public_path.split("/")
    section, author = article.section.slug, article.authors.get().slug
    about = Page.objects.create(title="About", slug="about-us", body="<p>About</p>")
    render_page(about)
    link = previews.create(article, by=factories.editor(), lasts=dt.timedelta(days=1))
    plain = "home archive search corrections feed atom updates_feed corrections_feed sitemap sitemap_pages news_sitemap"
    money = "figures figures_csv figures_json how backers"
    return {
        **{name: reverse(name) for name in [*plain.split(), *money.split(), "robots", "demo_letters", "security_txt"]},
        **{name: reverse(name, args=place) for name in ("article", "updates_poll", "article_history")},
        **{name: reverse(name, args=[section]) for name in ("section", "section_feed", "section_atom")},
        **{name: reverse(name, args=[author]) for name in ("author", "author_feed", "author_atom")},
        **{name: reverse(name, args=[year, month]) for name in ("month_archive", "sitemap_month")},
        "article_version": reverse("article_version", args=[*place, 1]),
        "tag": reverse("tag", args=[article.tags.get().slug]),
        "theme": reverse("theme", args=[fingerprint(Masthead.load().accent_colour)]),
        "preview": previews.address(link).removeprefix(settings.SITE_URL),
        "play": reverse("play", args=[captured(VIDEO).pk]),
        "page": about.get_absolute_url(),
        "trap": trap_links.first(),
        "comments_on": f"{reverse('comments_on', args=[article.uid])}?sort=newest",
        "comments_feed": reverse("comments_feed"),
        "comments_feed_on": reverse("comments_feed_on", args=[article.uid]),
    }


def public_routes() -> set[str]:
    """
    But for those with a form, which are never stored (tests/donations/test_form_pages.py, tests/accounts/pages.py and
    tests/comments/pages.py, tests/bottrap/test_digest.py), Stripe's own door, and the way out for whoever is banned
    (tests/bottrap/test_banned_page.py).
    """
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    own_tests = FORM_PAGES.keys() | ACCOUNT_PAGES.keys() | PERSON_PAGES | READER_PAGES | MODERATOR_PAGES
    return names - {"media", "favicon", "stripe_webhook", "banned", "stop_trap_letters"} - own_tests


def directives(response) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


def loaded_from_elsewhere(page: str) -> list[str]:
    """What a browser would fetch by itself from an address that is not ours."""
    tree = html.fromstring(page)
    found = tree.xpath("//*/@src | //*/@poster | //object/@data | //@srcset | //@background")
    found += [link.get("href") for link in tree.iter("link") if set(link.get("rel", "").split()) & LOADING_LINKS]
    addresses = [address for value in found for address in re.split(r"\s+(?:[\d.]+[wx])?,?\s*", value) if address]
    return [address for address in addresses if not is_ours(address)]


def is_ours(address: str) -> bool:
    return re.match(r"/(?!/)", address) is not None or address.startswith(f"{settings.SITE_URL}/")


def inline_code(page: str) -> list[str]:
    tree = html.fromstring(page)
    scripts = [s for s in tree.iter("script") if not s.get("src") and s.get("type") != "application/ld+json"]
    attributes = tree.xpath("//@style | //@*[starts-with(name(), 'on')]")
    return [html.tostring(node).decode() for node in [*scripts, *tree.iter("style")]] + attributes


def test_the_table_names_every_public_route(addresses):
    assert addresses.keys() == public_routes()


def test_the_icon_is_where_browsers_look_without_asking(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response.url) == (302, "/static/img/favicon.svg")
    assert directives(response) >= POLICY


def test_every_public_page_answers_under_the_closed_policy(client, addresses):
    wrong = {}
    for name, address in addresses.items():
        response = client.get(address)
        if response.status_code != 200 or (name != "play" and not directives(response) >= POLICY):
            wrong[address] = response.status_code, response.headers.get("Content-Security-Policy")
    assert wrong == {}


def test_nobody_can_write_to_a_public_page(addresses):
    stranger = Client(enforce_csrf_checks=True)
    answers = {name: stranger.post(address, {"a": "b"}).status_code for name, address in addresses.items()}
    assert {name: status for name, status in answers.items() if status != 405} == {}


def test_the_desk_still_asks_for_a_token(db):
    assert Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"}).status_code == 403


def test_no_policy_of_a_public_page_allows_anything_inline_or_foreign(client, addresses):
    policies = {name: client.get(address).headers["Content-Security-Policy"] for name, address in addresses.items()}
    del policies["play"]
    assert [name for name, policy in policies.items() if re.search(r"unsafe|nonce|sha256|https?:|\*", policy)] == []


def test_public_html_holds_no_inline_code_and_loads_nothing_from_elsewhere(client, addresses):
    pages = {name: client.get(address) for name, address in addresses.items() if name != "play"}
    texts = {name: page.text for name, page in pages.items() if page["Content-Type"].startswith("text/html")}
    assert len(texts) >= 12
    assert {name: code for name, text in texts.items() if (code := inline_code(text))} == {}
    assert {name: found for name, text in texts.items() if (found := loaded_from_elsewhere(text))} == {}


@pytest.mark.parametrize(
    "page",
    [
        '<p><img src="https://elsewhere.example/a.png">',
        '<p><img srcset="/a.png 1x, //elsewhere.example/a.png 2x">',
        '<link rel="stylesheet" href="http://elsewhere.example/a.css">',
        '<p><iframe src="https://elsewhere.example/">',
    ],
)
def test_the_search_for_foreign_addresses_finds_them(page):
    assert loaded_from_elsewhere(page)


@pytest.mark.parametrize("page", ["<script>x</script>", '<p style="x">', "<p onclick='x'>", "<style>p{}</style><p>"])
def test_the_search_for_inline_code_finds_it(page):
    assert inline_code(page)


def test_only_the_players_page_may_show_a_foreign_frame(client, addresses):
    response = client.get(addresses["play"])
    (frames,) = [part for part in directives(response) if part.startswith("frame-src")]
    assert re.fullmatch(r"frame-src https://[\w.-]+", frames)
    assert "no-store" in response.headers["Cache-Control"]


def test_the_closed_policy_holds_for_errors_and_redirects_too(client, db, monkeypatch):
    client.raise_request_exception = False
    gone = factories.withdrawn()
    Redirect.objects.create(old_path="/old/", new_path="/corrections/")
    answers = [(404, client.get("/2020/01/nothing/")), (410, client.get(gone.get_absolute_url()))]
    answers += [(301, client.get("/old/")), (301, client.get("/corrections"))]

    def break_down(self):
        raise RuntimeError("for the test")

    monkeypatch.setattr(ArticleQuerySet, "published", break_down)
    answers.append((500, client.get("/")))
    for status, response in answers:
        assert response.status_code == status, response.request["PATH_INFO"]
        assert directives(response) >= POLICY
        if status >= 400:
            assert inline_code(response.text) == []
            assert loaded_from_elsewhere(response.text) == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_the_home_page_carries_the_protective_headers(client, article, header, value):
    assert client.get("/").headers[header] == value


def test_public_pages_set_no_cookie(client, addresses):
    assert {name for name, address in addresses.items() if client.get(address).cookies} == set()
