"""
Visits of people and their programs to pages that carry the trap, as lists of requests. Each comes from an address of
its own, of the open internet. What Chromium sent was recorded (`chromium.py`); the others' headers are written down.
"""

import http.client
import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

try:
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA
except ImportError:  # the list of agents is not locked: without it those known to `bottrap.signals` come alone
    CRAWLER_USER_AGENTS_DATA = []

from bottrap.paths import TRAP

PATIENCE = 60
DOCUMENT = {
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-User": "?1",
    "Upgrade-Insecure-Requests": "1",
}
TYPED = {**DOCUMENT, "Sec-Fetch-Site": "none"}
HTML = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.5",
}

_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_OLD = {"Upgrade-Insecure-Requests": "1"}
_NOT_TOLD_BY_SAFARI = {name: value for name, value in DOCUMENT.items() if name != "Sec-Fetch-User"}
# What each says of itself, with a link that was followed and with an address that was typed or opened in a tab.
BROWSERS = {
    "Firefox 140": ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", DOCUMENT, TYPED),
    "Firefox 60": ("Mozilla/5.0 (Windows NT 6.1; rv:60.0) Gecko/20100101 Firefox/60.0", _OLD, _OLD),
    "Safari 18": (f"{_MAC} Version/18.5 Safari/605.1.15", _NOT_TOLD_BY_SAFARI, TYPED),
    "Safari 15": (f"{_MAC} Version/15.6 Safari/605.1.15", _OLD, _OLD),
}
# They say nothing of themselves: what somebody does there once is forgiven, what is done on and on is not.
SILENT = [
    "Lynx/2.9.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/3.5.0",
    "w3m/0.5.3+git20230121",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
]
READERS = [
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html)",
    "NetNewsWire (RSS Reader)",
    "Miniflux/2.2 (+https://miniflux.app)",
]
KNOWN_PREVIEWS = ["facebookexternalhit/1.1", "Slackbot 1.0", "WhatsApp/2.23.20.0", "Twitterbot/1.0", "TelegramBot"]
OTHERS = ["curl/8.14.1", "python-requests/2.32.5", "Wget/1.25.0", *KNOWN_PREVIEWS]
AHEAD = [
    {"X-Moz": "prefetch"},
    {"Purpose": "prefetch"},
    {"X-Purpose": "preview"},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Sec-Purpose": "prefetch;anonymous-client-ip"},
]
EMBEDDED = [
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    for mode, dest in (("no-cors", "image"), ("navigate", "iframe"), ("cors", "empty"), ("no-cors", "script"))
]
FOREIGN = {"Referer": "https://elsewhere.example/page"}


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    method: str = "GET"


@dataclass(frozen=True)
class Visit:
    kind: str
    requests: list[Request]


@dataclass(frozen=True)
class Links:
    """Those of today: on every page, and on the warning. `stale` stood on a page that was stored yesterday."""

    firsts: list[str]
    second: str
    stale: str

    @property
    def all(self) -> list[str]:
        return [*self.firsts, self.second]


@dataclass
class Outcome:
    visits: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)  # by kind


def preview_agents() -> list[str]:
    """
    Agents of those who draw cards of links. Two that the list takes for such gather texts for models, and are robots
    like others; one is a browser inside an app, which says so in other headers.
    """
    told = [
        agent
        for one in CRAWLER_USER_AGENTS_DATA
        if "social-preview" in one.get("tags", [])
        for agent in one["instances"]
    ]
    known = [
        agent
        for agent in told
        if not any(word in agent for word in ("meta-externalagent", "meta-webindexer", "MetaIAB"))
    ]
    return known or KNOWN_PREVIEWS


def all_agents() -> list[str]:
    return [agent for one in CRAWLER_USER_AGENTS_DATA for agent in one.get("instances", [])] or OTHERS


# What people do, and their programs for them


def visits(links: Links, recorded: list[Visit], count: int, seed: int = 1) -> Iterator[Visit]:
    """A quarter of them is what Chromium did; every known agent comes at least once if `count` allows it."""
    chance = random.Random(seed)
    agents, previews = itertools.cycle(all_agents()), itertools.cycle(preview_agents())
    kinds: list[Callable[[], Visit]] = [
        *[lambda: chance.choice(recorded)] * 4,
        *[lambda: pasted_once(links, next(agents), chance)] * 4,
        lambda: previewed(links, next(previews)),
        lambda: mistaken(links, chance),
        lambda: opens_everything(links, chance),
        lambda: fetched_ahead(links, chance),
        lambda: embedded_elsewhere(links, chance),
        lambda: sent_from_elsewhere(links, chance),
        lambda: shares_an_address(links, chance),
        lambda: checks_links(links),
        lambda: reads_feeds(chance),
        lambda: kept_from_yesterday(links, chance),
    ]
    if not recorded:
        kinds = kinds[4:]
    for number in range(count):
        yield kinds[number % len(kinds)]()


