"""What a day of load has shown, and its place in docs/proofs.md."""

import datetime as dt
import re
from pathlib import Path

from benchmarks.report import machine

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "proofs.md"
BEGIN, END = "<!-- load: written by make load -->", "<!-- load ends -->"


def said(day) -> str:
    options, reads = day.options, sum(day.statuses.values())
    statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(day.statuses.items()))
    lines = [
        f"{options.readers} connections over {options.addresses:,} addresses for {options.seconds} s, seed "
        f"{options.seed}: {reads:,} pages ({statuses}), {reads / options.seconds:,.0f} a second, half of them within "
        f"{day.p50 * 1000:.1f} ms and 99 of 100 within {day.p99 * 1000:.0f} ms. Readers, site, database and stand-in "
        "share the machine.",
        f"Meanwhile {day.updates} updates, {day.published} new articles, {day.withdrawn} withdrawals, {day.comments} "
        f"comments, {day.pledges} pledges and gifts, {day.refunds} of them refunded.",
        f"Of {day.watched_reads:,} readings of the articles that changed, the oldest page was given out "
        f"{day.oldest_page:.1f} s after the change; a withdrawn article was shown to nobody who asked after it went. "
        f"{day.figures_read:,} figures were held to the ledger of their moment. At the end: {day.sentence}",
    ]
    if day.faults:
        lines.append("FAULTS:\n" + "\n".join(f"- {fault}" for fault in day.faults))
    return "\n\n".join(lines)


def write(day) -> None:
    """Into its place on the page, which keeps its other words."""
    head = f"Written by `make load` on {dt.datetime.now(dt.UTC).date()}. Machine: {machine()}."
    text = f"{BEGIN}\n{head}\n\n{said(day)}\n{END}"
    page = PAGE.read_text()
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: text, page, flags=re.DOTALL))
