"""Ten thousand visits of people to the trap, of whom nobody may be banned; then robots, of whom all should be."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks import sites, stopping
from benchmarks.trap import chromium, people, report, robots
from benchmarks.trap.people import Links
from benchmarks.trap.report import Proof
from tests.bottrap.serving import Site, running

SIZE = 10_000  # visits; such a run writes docs/proofs.md
ARTICLES = 60
LINKS = """
import json
from bottrap import trap_links as t
print(json.dumps([t.ahead() + t.at_foot(), t.second(), t._address(t._today() - 1, t.FIRST)]))
"""
COUNTED = """
import json
from collections import Counter
from bottrap.models import Ban, Hit
judged = Hit.objects.filter(outcome__in=["banned", "breaker"]).order_by().values("network").distinct().count()
print(json.dumps([Ban.objects.count(), judged, Counter(Hit.objects.values_list("outcome", flat=True))]))
"""


def main() -> int:
    options = read_arguments()
    begun = time.monotonic()
    proof = Proof(
        options.visits, len(people.all_agents()), "PostgreSQL" if "POSTGRESQL_URL" in os.environ else "SQLite"
    )
    with _folder() as folder, running(Path(folder), articles=ARTICLES, **_database("trap")) as site:
        _people(site, proof, options)
        proof.rows = list(robots.measure(site, options.robots, options.scrapy))
        proof.polite = robots.polite(site)
    unguarded = {"DJANGO_SETTINGS_MODULE": "benchmarks.trap.unguarded", **_database("trap_control")}
    with _folder() as folder, running(Path(folder), articles=ARTICLES, **unguarded) as site:
        _control(site, proof, options.visits // 10)
    proof.seconds = time.monotonic() - begun
    print(report.said(proof))
    if options.visits == SIZE and proof.holds:
        report.write(proof)
    return 0 if proof.holds else 1


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trap", description=__doc__)
    parser.add_argument("--visits", type=int, default=SIZE)
    parser.add_argument("--chromium", type=int, default=220, help="so many of them by a real browser")
    parser.add_argument("--robots", type=int, default=6, help="for each order and number of connections")
    parser.add_argument("--scrapy", type=int, default=2)
    return parser.parse_args()


def links_of(site: Site) -> Links:
    return Links(*json.loads(site.shell(LINKS)))


def _people(site: Site, proof: Proof, options: argparse.Namespace) -> None:
    links = links_of(site)
    crowd = chromium.crowd(site.address, links, options.chromium)
    proof.chromium = Counter(visit.kind for visit in crowd.visits)
    proof.refused.update(crowd.refused)
    recorded = [visit for visit in crowd.visits if people.touches(visit)]
    outcome = people.play(site.address, people.visits(links, recorded, options.visits - options.chromium))
    proof.visits, proof.statuses = outcome.visits, outcome.statuses
    proof.refused.update(outcome.refused)
    proof.bans, proof.judged, proof.outcomes = json.loads(site.shell(COUNTED))


def _control(site: Site, proof: Proof, count: int) -> None:
    """Banned are twenty, then the breaker stops it: those whom it saves count too, each once."""
    outcome = people.play(site.address, people.visits(links_of(site), [], count))
    _bans, proof.control_would, _outcomes = json.loads(site.shell(COUNTED))
    proof.control_visits = sum(outcome.visits.values())


def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="antiempire-trap-")


def _database(name: str) -> dict[str, str]:
    cluster_url = os.environ.get("POSTGRESQL_URL")
    return {"DATABASE_URL": sites.on_postgresql(0, cluster_url, name=name).database_url} if cluster_url else {}


if __name__ == "__main__":
    stopping.in_order()
    sys.exit(main())
