"""Turns measurements into docs/benchmarks.md."""

import datetime as dt
import os
import platform
import sqlite3
import statistics
from dataclasses import dataclass, field
from pathlib import Path

import django

HIGHEST_RATIO = 1.2
PROMISED = ("home", "section")

HEAD = """# What pages cost

Written by `make bench` on {date}. Machine: {machine}. Python {python}, Django {django}, SQLite {sqlite}.

Every figure is CPU time for one whole request through the middleware, PostgreSQL's own included, as the median of
{rounds} rounds in which the sites take turns. Nothing is cached between requests. Compare ratios; absolute times belong
to the machine.

The promise: home and section pages of {large:,} articles cost at most {highest} times what they cost with {small:,},
and the number of queries depends on neither the articles nor what they hold.
"""


@dataclass
class Row:
    """One kind of page on one engine, in a small site and in a large one."""

    page: str
    queries: tuple[int, int]
    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.large) / statistics.median(self.small)

    @property
    def is_kept(self) -> bool:
        same_queries = self.queries[0] == self.queries[1]
        return same_queries and (self.page not in PROMISED or self.ratio <= HIGHEST_RATIO)

    def __str__(self):
        queries = " / ".join(str(count) for count in dict.fromkeys(self.queries))
        small, large = statistics.median(self.small), statistics.median(self.large)
        return f"| {self.page} | {queries} | {small:.1f} ms | {large:.1f} ms | {self.ratio:.2f} |"


def markdown(tables: dict[str, list[Row]], *, sizes: tuple[int, int], rounds: int) -> str:
    small, large = sizes
    text = HEAD.format(
        date=dt.datetime.now(dt.UTC).date(),
        machine=machine(),
        python=platform.python_version(),
        django=django.get_version(),
        sqlite=sqlite3.sqlite_version,
        rounds=rounds,
        small=small,
        large=large,
        highest=HIGHEST_RATIO,
    )
    for engine, rows in tables.items():
        text += f"\n## {engine}\n\n| page | queries | {small:,} articles | {large:,} articles | ratio |\n"
        text += "| --- | ---: | ---: | ---: | ---: |\n" + "\n".join(map(str, rows)) + "\n"
    return text


def machine() -> str:
    """Processor, cores and memory, as far as the system tells."""
    processor = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [line.split(":")[1].strip() for line in information.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {processor}, {memory:.0f} GB, {platform.system()}"
