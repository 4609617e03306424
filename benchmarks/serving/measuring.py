"""One client on one connection, and what its requests cost the servers that answered them."""

import http.client
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

NANOSECONDS = 1e9


@dataclass
class Target:
    """One kind of request. `processes` are the first processes of the servers that work on it."""

    name: str
    port: int
    path: str
    processes: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    milliseconds: list[float] = field(default_factory=list)  # CPU per request, of each round
    waited: list[float] = field(default_factory=list)  # seconds for one answer, of all rounds
    bytes: int = 0

    @property
    def cpu(self) -> float:
        return statistics.median(self.milliseconds)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        waited = sorted(self.waited)
        return waited[min(len(waited) - 1, int(len(waited) * share))] * 1000


def measure(targets: list[Target], *, host: str, rounds: int, seconds: float) -> None:
    """In turns, so that what else the machine does falls on all alike. The first turn only warms."""
    for number in range(rounds + 1):
        for target in targets:
            _turn(target, host, seconds, counts=number > 0)


def _turn(target: Target, host: str, seconds: float, *, counts: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    before, requests, waited = cpu_seconds(target.processes), 0, []
    ends = time.perf_counter() + (seconds if counts else seconds / 4)
    while (began := time.perf_counter()) < ends or requests < 3:
        connection.request("GET", target.path, headers={"Host": host, **target.headers})
        answer = connection.getresponse()
        body = answer.read()
        waited.append(time.perf_counter() - began)
        requests += 1
        if answer.status != target.status:
            raise SystemExit(f"{target.name}: {target.path} answered {answer.status}")
    spent = cpu_seconds(target.processes) - before
    connection.close()
    if counts:
        target.milliseconds.append(spent / requests * 1000)
        target.waited += waited
        target.bytes = len(body)


def cpu_seconds(processes: list[int]) -> float:
    """What the kernel's scheduler gave these processes and all that descend from them, so far."""
    return sum(_of_one(pid) for pid in family(processes)) / NANOSECONDS


def memory_kb(processes: list[int]) -> int:
    """Proportional set size: shared pages count once among those who share them."""
    total = 0
    for pid in family(processes):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def family(processes: list[int]) -> list[int]:
    found, waiting = [], list(processes)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


def _of_one(pid: int) -> int:
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:  # a thread that has ended
            continue
    return total
