"""Five hundred readers who want one page at the same moment, of which nothing is there: on the real server."""

import os
import re
import socket
import time

import pytest
from prometheus_client.mmap_dict import MmapedDict

from foundation.metrics.counting import HAND_ON_SECONDS
from tests.bottrap.serving import running
from tests.pagecache.test_real_server import ask

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "sqlite").startswith("sqlite"), reason="keeps its rows in SQLite in either run"
)
READERS, THREADS, WORKERS = 500, 32, 2
PROCESS = 20  # signs of a request's name that are its process's
PATIENT = "tests.pagecache.patient"
EVERYTHING_GONE = "from pagecache import purge_gone; from pagecache.keeping import EVERYTHING; purge_gone(EVERYTHING)"


def made(folder) -> int:
    """How many pages the processes have asked Django for, as far as they have handed on what they counted."""
    found = 0
    for file in folder.glob("counter_*.db"):
        for key, value, *_ in MmapedDict.read_all_values_from_file(str(file)):
            found += int(value) if "antiempire_page_cache" in key and '"misses"' in key else 0
    return found


def made_by_now(site, folder) -> int:
    """Each process hands on what it counted when it is asked a second after it did so last."""
    time.sleep(HAND_ON_SECONDS)
    have_handed_on, patience_ends = set(), time.monotonic() + 120
    while len(have_handed_on) < WORKERS:
        assert time.monotonic() < patience_ends, "one process answers nobody"
        headers = ask(site, "/robots.txt", **{"Authorization": "Basic eDp5"})[1]
        have_handed_on.add(headers["x-request-id"][:PROCESS])
    return made(folder)


def ask_at_once(site, path: str) -> list[bytes]:
    """Every connection is open before the first request is sent."""
    request = f"GET {path} HTTP/1.1\r\nHost: {site.address.removeprefix('http://')}\r\nConnection: close\r\n\r\n"
    readers = [socket.create_connection(("127.0.0.1", site.port), timeout=120) for _ in range(READERS)]
    for reader in readers:
        reader.sendall(request.encode())
    answers = []
    for reader in readers:
        with reader, reader.makefile("rb") as told:
            answers.append(told.read())
    return answers


def crowd_at_a_cold_page(folder, **options) -> tuple[int, list[bytes]]:
    counted = folder / "metrics"
    with running(folder, threads=THREADS, METRICS_FOLDER=str(counted), **options) as site:
        path = re.search(r'href="(/\d{4}/\d\d/[^/]+/)"', ask(site, "/")[2])[1]
        ask(site, path)
        site.shell(EVERYTHING_GONE)
        before = made_by_now(site, counted)
        answers = ask_at_once(site, path)
        return made_by_now(site, counted) - before, answers


@pytest.mark.parametrize("kind", ["files", "redis"])
def test_five_hundred_at_once_cost_one_making(kind, request, tmp_path):
    url = f"file://{tmp_path / 'pages'}"
    if kind == "redis":
        url = request.getfixturevalue("redis_server").url
    places = {"PAGE_CACHE_URL": url, "PAGE_CACHE_FOLDER": str(tmp_path / "local")}
    times, answers = crowd_at_a_cold_page(tmp_path, target=PATIENT, **places)
    assert times == 1
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}
    assert len({answer.partition(b"\r\n\r\n")[2] for answer in answers}) == 1


def test_without_turns_each_makes_its_own(tmp_path):
    """So that the test above can fail."""
    times, _ = crowd_at_a_cold_page(
        tmp_path, target="tests.pagecache.each_makes_its_own", PAGE_CACHE_URL=f"file://{tmp_path / 'pages'}"
    )
    assert times > 1
