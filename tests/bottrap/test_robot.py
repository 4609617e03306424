"""A real crawler at the real server, behind one trusted proxy that names an address of the open internet."""

import json
import subprocess
import sys

import pytest

from bottrap.paths import TRAP
from tests.bottrap.crawling import ask
from tests.bottrap.serving import PROJECT, running

POLITE = "93.184.20.2"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("robot")) as site:
        yield site


def crawl(site, address: str, manners: str, order: str = "depth-first", connections: int = 1) -> dict:
    command = [sys.executable, "-m", "tests.bottrap.robot", site.address, address, manners, order, str(connections)]
    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=240)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout.splitlines()[-1])


@pytest.mark.parametrize(("address", "order"), [("93.184.20.3", "depth-first"), ("93.184.20.4", "breadth-first")])
def test_a_robot_that_ignores_robots_txt_is_banned(site, address, order):
    met = crawl(site, address, "rude", order)
    assert met["refused"]
    assert len(met["paths"]) <= 20
    assert ask(f"{site.address}/", address)[0] == 403
    assert ask(f"{site.address}/", POLITE)[0] == 200


def test_a_robot_that_reads_robots_txt_first_is_not(site):
    met = crawl(site, POLITE, "polite")
    assert not met["refused"]
    assert len(met["paths"]) > 10
    assert not [path for path in met["paths"] if path.startswith(TRAP)]
    assert ask(f"{site.address}/", POLITE)[0] == 200
