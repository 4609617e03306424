"""What was measured, as a part of docs/benchmarks.md."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import machine
from benchmarks.serving.goals import Outcome
from benchmarks.serving.measuring import Target
from benchmarks.serving.memory import Memory
from benchmarks.serving.publishing import Publishing
from benchmarks.serving.weight import Facts

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- serving: written by make bench -->", "<!-- serving ends -->"


@dataclass
class Result:
    targets: dict[str, Target]
    publishing: Publishing
    memory: Memory
    facts: Facts
    of_cpu: list[Outcome]

    @property
    def outcomes(self) -> list[Outcome]:
        return [*self.of_cpu, *self.publishing.outcomes, *self.memory.outcomes]


def markdown(result: Result, options) -> str:
    lines = [
        f"Written on {dt.datetime.now(dt.UTC).date()}. Machine: {machine()}. {options.rounds} rounds in turns, one "
        "client on one connection, granian with one worker, an article of 200 comments. CPU: what the kernel gave the "
        "servers that worked on it, PostgreSQL and Redis included, the median of the rounds. A second: answers to "
        "eight clients at once, who share the machine with the server. PSS: of one server with its worker, databases "
        "left out. Made anew: no page is stored, the pieces of pages are; with nothing standing they are not either. "
        "Compare ratios: whatever else the machine does moves all figures.",
        "",
        "| request | CPU ms | a second | p50 ms | p99 ms | PSS MB | kB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {each.name} | {each.cpu:.3f} | {each.per_second:,.0f} | {each.percentile(0.5):.2f} | "
        f"{each.percentile(0.99):.2f} | {each.memory:.0f} | {each.bytes / 1000:.0f} |"
        for each in result.targets.values()
    ]
    lines += ["", "| goal | at most | measured | |", "|---|--:|--:|---|", *map(str, result.outcomes), ""]
    lines += [str(result.publishing), "", str(result.memory), ""]
    facts = result.facts
    lines.append(
        f"The page of the article: {facts.on_the_wire:,} bytes on the wire with gzip, {1 + len(facts.requests)} "
        f"requests, {len(facts.hosts)} other hosts, {facts.comments} comments readable without a script."
    )
    return "\n".join(lines)


def kept() -> str:
    """The part of the page that this module wrote last, for whoever writes the rest."""
    found = re.search(f"{re.escape(BEGIN)}.*{re.escape(END)}", PAGE.read_text(), flags=re.DOTALL)
    return f"## As served\n\n{found[0] if found else f'{BEGIN}\n{END}'}\n"


def write(text: str) -> None:
    """Into its place on the page, which keeps its other words."""
    block = f"{BEGIN}\n{text}\n{END}"
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, PAGE.read_text(), flags=re.DOTALL))
