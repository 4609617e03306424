"""Facts about the article with 200 comments that no machine changes: bytes, requests, hosts."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import html

MOST_BYTES, MOST_REQUESTS = 30_000, 6
FETCHED = {
    "//link[@rel='stylesheet']": "href",
    "//link[@rel='icon']": "href",
    "//script[@src]": "src",
    "//img[not(@loading='lazy')]": "src",
    "//iframe": "src",
}


@dataclass
class Facts:
    on_the_wire: int
    requests: list[str] = field(default_factory=list)  # beside the page itself
    hosts: set[str] = field(default_factory=set)
    comments: int = 0

    @property
    def faults(self) -> list[str]:
        found = []
        if self.on_the_wire > MOST_BYTES:
            found.append(f"{self.on_the_wire:,} bytes of HTML on the wire, more than {MOST_BYTES:,}")
        if 1 + len(self.requests) > MOST_REQUESTS:
            found.append(f"{1 + len(self.requests)} requests: {self.requests}")
        if self.hosts:
            found.append(f"other hosts are asked: {sorted(self.hosts)}")
        if self.comments < 200:
            found.append(f"only {self.comments} comments stand in the page without a script")
        return found


def of_page(page: bytes, packed: bytes) -> Facts:
    tree = html.fromstring(page)
    asked = [node.get(name) for path, name in FETCHED.items() for node in tree.xpath(path)]
    hosts = {host for address in asked if (host := urlsplit(address).netloc)}
    comments = len(tree.xpath("//li[contains(@class, 'comment')]//div[@class='comment__text']"))
    return Facts(len(packed), sorted(set(asked)), hosts, comments)
