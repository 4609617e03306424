"""One client on one connection, and what its requests cost the servers that answered them."""

import http.client
import statistics
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.engines import Process

NANOSECONDS = 1e9


@dataclass
class Target:
    """
    One kind of request. `servers` answer it, one in each round: two processes that do the same may differ by a third
    for as long as they live, as their memory and threads happen to lie. `beside` are first processes of those that work
    for them: their time is counted, their memory is not.
    """

    name: str
    servers: list[Process]
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    beside: Collection[int] = ()
    milliseconds: list[float] = field(default_factory=list)  # CPU per request, of each round
    waited: list[float] = field(default_factory=list)  # seconds for one answer, of all rounds
    per_second: float = 0.0  # answers to several clients at once
    memory: float = 0.0  # MB of the first server with its workers
    bytes: int = 0

    @property
    def cpu(self) -> float:
        return statistics.median(self.milliseconds)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        return percentile(self.waited, share) * 1000


def percentile(waited: list[float], share: float) -> float:
    ordered = sorted(waited)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(targets: list[Target], *, host: str, rounds: int, seconds: float) -> None:
    """In turns, so that what else the machine does falls on all alike. Each server is warmed before it counts."""
    for target in targets:
        for server in target.servers:
            _turn(target, server, host, seconds / 4, counts=False)
    for number in range(rounds):
        for target in reversed(targets) if number % 2 else targets:
            _turn(target, target.servers[number % len(target.servers)], host, seconds, counts=True)


def _turn(target: Target, server: Process, host: str, seconds: float, *, counts: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    processes = [server.process.pid, *target.beside]
    before, requests, waited = cpu_seconds(processes), 0, []
    ends = time.perf_counter() + seconds
    while (began := time.perf_counter()) < ends or requests < 3:
        connection.request("GET", target.path, headers={"Host": host, **target.headers})
        answer = connection.getresponse()
        body = answer.read()
        waited.append(time.perf_counter() - began)
        requests += 1
        if answer.status != target.status:
            raise SystemExit(f"{target.name}: {target.path} answered {answer.status}")
    spent = cpu_seconds(processes) - before
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
