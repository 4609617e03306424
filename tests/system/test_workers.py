"""Two workers that are forked from a process which has imported the site: what they share, and what they do not."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.system.asking import ask
from tests.system.engines import wait_until

pytestmark = pytest.mark.system
MUCH_KB = 30_000


@pytest.fixture(scope="module")
def two(stack):
    made = stack.app(free_port(), workers=2, target="tests.system.drawing:application")
    made.start()
    try:
        stack.wait_ready(made)
        yield made
    finally:
        made.stop()


def draws(two, workers: list[int]) -> list[list[int]]:
    """The first of each worker: new connections are dealt out by the kernel, sooner or later to each."""
    found = {}

    def all_have() -> bool:
        process, *drawn = map(int, ask(f"http://127.0.0.1:{two.port}", "/draw").text.split())
        found.setdefault(process, drawn)
        return set(workers) <= set(found)

    wait_until(all_have, "an answer of each worker")
    return [found[worker] for worker in workers]


def open_files(process: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.add(str(link.readlink()))
    return found


def sockets(process: int) -> set[str]:
    return {name for name in open_files(process) if name.startswith("socket:")}


def shared_kb(process: int) -> int:
    """Written before the fork and by neither side since."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Shared_Dirty:"))


def test_workers_draw_different_numbers(stack, two):
    (one, forked), (other, also_forked) = draws(two, stack.children_of(two))
    assert one != other
    assert forked == also_forked  # so that the test can see what is shared


def test_workers_share_no_connection_and_no_lock(stack, two):
    workers = stack.children_of(two)
    kept = sockets(two.process.pid)
    assert len(kept) == 1  # granian's own, which holds the port
    # Three that granian makes for each, one to the database, one to Redis.
    wait_until(
        lambda: stack.readiness(two)[0] == 200 and all(len(sockets(each) - kept) >= 5 for each in workers),
        "connections",
    )
    assert sockets(workers[0]) & sockets(workers[1]) == kept
    pages = str(stack.folder / "pagecache")
    wait_until(
        lambda: (
            ask(f"http://127.0.0.1:{two.port}", "/", Host=stack.front.address.removeprefix("http://"))
            and all(any(name.startswith(pages) for name in open_files(each)) for each in workers)
        ),
        "the board in each worker",
    )
    assert not any(name.startswith(pages) for name in open_files(two.process.pid))


def test_workers_share_what_importing_the_site_takes(stack, two):
    assert all(shared_kb(worker) > MUCH_KB for worker in stack.children_of(two))
    (alone,) = stack.children_of(stack.apps[0])
    assert shared_kb(alone) < MUCH_KB  # it has nobody to share with


def test_workers_that_are_killed_come_back_and_serve_and_share(stack, two):
    before = stack.children_of(two)
    for worker in before:
        stack.kill(worker)
    after = wait_until(
        lambda: len(now := stack.children_of(two)) == 2 and not {*now} & {*before} and now, "two other workers"
    )
    stack.wait_ready(two)
    (one, _), (other, _) = draws(two, after)
    assert one != other
    assert all(shared_kb(worker) > MUCH_KB for worker in after)


def test_each_worker_counts_for_itself(stack, two):
    """Into a file of its own, named by its number; the process that forked them counts nothing."""
    folder = stack.folder / "metrics"
    workers = stack.children_of(two)

    def counted() -> bool:
        ask(f"http://127.0.0.1:{two.port}", "/robots.txt")
        names = [file.name for file in folder.iterdir()]
        return all(any(f"-{worker}.db" in name for name in names) for worker in workers)

    wait_until(counted, "figures of each worker")
    assert not list(folder.glob(f"*-{two.process.pid}.db"))
