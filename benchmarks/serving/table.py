"""What was measured, as a part of docs/benchmarks.md."""

import datetime as dt
import re
from pathlib import Path

from benchmarks.report import machine

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- serving: written by make bench -->", "<!-- serving ends -->"


def markdown(targets: dict, goals: list, facts, options) -> str:
    lines = [
        f"Written on {dt.datetime.now(dt.UTC).date()}. Machine: {machine()}. {options.rounds} rounds in turns, one "
        "client on one connection, granian with one worker, an article of 200 comments. CPU: what the kernel gave the "
        "servers that worked on it, PostgreSQL included, the median of the rounds. Compare ratios: whatever else the "
        "machine does moves all figures.",
        "",
        "| request | CPU ms | p50 ms | p99 ms | kB |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {each.name} | {each.cpu:.3f} | {each.percentile(0.5):.2f} | {each.percentile(0.99):.2f} | "
        f"{each.bytes / 1000:.0f} |"
        for each in targets.values()
    ]
    lines += ["", "| goal | at most | measured | |", "|---|--:|--:|---|"]
    for goal in goals:
        ratio = targets[goal.ours].cpu / targets[goal.limit].cpu
        verdict = "kept" if ratio <= goal.most else "missed"
        lines.append(f"| {goal.what}, of {goal.limit} | {goal.most:g} | {ratio:.2f} | {verdict} |")
    lines += [
        "",
        f"The page of the article: {facts.on_the_wire:,} bytes on the wire with gzip, {1 + len(facts.requests)} "
        f"requests, {len(facts.hosts)} other hosts, {facts.comments} comments readable without a script.",
    ]
    return "\n".join(lines)


def kept() -> str:
    """The part of the page that this module wrote last, for whoever writes the rest."""
    found = re.search(f"{re.escape(BEGIN)}.*{re.escape(END)}", PAGE.read_text(), flags=re.DOTALL)
    return f"## As served\n\n{found[0] if found else f'{BEGIN}\n{END}'}\n"


def write(text: str) -> None:
    """Into its place on the page, which keeps its other words."""
    block = f"{BEGIN}\n{text}\n{END}"
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, PAGE.read_text(), flags=re.DOTALL))
