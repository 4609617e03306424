"""Every kind of answer of the real server, behind a proxy with TLS, judged by the rules of MDN's HTTP Observatory."""

from email.message import Message

import pytest

from tests.bottrap.crawling import ask
from tests.bottrap.serving import running
from tests.site import observatory

READER, BANNED = "93.184.20.1", "93.184.20.2"
# Public pictures, feeds and sitemaps are there to be shown elsewhere, and so forgo ten points on purpose.
A_PAGE, SHOWN_ELSEWHERE = 130, 120
PREPARE = """
import itertools
from articles import images
from tests import factories
from tests.articles.images import files
factories._count = itertools.count(1000)  # three articles are there already
article, gone = factories.published(), factories.withdrawn()
image = images.store(files.encoded(files.picture()), title="A picture")
print(article.get_absolute_url(), gone.get_absolute_url(), images.address(image))
"""
HTTPS = {"X-Forwarded-Proto": "https"}


class Served:
    def __init__(self, site):
        self.site = site
        self.article, self.gone, self.picture = site.shell(PREPARE).split()

    def ask(self, path: str, address: str = READER, **more):
        return ask(f"{self.site.address}{path}", address, **{**HTTPS, **more})


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("observatory")
    style = folder / "static" / "css" / "base.css"
    style.parent.mkdir(parents=True)
    style.write_text("p { color: red }")
    environ = {
        "HTTPS": "true",
        "BEHIND_TLS_PROXY": "true",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "PAGE_CACHE_URL": f"file://{folder / 'pages'}",
        "PAGE_CACHE_FOLDER": str(folder / "board"),
    }
    with running(folder, **environ) as site:
        yield Served(site)


KINDS = {
    "a page": ("/", 200, A_PAGE),
    "a page that is stored": ("/", 200, A_PAGE),
    "an article": ("article", 200, A_PAGE),
    "a page that moved": ("/corrections", 301, A_PAGE),
    "another address": ("/favicon.ico", 302, A_PAGE),
    "a page that is not there": ("/2020/01/nothing/", 404, A_PAGE),
    "a page that is gone": ("gone", 410, A_PAGE),
    "the ask": ("/support/", 200, A_PAGE),
    "the account": ("/account/sign-in/", 200, A_PAGE),
    "the desk's door": ("/admin/login/", 200, A_PAGE),
    "the desk, closed": ("/admin/", 302, A_PAGE),
    "robots": ("/robots.txt", 200, A_PAGE),
    "whom to tell": ("/.well-known/security.txt", 200, A_PAGE),
    "the process": ("/healthz", 200, A_PAGE),
    "figures": ("/support/figures.json", 200, A_PAGE),
    "a style sheet": ("/static/css/base.css", 200, A_PAGE),
    "a file that is not there": ("/static/css/nothing.css", 404, A_PAGE),
    "a feed": ("/feed/", 200, SHOWN_ELSEWHERE),
    "another feed": ("/atom/", 200, SHOWN_ELSEWHERE),
    "a sitemap": ("/sitemap.xml", 200, SHOWN_ELSEWHERE),
    "a picture": ("picture", 200, SHOWN_ELSEWHERE),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_its_points(served, kind):
    path, expected, least = KINDS[kind]
    status, headers, _body = served.ask(getattr(served, path, path))
    assert status == expected
    assert observatory.score(headers) >= least, observatory.points(headers)


@pytest.mark.parametrize(
    ("method", "path", "data", "expected"),
    [
        ("HEAD", "/", None, 200),
        ("POST", "/", b"a=b", 405),
        ("POST", "/admin/login/", b"a=b", 403),
        ("GET", "/", None, 400),
    ],
)
def test_refusals_have_them_too(served, method, path, data, expected):
    more = {"Host": "elsewhere.example"} if expected == 400 else {}
    status, headers, _body = served.ask(path, method=method, data=data, **more)
    assert status == expected
    assert observatory.score(headers) >= A_PAGE, observatory.points(headers)


def test_the_page_for_whoever_is_banned_has_them_too(served):
    served.site.shell(
        f"from bottrap import bans, networks; bans.ban(networks.of_client('{BANNED}'), reason='for the test')"
    )
    status, headers, _body = served.ask("/", BANNED)
    assert status == 403
    assert observatory.score(headers) >= A_PAGE, observatory.points(headers)


def test_an_answer_that_says_nothing_changed_has_them_too(served):
    _status, headers, _body = served.ask("/static/css/base.css")
    status, headers, body = served.ask("/static/css/base.css", **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")
    assert observatory.score(headers) >= A_PAGE, observatory.points(headers)


def test_plain_http_leads_to_https_on_the_same_host(served):
    status, headers, _body = ask(f"{served.site.address}/archive/", READER)
    assert (status, headers["Location"]) == (301, served.site.address.replace("http:", "https:") + "/archive/")


def test_cookies_belong_to_this_host_alone(served):
    _status, headers, _body = served.ask("/admin/login/")
    (cookie,) = headers.get_all("Set-Cookie")
    assert cookie.startswith("__Host-csrftoken=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("name", "value", "lost"),
    [
        ("Content-Security-Policy", None, 40),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'", 30),
        ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'", 5),
        ("Strict-Transport-Security", None, 50),
        ("Strict-Transport-Security", "max-age=600", 10),
        ("X-Content-Type-Options", None, 5),
        ("Referrer-Policy", "unsafe-url", 10),
        ("Cross-Origin-Resource-Policy", None, 10),
        ("Set-Cookie", "sessionid=1; HttpOnly; SameSite=Lax", 70),
    ],
)
def test_the_rules_see_what_is_missing(served, name, value, lost):
    """With a header away or bad, the same page has fewer points, or these tests would show nothing."""
    _status, told, _body = served.ask("/")
    headers = Message()
    for each, said in told.items():
        if each.lower() != name.lower():
            headers[each] = said
    if value:
        headers[name] = value
    assert observatory.score(headers) <= observatory.score(told) - min(lost, 20)
    assert observatory.score(headers) < A_PAGE
