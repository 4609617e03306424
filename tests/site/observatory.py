"""
The rules of MDN's HTTP Observatory as points, for one answer: from 100, what is missing taken away, and what is good
added where no more than ten points were lost. Read from its scanner's own table (version 1.4.8 on the npm registry).
"""

import re
from http.cookies import SimpleCookie

PRIVATE_REFERRER = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
HALF_A_YEAR = 15_768_000


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): sources for name, *sources in parts}


def points(headers) -> dict[str, int]:
    """`headers` as of `http.client`: names in any case, and more than one cookie."""
    policy = directives(headers.get("Content-Security-Policy", ""))
    return {
        "policy": _policy(policy),
        "cookies": _cookies(headers.get_all("Set-Cookie") or []),
        "sharing": _sharing(headers),
        "transport": _transport(headers.get("Strict-Transport-Security", "")),
        "referrer": _referrer(headers.get("Referrer-Policy")),
        "type": 0 if headers.get("X-Content-Type-Options", "").lower() == "nosniff" else -5,
        "frames": _frames(policy, headers.get("X-Frame-Options", "")),
        "resource": {None: 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}.get(
            headers.get("Cross-Origin-Resource-Policy"), -5
        ),
    }


def score(headers) -> int:
    given = points(headers).values()
    lost = sum(each for each in given if each < 0)
    won = sum(each for each in given if each > 0)
    return 100 + lost + (won if lost >= -10 else 0)


def _policy(policy: dict[str, list[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", ["*"])
    script, objects = policy.get("script-src", default), policy.get("object-src", default)
    style = policy.get("style-src", default)
    held = {source for sources in (script, style) for source in sources if re.match(r"'(nonce|sha\d+)-", source)}
    unsafe = {"data:"} if held else {"'unsafe-inline'", "data:"}
    if set(script) & (BROAD | unsafe) or set(objects) & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for sources in policy.values() for source in sources):
        return -20
    if "'unsafe-eval'" in {*script, *style}:
        return -10
    if set(style) & (BROAD | unsafe):
        return 0
    return 10 if default == ["'none'"] else 5


def _cookies(lines: list[str]) -> int:
    if not lines:
        return 0
    cookies = [morsel for line in lines for morsel in SimpleCookie(line).values()]
    if not all(cookie["secure"] for cookie in cookies):
        return -40
    if not all(cookie["httponly"] for cookie in cookies if re.search("sess|desk", cookie.key)):
        return -30
    return 5 if all(cookie["samesite"] in ("Lax", "Strict") for cookie in cookies) else -20


def _sharing(headers) -> int:
    is_any = headers.get("Access-Control-Allow-Origin") is not None
    return -50 if is_any and headers.get("Access-Control-Allow-Credentials") == "true" else 0


def _transport(told: str) -> int:
    found = re.search(r"max-age=(\d+)", told)
    if not found:
        return -20
    return 0 if int(found[1]) >= HALF_A_YEAR else -10


def _referrer(told: str | None) -> int:
    if told is None:
        return 0
    return 5 if told in PRIVATE_REFERRER else -5


def _frames(policy: dict[str, list[str]], told: str) -> int:
    if "frame-ancestors" in policy and not set(policy["frame-ancestors"]) & BROAD:
        return 5
    return 0 if told.upper() in ("DENY", "SAMEORIGIN") else -20
