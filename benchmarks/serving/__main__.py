"""Measures what pages cost as they are served, and judges the ratios."""

import argparse
import gzip
import http.client
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import stopping
from benchmarks.serving import crowd, goals, memory, publishing, table, weight
from benchmarks.serving.measuring import Target, measure, memory_kb
from benchmarks.serving.site import Served

ROUNDS, SECONDS, ARTICLES = 6, 0.6, 2000
READ_WHILE_PUBLISHING = 30


def main() -> int:
    options = read_arguments()
    with tempfile.TemporaryDirectory(prefix="antiempire-bench-") as folder:
        site = Served(Path(folder))
        try:
            result = run(site, options)
        finally:
            site.stop()
    text = table.markdown(result, options)
    print(text)
    if options.is_whole:
        table.write(text)
    for fault in result.facts.faults:
        print(f"BROKEN: {fault}", file=sys.stderr)
    missed = [outcome.what for outcome in result.outcomes if not outcome.is_kept]
    if missed:
        print("Missed:", "; ".join(missed), file=sys.stderr)
    return 1 if result.facts.faults or (missed and not options.facts_only) else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each kind of request in each round")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--requests", type=int, default=memory.REQUESTS, help="before memory is looked at last")
    parser.add_argument("--facts-only", action="store_true", help="ratios are printed and not judged")
    options = parser.parse_args()
    told = (options.rounds, options.seconds, options.articles, options.requests)
    options.is_whole = told == (ROUNDS, SECONDS, ARTICLES, memory.REQUESTS)
    return options


def run(site: Served, options: argparse.Namespace) -> table.Result:
    began = time.monotonic()

    def say(words: str) -> None:
        print(f"==> {time.monotonic() - began:.0f} s: {words}", file=sys.stderr, flush=True)

    say("starting the site, nginx and the limits")
    site.start()
    addresses, paths = site.fill(options.articles)
    host = site.front.address.removeprefix("http://")
    page, etag = fetched(site.apps[0].port, host, addresses["article"])
    site.start_rest(page)
    for app in site.warm:
        site.wait_ready(app)
    targets = targets_of(site, addresses, etag)
    say(f"{options.rounds} rounds of {len(targets)} kinds of requests")
    measure(list(targets.values()), host=host, rounds=options.rounds, seconds=options.seconds)
    say("several clients at once")
    for target in targets.values():
        asked = [{"path": target.path, "headers": target.headers}]
        ports = [target.servers[0].port]
        print(f"    {target.name}", file=sys.stderr, flush=True)
        seen = crowd.ask(ports, asked, host=host, seconds=options.seconds, statuses=(target.status,))
        target.per_second = seen.per_second
        target.memory = memory_kb([target.servers[0].process.pid]) / 1000
    say("an editor publishes every second")
    seconds = 6 if options.is_whole else 3
    read = paths[:READ_WHILE_PUBLISHING]
    busy = publishing.measure(site, read, host=host, seconds=seconds, rounds=3 if options.is_whole else 1)
    say(f"{options.requests:,} requests of two workers")
    grown = memory.measure(site, paths, host=host, requests=options.requests)
    say("done")
    return table.Result(targets, busy, grown, weight.of_page(page, gzip.compress(page, 9)), goals.of_cpu(targets))


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
    article, apps = addresses["article"], [app.process.pid for app in site.apps]
    engines = [site.postmaster, site.redis.process.pid]

    def stored(name: str, headers: dict[str, str] | None = None, status: int = 200) -> Target:
        return Target(name, site.warm, article, headers or {}, status)

    def through_nginx(name: str, path: str, headers: dict[str, str] | None = None) -> Target:
        return Target(name, [site.front], path, headers or {}, beside=apps)

    def anew(name: str, path: str, server=site.anew) -> Target:
        return Target(name, [server], path, beside=engines)

    found = [
        Target("bare WSGI", site.bare, "/"),
        Target("minimal Django", [site.minimal], "/"),
        stored("article, stored"),
        stored("article, stored, gzip", {"Accept-Encoding": "gzip"}),
        stored("article, 304", {"If-None-Match": etag}, 304),
        through_nginx("nginx, file", "/static/bench.html"),
        through_nginx("article through nginx", article),
        through_nginx("article through nginx, gzip", article, {"Accept-Encoding": "gzip"}),
        through_nginx("article through nginx, br", article, {"Accept-Encoding": "br"}),
        Target("stored fragments", [site.fragments], "/", beside=engines),
        anew("article, made anew", article),
        anew("home, made anew", addresses["home"]),
        anew("feed, made anew", addresses["feed"]),
        anew("article, nothing standing", article, site.nothing),
        anew("home, nothing standing", addresses["home"], site.nothing),
        anew("feed, nothing standing", addresses["feed"], site.nothing),
        anew(goals.NONE, addresses["no comments"], site.lifted),
        anew(goals.MANY, addresses["2,000 comments"], site.lifted),
    ]
    return {target.name: target for target in found}


if __name__ == "__main__":
    stopping.in_order()
    sys.exit(main())
