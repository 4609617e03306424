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
and the number of queries depends on neither the articles nor what they hold. Of the ledger: the sentence on every page
costs one query and the figures of 40 quarters fewer than ten, whatever the number of payments.
"""
# An article that nobody has commented on asks less: for no threads, and for nobody who was answered.
MOST_QUERIES_OF_TALK = 4
# Queries that a reading of the ledger may cost.
MOST_QUERIES = {"sentence": 1, "figures of 40 quarters": 9, "page of figures": 9}


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
        same_queries = self.queries[0] == self.queries[1] <= MOST_QUERIES.get(self.page, self.queries[1])
        return same_queries and (self.page not in PROMISED or self.ratio <= HIGHEST_RATIO)

    def __str__(self):
        queries = " / ".join(str(count) for count in dict.fromkeys(self.queries))
        small, large = statistics.median(self.small), statistics.median(self.large)
        return f"| {self.page} | {queries} | {small:.1f} ms | {large:.1f} ms | {self.ratio:.2f} |"


@dataclass
class Talk:
    """The page of one article by what is below it: queries, and milliseconds of each round."""

    queries: dict[str, int] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """A discussion costs the same number of queries whatever its size."""
        with_comments = [count for page, count in self.queries.items() if page.endswith(" comments")]
        return max(with_comments) <= MOST_QUERIES_OF_TALK + min(with_comments)

    def __str__(self):
        rows = "\n".join(
            f"| {page} | {self.queries[page]} | {statistics.median(taken):.1f} ms |"
            for page, taken in self.taken.items()
        )
        none, some = (statistics.median(self.taken[f"{count} comments"]) for count in (0, 200))
        return (
            f"\n| article with | queries | CPU |\n| --- | ---: | ---: |\n{rows}\n\n"
            f"Each of 200 comments on an article's page costs {(some - none) / 200:.3f} ms; the goal is at most "
            "0.01 ms. An article with 2,000 shows the first 200 or so and leads to the rest.\n"
        )


@dataclass
class Intake:
    """Events per second and process: as the webhook takes them in, and as bare rows."""

    taken: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def __str__(self):
        taken, bare = statistics.median(self.taken), statistics.median(self.bare)
        return (
            "\n## Events from Stripe, on PostgreSQL\n\n"
            f"One process takes in {taken:,.0f} signed events a second, and would write {bare:,.0f} such rows a second "
            f"if it did nothing else: {bare / taken:.1f} times as many. Wall time, one call after another, each in a "
            "transaction of its own, on a cluster that does not wait for its disk.\n"
        )


@dataclass(frozen=True)
class Checked:
    """The ledger compared with itself, once a day."""

    payments: int
    seconds: float
    holds: int
    longest_hold: float

    def __str__(self):
        return (
            f"\nThe daily comparison of {self.payments:,} payments with what quarters hold of them took "
            f"{self.seconds:.1f} s of wall time without the ledger's lock. With wrong rows among them it took the lock "
            f"{self.holds} times, to look again at one pledge or gift each; the longest hold lasted "
            f"{self.longest_hold * 1000:.0f} ms.\n"
        )


def markdown(
    tables: dict[str, list[Row]],
    ledgers: dict[str, list[Row]],
    checked: dict[str, Checked],
    talks: dict[str, Talk],
    intake: Intake | None,
    *,
    sizes: tuple[int, int],
    payments: tuple[int, int],
    rounds: int,
) -> str:
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
        text += f"\n## {engine}\n\n" + table("page", f"{small:,} articles", f"{large:,} articles", rows)
        text += "\n" + table("of the ledger", *(f"{count:,} payments" for count in payments), ledgers[engine])
        text += str(checked[engine]) + str(talks[engine])
    return text + str(intake or "")


def table(first: str, small: str, large: str, rows: list[Row]) -> str:
    head = f"| {first} | queries | {small} | {large} | ratio |\n| --- | ---: | ---: | ---: | ---: |\n"
    return head + "\n".join(map(str, rows)) + "\n"


def machine() -> str:
    """Processor, cores and memory, as far as the system tells."""
    processor = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [line.split(":")[1].strip() for line in information.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {processor}, {memory:.0f} GB, {platform.system()}"
