"""A crawler of a few lines over real HTTP: it follows every link of the site that it finds in the HTML."""

import urllib.error
import urllib.request
from collections import deque
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from lxml import html

PROXY_HEADER = "X-Forwarded-For"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_, **__):
        return None


_opener = urllib.request.build_opener(NoRedirect)


def ask(url: str, address: str, *, method: str = "GET", data: bytes | None = None, **headers):
    """Status, headers and body, whatever the status is."""
    marks = {PROXY_HEADER: address, "User-Agent": "a-crawler/1.0", **headers}
    request = urllib.request.Request(url, data=data, method=method, headers=marks)
    try:
        with _opener.open(request, timeout=20) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read()


def crawl(start: str, address: str, *, polite: bool, newest_first: bool, most: int = 60) -> tuple[int, bool]:
    """How many pages were asked for, and whether the last one was refused."""
    robots = RobotFileParser()
    robots.parse(ask(f"{start}/robots.txt", address)[2].decode().splitlines())
    waiting, seen, count = deque([f"{start}/"]), {f"{start}/"}, 0
    while waiting and count < most:
        url = waiting.pop() if newest_first else waiting.popleft()
        if polite and not robots.can_fetch("a-crawler/1.0", url):
            continue
        count += 1
        status, headers, body = ask(url, address)
        if status == 403:
            return count, True
        if not (headers.get("Content-Type") or "").startswith("text/html") or not body:
            continue
        for link in html.fromstring(body).xpath("//a/@href"):
            target = urljoin(url, link).partition("#")[0]
            if urlsplit(target).netloc == urlsplit(start).netloc and target not in seen:
                seen.add(target)
                waiting.append(target)
    return count, False
