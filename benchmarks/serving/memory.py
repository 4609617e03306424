"""What two workers take after many requests, beside a minimal Django's two, and whether it grows."""

import itertools
from dataclasses import dataclass, field

from benchmarks.serving import crowd
from benchmarks.serving.goals import Outcome
from benchmarks.serving.measuring import memory_kb
from benchmarks.serving.site import Served

REQUESTS = 100_000
STEPS = (0.1, 0.25, 0.5, 0.75, 1.0)  # shares of the requests after which it is measured
ENCODINGS = ("br", "gzip", "identity")
NEVER_STORED_EVERY = 200
WORDS = ("tram", "harbour", "council", "letter", "winter")
MOST_OF_MINIMAL, MOST_GROWTH = 2.0, 1.05  # growth from the half on


@dataclass
class Memory:
    requests: list[int] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)  # MB
    minimal: list[float] = field(default_factory=list)

    @property
    def outcomes(self) -> list[Outcome]:
        half = self.ours[STEPS.index(0.5)]
        return [
            Outcome("memory of two workers, of minimal Django's", MOST_OF_MINIMAL, self.ours[-1] / self.minimal[-1]),
            Outcome("memory at the end, of that at the half", MOST_GROWTH, self.ours[-1] / half),
        ]

    def __str__(self):
        lines = ["| requests | two workers, MB | two of minimal Django, MB |", "|--:|--:|--:|"]
        rows = zip(self.requests, self.ours, self.minimal, strict=True)
        return "\n".join([*lines, *(f"| {number:,} | {ours:.0f} | {minimal:.0f} |" for number, ours, minimal in rows)])


def measure(site: Served, paths: list[str], *, host: str, requests: int) -> Memory:
    """Ours is asked for many pages in all encodings, and now and then for one that is never stored."""
    readings = {
        site.two_workers: _of_readers(paths),
        site.two_minimal: [{"path": "/"}],
    }
    memory, done = Memory(), 0
    for step in STEPS:
        more = int(requests * step) - done
        for server, asked in readings.items():
            crowd.ask([server.port], asked, host=host, times=more)
        done += more
        memory.requests.append(done)
        memory.ours.append(memory_kb([site.two_workers.process.pid]) / 1000)
        memory.minimal.append(memory_kb([site.two_minimal.process.pid]) / 1000)
    return memory


def _of_readers(paths: list[str]) -> list[dict]:
    found = [{"path": path, "headers": {"Accept-Encoding": encoding}} for encoding in ENCODINGS for path in paths]
    words = itertools.cycle(WORDS)
    for place in range(0, len(found), NEVER_STORED_EVERY):
        found.insert(place, {"path": f"/search/?q={next(words)}"})
    return found
