"""What a soak has shown, and its place in docs/proofs.md."""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import machine

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "proofs.md"
BEGIN, END = "<!-- soak: written by make soak -->", "<!-- soak ends -->"
SHOWN_DIFFERENCES = 20


@dataclass
class Proof:
    pledges: int
    gifts: int
    seed: int
    seconds: float = 0
    repair_seconds: float = 0
    killed: dict[str, int] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    wanted_deliveries: int = 0
    deliveries: dict[str, int] = field(default_factory=dict)
    events: int = 0
    events_kept: int = 0
    differences_before: int = 0
    differences_after: list[str] = field(default_factory=list)
    second_exit_code: int = 1
    ledger: dict[str, int] = field(default_factory=dict)
    sentence: str = ""

    @property
    def delivered(self) -> int:
        return self.deliveries.get("accepted", 0)

    @property
    def troubles(self) -> list[str]:
        """Why it does not hold; a run that disturbed nothing proves nothing."""
        found = [f"after the repair: {difference}" for difference in self.differences_after[:SHOWN_DIFFERENCES]]
        if self.second_exit_code:
            found.append(f"the second reconciliation ended with {self.second_exit_code}")
        if not self.differences_before:
            found.append("nothing was lost before the repair: the soak has not tried anything")
        if self.delivered < self.wanted_deliveries:
            found.append(f"{self.delivered} deliveries instead of {self.wanted_deliveries}")
        if not all(self.killed.values()):
            found.append(f"not every kind of process was killed: {self.killed}")
        return found

    @property
    def holds(self) -> bool:
        return not self.troubles


def said(proof: Proof) -> str:
    lines = [
        f"{proof.pledges} pledges and {proof.gifts} gifts over four quarters in five currencies, seed {proof.seed}, in "
        f"{proof.seconds:.0f} s: {_list(proof.acts)} (came too late: {sum(proof.refused.values())}).",
        f"{proof.events:,} events, of which {proof.deliveries['dropped']:,} were dropped and the others delivered "
        f"{proof.delivered:,} times, with {proof.deliveries['refused']:,} vain attempts beside; the site kept "
        f"{proof.events_kept:,}. Killed with SIGKILL: {_list(proof.killed)}.",
        f"Before the repair the ledger differed in {proof.differences_before} places. One `reconcile_stripe --apply` "
        f"took {proof.repair_seconds:.0f} s; after it {len(proof.differences_after)} differences, and a second one "
        f"{'found nothing' if proof.second_exit_code == 0 else f'ended with {proof.second_exit_code}'}.",
        f"The ledger: {_list(proof.ledger)}. The sentence, equal to the independent summation: {proof.sentence}.",
    ]
    if proof.troubles:
        lines.append("IT DOES NOT HOLD: " + "; ".join(proof.troubles))
    return "\n\n".join(lines)


def write(proof: Proof) -> None:
    """Into its place on the page, which keeps its other words."""
    head = f"Written by `make soak` on {dt.datetime.now(dt.UTC).date()}. Machine: {machine()}."
    text = f"{BEGIN}\n{head}\n\n{said(proof)}\n{END}"
    page = PAGE.read_text()
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: text, page, flags=re.DOTALL))


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1]))
