"""Measures what pages cost as they are served, and judges the ratios."""

import argparse
import gzip
import http.client
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving import table, weight
from benchmarks.serving.measuring import Target, measure
from benchmarks.serving.site import Served

ROUNDS, SECONDS = 5, 1.0


@dataclass(frozen=True)
class Goal:
    """At most `most` times of what `limit` costs in the same run."""

    what: str
    ours: str
    limit: str
    most: float


GOALS = [
    Goal("cached article from the app server", "article, stored", "bare WSGI", 1.3),
    Goal("304 for an unchanged page", "article, 304", "bare WSGI", 1.0),
    Goal("cached article through nginx", "article through nginx", "nginx, file", 1.2),
    Goal("the same with gzip", "article through nginx, gzip", "article through nginx", 1.1),
    Goal("the same with brotli", "article through nginx, br", "article through nginx", 1.1),
    Goal("uncached article, 200 comments", "article, made anew", "stored fragments", 2),
    Goal("uncached home", "home, made anew", "stored fragments", 2),
    Goal("uncached feed", "feed, made anew", "stored fragments", 2),
]


def main() -> int:
    options = read_arguments()
    with tempfile.TemporaryDirectory(prefix="antiempire-bench-") as folder:
        site = Served(Path(folder))
        try:
            print("==> Starting the site, nginx and the limits", file=sys.stderr)
            site.start()
            addresses = site.fill()
            host = site.front.address.removeprefix("http://")
            page, etag = fetched(site.apps[0].port, host, addresses["article"])
            site.start_limits(page)
            targets = targets_of(site, addresses, etag)
            print(f"==> {options.rounds} rounds of {len(targets)} kinds of requests", file=sys.stderr)
            measure(list(targets.values()), host=host, rounds=options.rounds, seconds=options.seconds)
            facts = weight.of_page(page, gzip.compress(page, 9))
        finally:
            site.stop()
    text = table.markdown(targets, GOALS, facts, options)
    print(text)
    if (options.rounds, options.seconds) == (ROUNDS, SECONDS):
        table.write(text)
    for fault in facts.faults:
        print(f"BROKEN: {fault}", file=sys.stderr)
    missed = [goal.what for goal in GOALS if targets[goal.ours].cpu > goal.most * targets[goal.limit].cpu]
    if missed:
        print("Missed:", ", ".join(missed), file=sys.stderr)
    return 1 if facts.faults or (missed and not options.facts_only) else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each kind of request in each round")
    parser.add_argument("--facts-only", action="store_true", help="ratios are printed and not judged")
    return parser.parse_args()


def fetched(port: int, host: str, path: str) -> tuple[bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.client.OK or not answer.headers["ETag"]:
        raise SystemExit(f"{path} answered {answer.status}, ETag {answer.headers['ETag']}: nothing is stored")
    return body, answer.headers["ETag"]


def targets_of(site: Served, addresses: dict[str, str], etag: str) -> dict[str, Target]:
    warm, article = site.apps[0], addresses["article"]
    front = [site.front.process.pid, *(app.process.pid for app in site.apps)]
    cold = [site.cold.process.pid, site.postmaster]
    found = [
        Target("bare WSGI", site.limits["bare"].port, "/", [site.limits["bare"].process.pid]),
        Target("minimal Django", site.limits["minimal"].port, "/", [site.limits["minimal"].process.pid]),
        Target("article, stored", warm.port, article, [warm.process.pid]),
        Target("article, stored, gzip", warm.port, article, [warm.process.pid], {"Accept-Encoding": "gzip"}),
        Target("article, 304", warm.port, article, [warm.process.pid], {"If-None-Match": etag}, 304),
        Target("nginx, file", site.front.port, "/static/bench.html", front),
        Target("article through nginx", site.front.port, article, front),
        Target("article through nginx, gzip", site.front.port, article, front, {"Accept-Encoding": "gzip"}),
        Target("article through nginx, br", site.front.port, article, front, {"Accept-Encoding": "br"}),
        Target(
            "stored fragments",
            site.limits["fragments"].port,
            "/",
            [site.limits["fragments"].process.pid, site.postmaster],
        ),
        Target("article, made anew", site.cold.port, article, cold),
        Target("home, made anew", site.cold.port, addresses["home"], cold),
        Target("feed, made anew", site.cold.port, addresses["feed"], cold),
    ]
    return {target.name: target for target in found}


if __name__ == "__main__":
    sys.exit(main())
