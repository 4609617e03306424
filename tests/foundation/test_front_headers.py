"""What a front server answers itself carries what the site's own answers carry, and it knows the site's cookies."""

import re
from pathlib import Path

import pytest

from foundation import headers

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SITE, HTTP = (DEPLOY / "nginx" / f"{name}.conf.template" for name in ("site", "http"))
CADDY = DEPLOY / "caddy" / "Caddyfile"
TOLD = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": headers.PERMISSIONS,
}


def said_by_nginx(place: str) -> dict[str, str]:
    (block,) = re.findall(rf"location {re.escape(place)}.*?\n    }}", SITE.read_text(), re.DOTALL)
    return {name: value.strip('"') for name, value in re.findall(r'add_header ([\w-]+) ("[^"]*"|\S+) always;', block)}


@pytest.mark.parametrize(
    ("place", "policy", "shown_by"),
    [
        ("/static/ {", headers.INERT, "$front_shown_by"),
        ('~ "^/media/', headers.INERT, "cross-origin"),
        ("~ ^/front-", headers.INERT.removesuffix("; sandbox"), "same-origin"),
    ],
)
def test_nginx_says_of_its_own_answers_what_the_site_would(place, policy, shown_by):
    said = said_by_nginx(place)
    assert {name: said.get(name) for name in TOLD} == TOLD
    assert said["Content-Security-Policy"] == policy
    assert said["Cross-Origin-Resource-Policy"] == shown_by
    assert said["Strict-Transport-Security"] == "$front_hsts"


def test_caddy_says_it_too():
    (block,) = re.findall(r"\(standard\) {(.*?)\n}", CADDY.read_text(), re.DOTALL)
    said = {name: value.strip('"') for name, value in re.findall(r'header ([\w-]+) ("[^"]*"|\S+)', block)}
    assert {name: said.get(name) for name in TOLD} == TOLD
    assert said["Content-Security-Policy"] == headers.INERT
    assert CADDY.read_text().count("import standard\n") == 2


@pytest.mark.parametrize("path", ["/static/img/favicon.svg", "/static/img/share.0123456789ab.png"])
def test_pictures_may_be_shown_elsewhere_and_code_may_not(path):
    (told,) = re.findall(
        r'map \$uri \$front_shown_by {\s+"~(\S+)" cross-origin;\s+default same-origin;', HTTP.read_text()
    )
    assert re.search(told, path)
    assert not re.search(told, "/static/css/base.css")
    assert not re.search(told, "/static/js/svg.js")


@pytest.mark.parametrize("name", ["sessionid", "__Host-sessionid", "messages", "backs"])
def test_nginx_keeps_no_page_of_whoever_has_a_cookie_of_the_sites(name):
    (known,) = re.findall(r'map \$http_cookie \$front_known_reader {\s+"~(\S+.*?)" 1;', HTTP.read_text())
    assert re.search(known, f"{name}=1")
    assert re.search(known, f"a=b; {name}=1")
    assert not re.search(known, f"not{name}=1")


def test_the_session_has_one_of_those_names_with_https_and_without(settings):
    assert settings.SESSION_COOKIE_NAME == "sessionid"
    text = (DEPLOY.parent / "antiempire" / "settings.py").read_text()
    assert '("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")' in text
