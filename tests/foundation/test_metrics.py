"""Figures of several processes, and of the database, as Prometheus reads them."""

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from donations.models import Alarm
from foundation import clock, metrics
from foundation.metrics.collecting import registry
from foundation.metrics.counting import count
from tests.foundation.front import ask, echo
from tests.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
# A process that answers so many times and ends.
ANSWER = """
import sys, django
django.setup()
from foundation.metrics import counting
from tests.foundation.front import ask, echo
hits = {"hits": 0}
site = counting.count(echo, page_cache=lambda: hits)
for number in range(int(sys.argv[1])):
    hits["hits"] += 1
    ask(site)
    counting.monotonic = lambda: 10.0**9 + number * 10  # the next second has come
"""


def environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "METRICS_FOLDER": str(folder)}


def read(text: str) -> dict[str, float]:
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in lines}


@pytest.fixture
def told(db):
    return lambda: read(generate_latest(registry()).decode())


def test_without_a_folder_nothing_is_put_before_the_site():
    assert count(echo, page_cache=dict) is echo
    assert ask(echo)[0] == "200 OK"


def test_the_answers_of_several_processes_are_added_up_on_the_private_port(tmp_path, transactional_db):
    for number in ("3", "4"):
        done = subprocess.run(
            [sys.executable, "-c", ANSWER, number], cwd=PROJECT, env=environ(tmp_path), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    command = [sys.executable, "manage.py", "serve_metrics", "--port", str(free_port())]
    server = subprocess.Popen(command, cwd=PROJECT, env=environ(tmp_path), stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/metrics", server.stdout.readline())[0]
        with urllib.request.urlopen(address, timeout=30) as answer:
            figures = read(answer.read().decode())
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert figures['antiempire_answers_total{status="2xx"}'] == 7.0
    assert figures['antiempire_page_cache_total{outcome="hits"}'] == 7.0
    assert server.returncode == 0


def test_the_database_tells_of_the_queue_the_inbox_and_the_drift(told):
    found = told()
    for name in ("moderation_oldest_seconds", "webhook_inbox_age_seconds", "letters_waiting", "bans", "timers_failing"):
        assert found[f"antiempire_{name}"] == 0.0
    assert found['antiempire_ledger_alarms{kind="drift"}'] == 0.0
    assert found['antiempire_moderation_queue{why="waiting"}'] == 0.0
    now = clock.now()
    Alarm.objects.create(kind=Alarm.Kind.DRIFT, text="It differs.", since=now, seen_at=now)
    assert told()['antiempire_ledger_alarms{kind="drift"}'] == 1.0


def test_a_figure_that_cannot_be_read_is_counted_and_hides_no_other(told, monkeypatch):
    monkeypatch.setitem(metrics.facts, "bans", metrics.Fact("bans", "Broken", lambda: 1 / 0))
    found = told()
    assert "antiempire_bans" not in found
    assert found["antiempire_figures_unread"] == 1.0
    assert "antiempire_letters_waiting" in found


def test_no_page_of_the_site_tells_the_figures(client, db):
    assert client.get("/metrics/").status_code == 404
