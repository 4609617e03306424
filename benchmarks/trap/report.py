"""What the trap has shown, and its place in docs/proofs.md."""

import datetime as dt
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import machine
from benchmarks.trap.robots import WITHIN, Row

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "proofs.md"
BEGIN, END = "<!-- trap: written by make proof -->", "<!-- trap ends -->"
ROBOTS = """\
| Robot | Order | Connections | Robots | Within 20 | Fewest | Median | Most |
|---|---|---:|---:|---:|---:|---:|---:|"""
MUST_BE_BANNED = 0.95  # of the robots that take links in an order


@dataclass
class Proof:
    wanted: int
    agents: int
    engine: str
    chromium: Counter = field(default_factory=Counter)
    visits: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    outcomes: dict[str, int] = field(default_factory=dict)  # of the visits to the trap, as the site wrote them down
    bans: int = 0
    judged: int = 0  # people whom only the breaker would have saved, too
    control_visits: int = 0
    control_would: int = 0
    rows: list[Row] = field(default_factory=list)
    polite: Row | None = None
    seconds: float = 0

    @property
    def ordered(self) -> list[int | None]:
        return [given for row in self.rows if row.order != "random" for given in row.given]

    @property
    def troubles(self) -> list[str]:
        """Why it does not hold; visits that never met the trap prove nothing."""
        found = [f"{kind}: {count} refused" for kind, count in self.refused.items() if count]
        if self.bans:
            found.append(f"{self.bans} people were banned")
        if self.judged:
            found.append(f"{self.judged} people were judged")
        if sum(self.chromium.values()) + sum(self.visits.values()) < self.wanted:
            found.append("too few visits")
        if not all(self.outcomes.get(name) for name in ("ignored", "first", "alone")):
            found.append(f"the trap was not visited in every way: {self.outcomes}")
        if bad := {status for status in self.statuses if status not in (200, 304)}:
            found.append(f"answers {sorted(bad)}")
        if not self.control_would:
            found.append("without the guards nobody was banned either: the visits have tried nothing")
        in_time = sum(given is not None and given <= WITHIN for given in self.ordered)
        if in_time < MUST_BE_BANNED * len(self.ordered):
            found.append(f"only {in_time} of {len(self.ordered)} robots that take links in an order within {WITHIN}")
        if self.polite and self.polite.banned:
            found.append("the polite robot was banned")
        return found

    @property
    def holds(self) -> bool:
        return not self.troubles


def said(proof: Proof) -> str:
    every = sum(proof.chromium.values()) + sum(proof.visits.values())
    told = ", ".join(f"{count:,} {name}" for name, count in sorted(proof.outcomes.items()))
    lines = [
        f"{every:,} visits on {proof.engine} in {proof.seconds:.0f} s: **{proof.bans} people banned.** "
        f"{sum(proof.chromium.values()):,} of them were made by a real Chromium, {_replayed(proof):,} are those again "
        f"from other addresses, header by header as they were recorded, and {_written(proof):,} were made of headers "
        f"written down by us. {proof.agents:,} agents of programs were among them. The site wrote down: {told}.",
        f"The control: {proof.control_visits:,} of the visits written down by us, at a site that looks at no header. "
        f"{proof.control_would:,} of these visitors would be banned there.",
        "| Visits | |\n|---|---:|\n" + "\n".join(f"| {kind} | {count:,} |" for kind, count in _kinds(proof)),
        f"Robots, and how many pages each was given before the site was closed to it ({WITHIN} at most is the goal):",
        "\n".join([ROBOTS, *(_row(row) for row in proof.rows)]),
        "Scrapy that reads robots.txt first, breadth-first over 4 connections, was not banned.",
    ]
    if proof.troubles:
        lines.append("IT DOES NOT HOLD: " + "; ".join(proof.troubles))
    return "\n\n".join(lines)


def _row(row: Row) -> str:
    low, middle, most = (
        (row.banned[0], round(statistics.median(row.banned)), row.banned[-1]) if row.banned else ("",) * 3
    )
    if len(row.banned) < len(row.given):
        most = f"{len(row.given) - len(row.banned)} not banned"
    facts = (row.robot, row.order, row.connections, len(row.given), row.in_time, low, middle, most)
    return "| " + " | ".join(str(fact) for fact in facts) + " |"


def _kinds(proof: Proof) -> list[tuple[str, int]]:
    again = Counter({f"{kind}, played again": count for kind, count in proof.visits.items() if _is_replayed(kind)})
    return [*sorted(proof.chromium.items()), *sorted(again.items()), *_others(proof)]


def _others(proof: Proof) -> list[tuple[str, int]]:
    return sorted((kind, count) for kind, count in proof.visits.items() if not _is_replayed(kind))


def _is_replayed(kind: str) -> bool:
    return kind.startswith("Chromium: ")


def _replayed(proof: Proof) -> int:
    return sum(count for kind, count in proof.visits.items() if _is_replayed(kind))


def _written(proof: Proof) -> int:
    return sum(proof.visits.values()) - _replayed(proof)


def write(proof: Proof) -> None:
    """Into its place on the page, which keeps its other words."""
    head = f"Written by `make proof` on {dt.datetime.now(dt.UTC).date()}. Machine: {machine()}."
    text = f"{BEGIN}\n{head}\n\n{said(proof)}\n{END}"
    page = PAGE.read_text()
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: text, page, flags=re.DOTALL))
