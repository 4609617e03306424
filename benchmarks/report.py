"""Turns measurements into docs/benchmarks.md."""

import datetime as dt
import os
import platform
import sqlite3
import statistics
from dataclasses import dataclass, field
from pathlib import Path

import django

from benchmarks.serving.goals import Outcome

HEAD = """# What pages cost

Written by `make bench` on {date}. Machine: {machine}. Python {python}, Django {django}, SQLite {sqlite}.

Every figure is CPU time for one whole request through the middleware, PostgreSQL's own included, as the median of
{rounds} rounds in which the sites take turns, one of {small:,} articles and one of {large:,}, each in a process that is
new in each round. Nothing of a page is stored between requests. Compare ratios; absolute times belong to the machine.

Ratios are medians of those within each round, in which what is compared was measured one after the other. What the
search is measured by: [decision 50](decisions/0050-what-search-is-measured-by.md).
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
        """The median of those of each round, in which both were measured one after the other."""
        return within_rounds(self.large, self.small)

    def __str__(self):
        queries = " / ".join(str(count) for count in dict.fromkeys(self.queries))
        small, large = statistics.median(self.small), statistics.median(self.large)
        return f"| {self.page} | {queries} | {small:.1f} ms | {large:.1f} ms | {self.ratio:.2f} |"


def within_rounds(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


@dataclass
class Searching:
    """Milliseconds of each round in the small site and in the large one, and what a reader is told of a common word."""

    taken: dict[str, tuple[list[float], list[float]]]
    word: str
    hits: int = 0
    counted: int = 0
    has_more: bool = False
    statements: int = 0
    is_by_index: bool = False

    def __str__(self):
        large = {name: taken[1] for name, taken in self.taken.items()}
        one, bare, rare, _, page, section = large.values()
        rows = "\n".join(
            f"| {name} | {statistics.median(small):.2f} ms | {statistics.median(large):.2f} ms | "
            f"{within_rounds(large, small):.2f} |"
            for name, (small, large) in self.taken.items()
        )
        return (
            f"\n| search | small | large | ratio |\n| --- | ---: | ---: | ---: |\n{rows}\n\n"
            f"In the large site a search for a rare word costs {within_rounds(rare, one):.2f} times one query by the "
            f"index that gives the same of each hit, {within_rounds(rare, bare):.2f} times the same query without "
            f"excerpts, and its whole page {within_rounds(page, section):.2f} times a section's. “{self.word}” stands "
            f"in {self.hits:,} articles, of which {self.counted:,} are counted.\n"
        )


@dataclass
class Talk:
    """The page of one article by what is below it: queries, and milliseconds of each round."""

    queries: dict[str, int] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=dict)

    def __str__(self):
        rows = "\n".join(
            f"| {page} | {self.queries[page]} | {statistics.median(taken):.1f} ms |"
            for page, taken in self.taken.items()
        )
        none, some = (statistics.median(self.taken[f"{count} comments"]) for count in (0, 200))
        return (
            f"\n| article with | queries | CPU |\n| --- | ---: | ---: |\n{rows}\n\n"
            f"Each of 200 comments costs {(some - none) / 200:.3f} ms where nothing of the page stands "
            "already. An article with 2,000 shows the first 200 or so and leads to the rest; what is judged, 2,000 on "
            "one page, is found below.\n"
        )


@dataclass
class Intake:
    """Events per second and process: as the webhook takes them in, and as bare rows."""

    taken: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def of_bare(self) -> float:
        return within_rounds(self.bare, self.taken)

    def __str__(self):
        taken, bare = statistics.median(self.taken), statistics.median(self.bare)
        return (
            "\n## Events from Stripe, on PostgreSQL\n\n"
            f"One process takes in {taken:,.0f} signed events a second, and would write {bare:,.0f} such rows a second "
            f"if it did nothing else: {self.of_bare:.1f} times as many. Wall time, one call after another, each in a "
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
    outcomes: list[Outcome],
    tables: dict[str, list[Row]],
    ledgers: dict[str, list[Row]],
    checked: dict[str, Checked],
    talks: dict[str, Talk],
    searches: dict[str, Searching],
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
    )
    text += "\n| goal | at most | measured | |\n| --- | ---: | ---: | --- |\n" + "\n".join(map(str, outcomes)) + "\n"
    if intake:
        text += (
            f"| PostgreSQL: taking in an event, of a bare insert of its row | | {intake.of_bare:.1f} | no goal set |\n"
        )
    for engine, rows in tables.items():
        text += f"\n## {engine}\n\n" + table("page", f"{small:,} articles", f"{large:,} articles", rows)
        text += str(searches.get(engine, ""))
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
