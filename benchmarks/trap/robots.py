"""Robots that read no robots.txt, in every order and over several connections; and one that reads it."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.bottrap.rude import ORDERS, Crawl
from tests.bottrap.serving import PROJECT, Site

CONNECTIONS = (1, 4, 16)
OURS, SCRAPY = "a crawler of a few lines", "scrapy"
FORGET = """
from bottrap.models import Hit, TrapSettings
Hit.objects.all().delete()
TrapSettings.objects.update(tripped_at=None)
"""
WITHIN = 20


@dataclass
class Row:
    """What each robot was given before the site was closed to it; None for one that was not banned."""

    robot: str
    order: str
    connections: int
    given: list[int | None] = field(default_factory=list)

    @property
    def in_time(self) -> int:
        return sum(given is not None and given <= WITHIN for given in self.given)

    @property
    def banned(self) -> list[int]:
        return sorted(given for given in self.given if given is not None)


def measure(site: Site, times: int, times_scrapy: int) -> Iterator[Row]:
    addresses = (f"94.{number // 60000}.{number // 250 % 240}.{number % 250 + 1}" for number in itertools.count(1))
    for order, connections in itertools.product(ORDERS, CONNECTIONS):
        site.shell(FORGET)  # the breaker would count them all as one attack
        row = Row(OURS, order, connections)
        for seed in range(times):
            crawl = Crawl(site.address, next(addresses), order, connections, seed=seed).run()
            row.given.append(crawl.given if crawl.is_refused else None)
        yield row
        row = Row(SCRAPY, order, connections)
        for _ in range(times_scrapy):
            met = scrapy(site, next(addresses), "rude", order, connections)
            row.given.append(len(met["paths"]) if met["refused"] else None)
        yield row


def polite(site: Site) -> Row:
    met = scrapy(site, "94.9.9.9", "polite", "breadth-first", 4)
    return Row(f"{SCRAPY}, polite", "breadth-first", 4, [len(met["paths"]) if met["refused"] else None])


def scrapy(site: Site, address: str, manners: str, order: str, connections: int) -> dict:
    command = [sys.executable, "-m", "tests.bottrap.robot", site.address, address, manners, order, str(connections)]
    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout.splitlines()[-1])