def _browser(chance: random.Random, *, typed: bool = False) -> dict[str, str]:
    agent, followed, opened = chance.choice(list(BROWSERS.values()))
    return {"User-Agent": agent, **HTML, **(opened if typed else followed)}


def _here(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "Referer": "{site}/"}


def mistaken(links: Links, chance: random.Random) -> Visit:
    """One link once, looked at again, and back; a third of them with a program that says nothing of itself."""
    silent = chance.random() < 1 / 3
    headers = {"User-Agent": chance.choice(SILENT)} if silent else _browser(chance)
    link = Request(chance.choice(links.firsts), _here(headers))
    return Visit("one link by mistake", [Request("/", headers), link, link, Request("/archive/", headers)])


def opens_everything(links: Links, chance: random.Random) -> Visit:
    headers = _browser(chance, typed=chance.random() < 0.5)
    opened = [Request(link, headers) for link in links.firsts]
    return Visit("every link of two pages opened", [Request("/", headers), *opened, opened[0]])


def fetched_ahead(links: Links, chance: random.Random) -> Visit:
    marked = {**_browser(chance), **chance.choice(AHEAD)}
    return Visit("every link fetched ahead", [Request(link, _here(marked)) for link in links.all])


def embedded_elsewhere(links: Links, chance: random.Random) -> Visit:
    headers = {**_browser(chance), **chance.choice(EMBEDDED), **FOREIGN}
    return Visit("embedded elsewhere", [Request(link, headers) for link in links.all])


def sent_from_elsewhere(links: Links, chance: random.Random) -> Visit:
    """By links, forms and redirects; where a browser says no more, by what it says of the page before."""
    mark = {"Sec-Fetch-Site": "cross-site"} if chance.random() < 0.5 else FOREIGN
    headers = {**_browser(chance), **mark}
    return Visit("sent there by another site", [Request(link, headers) for link in links.all])


def pasted_once(links: Links, agent: str, chance: random.Random) -> Visit:
    link, headers = chance.choice(links.all), {"User-Agent": agent}
    return Visit("a pasted link, any agent", [Request(link, headers, "HEAD"), Request(link, headers)])


def previewed(links: Links, agent: str) -> Visit:
    return Visit("every link pasted, a preview's agent", [Request(link, {"User-Agent": agent}) for link in links.all])


def shares_an_address(links: Links, chance: random.Random) -> Visit:
    """A household or a carrier: some browsers and one silent program, each once."""
    people = [_browser(chance) for _ in range(chance.randrange(2, 6))]
    requests = [Request(chance.choice(links.firsts), _here(headers)) for headers in people]
    requests.append(Request(chance.choice(links.firsts), {"User-Agent": chance.choice(SILENT)}))
    chance.shuffle(requests)
    return Visit("several people, one address", requests)


def checks_links(links: Links) -> Visit:
    return Visit(
        "links checked by HEAD", [Request(link, {"User-Agent": "linkcheck/1.0"}, "HEAD") for link in links.all]
    )


def reads_feeds(chance: random.Random) -> Visit:
    headers = {"User-Agent": chance.choice(READERS)}
    return Visit("a feed reader", [Request(path, headers) for path in ("/feed/", "/atom/", "/updates/feed/")])


def kept_from_yesterday(links: Links, chance: random.Random) -> Visit:
    headers = _here(_browser(chance))
    return Visit(
        "a page of yesterday and one of today", [Request(links.stale, headers), Request(links.firsts[-1], headers)]
    )


# Playing them


def play(site: str, visits_: Iterable[Visit], *, connections: int = 6) -> Outcome:
    """Each from the next address; whoever meets a 403 counts as refused."""
    waiting, lock, outcome = enumerate(visits_), threading.Lock(), Outcome()

    def work():
        connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=PATIENCE)
        while True:
            with lock:
                number, visit = next(waiting, (0, None))
            if visit is None:
                break
            statuses = [_ask(connection, site, address(number), request) for request in visit.requests]
            with lock:
                outcome.visits[visit.kind] += 1
                outcome.statuses.update(statuses)
                outcome.refused[visit.kind] += 403 in statuses
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(connections)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return outcome


def address(number: int) -> str:
    """Of the open internet, and of nobody else in this run; each fifth speaks IPv6."""
    if number % 5 == 4:
        return f"2606:2800:{number // 65536:x}:{number % 65536:x}::{number % 9 + 1}"
    return f"93.{185 + number // 60000}.{number // 250 % 240}.{number % 250 + 1}"


def _ask(connection: http.client.HTTPConnection, site: str, who: str, request: Request) -> int:
    headers = {name: value.replace("{site}", site) for name, value in request.headers.items()}
    headers |= {"X-Forwarded-For": who, "X-Forwarded-Proto": "http"}
    headers = {name: value.encode("latin-1", "replace").decode("latin-1") for name, value in headers.items()}
    connection.request(request.method, request.path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def touches(visit: Visit) -> bool:
    return any(request.path.startswith(TRAP) for request in visit.requests)
