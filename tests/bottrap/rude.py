"""
Crawlers that read no robots.txt, over real HTTP: in any order and over any number of connections at once. Counted is
what they were given before the site was closed to them, answers on their way included.
"""

import contextlib
import http.client
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html

ORDERS = ("breadth-first", "depth-first", "random")
AGENT = "a-crawler/1.0"
PATIENCE = 30


@dataclass
class Crawl:
    site: str
    address: str
    order: str
    connections: int = 1
    most: int = 200
    seed: int = 1
    start: str = "/"
    given: int = 0
    is_refused: bool = False
    _waiting: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _asking: int = 0

    def run(self) -> "Crawl":
        self._random = random.Random(self.seed)
        self._changed = threading.Condition()
        self._found([urljoin(self.site, self.start)])
        workers = [threading.Thread(target=self._work) for _ in range(self.connections)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return self

    def run_in_step(self) -> "Crawl":
        """The next pages are asked for when all of the last ones have come: no chance decides what it is given."""
        self._random = random.Random(self.seed)
        self._changed = threading.Condition()
        self._found([urljoin(self.site, self.start)])
        with ThreadPoolExecutor(self.connections) as pool:
            while self._waiting and not self._is_over():
                batch = [self._waiting.pop(self._place()) for _ in range(min(self.connections, len(self._waiting)))]
                for found in pool.map(self._ask_once, batch):
                    self._found(found)
        return self

    def _ask_once(self, url: str) -> list[str]:
        with contextlib.closing(self._connection()) as connection:
            return self._ask(connection, url)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=PATIENCE)

    def _work(self) -> None:
        connection = self._connection()
        while (url := self._next()) is not None:
            found = []
            try:
                found = self._ask(connection, url)
            except OSError:
                connection.close()
            finally:
                with self._changed:
                    self._asking -= 1
                    self._found(found)
                    self._changed.notify_all()
        connection.close()

    def _next(self) -> str | None:
        with self._changed:
            while not self._waiting and self._asking and not self._is_over():
                self._changed.wait(PATIENCE)
            if not self._waiting or self._is_over():
                return None
            self._asking += 1
            return self._waiting.pop(self._place())

    def _is_over(self) -> bool:
        return self.is_refused or self.given >= self.most

    def _place(self) -> int:
        if self.order == "random":
            return self._random.randrange(len(self._waiting))
        return -1 if self.order == "depth-first" else 0

    def _found(self, urls: list[str]) -> None:
        fresh = [url for url in dict.fromkeys(urls) if url not in self._seen]
        self._seen.update(fresh)
        self._waiting.extend(fresh)

    def _ask(self, connection: http.client.HTTPConnection, url: str) -> list[str]:
        parts = urlsplit(url)
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("GET", target, headers={"X-Forwarded-For": self.address, "User-Agent": AGENT})
        answer = connection.getresponse()
        body = answer.read()
        with self._changed:
            if answer.status == 403:
                self.is_refused = True
            else:
                self.given += 1
        if answer.status in (301, 302, 303, 307, 308):
            return self._own(url, [answer.headers.get("Location", "")])
        if not body or "html" not in (answer.headers.get("Content-Type") or ""):
            return []
        return self._own(url, html.fromstring(body).xpath("//a/@href"))

    def _own(self, url: str, links: list[str]) -> list[str]:
        targets = [urljoin(url, link).partition("#")[0] for link in links]
        return [target for target in targets if urlsplit(target).netloc == urlsplit(self.site).netloc]
