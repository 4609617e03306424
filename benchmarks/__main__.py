"""Fills the sites, visits them in turns, writes the table; ends with 1 if the promise is broken."""

import argparse
import os
import shutil
import sys

from benchmarks import report, sites
from benchmarks.report import Row
from benchmarks.sites import PROJECT, Site

SIZES = (2_000, 20_000)
ROUNDS = 15
VISITS_PER_ROUND = 10


def main() -> int:
    options = read_arguments()
    tables = {}
    try:
        for engine, pair in pairs(options.sizes):
            tables[engine] = measure(engine, pair, options.rounds)
    finally:
        shutil.rmtree(sites.FOLDER, ignore_errors=True)
    text = report.markdown(tables, sizes=options.sizes, rounds=options.rounds)
    print(text)
    if options.sizes == SIZES:
        (PROJECT / "docs" / "benchmarks.md").write_text(text)
    broken = [f"{engine}: {row.page}" for engine, rows in tables.items() for row in rows if not row.is_kept]
    if broken:
        print("The promise is broken by", ", ".join(broken), file=sys.stderr)
    return 1 if broken else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES, metavar="ARTICLES", help="for a quick try")
    options = parser.parse_args()
    options.sizes = tuple(options.sizes)
    return options


def pairs(sizes: tuple[int, int]):
    """The small and the large site of every engine that is there, filled."""
    small, large = map(sites.on_sqlite, sizes)
    small.manage("collectstatic", "--noinput")
    yield "SQLite", filled(small, large)
    cluster_url = os.environ.get("POSTGRESQL_URL")
    if not cluster_url:
        print("PostgreSQL is not installed here and is left out.", file=sys.stderr)
        return
    pair = filled(*(sites.on_postgresql(size, cluster_url) for size in sizes))
    for site in pair:
        sites.analyse(site)
    yield "PostgreSQL", pair


def filled(*pair: Site) -> tuple[Site, ...]:
    for site in pair:
        print(f"==> {site.engine}: writing {site.articles:,} articles", file=sys.stderr)
        site.fill()
    return pair


def measure(engine: str, pair: tuple[Site, ...], rounds: int) -> list[Row]:
    small, large = pair
    try:
        addresses = {site.articles: site.ask("pages") for site in pair}
        rows = []
        for page in addresses[small.articles]:
            counts = tuple(site.ask("queries", path=addresses[site.articles][page]) for site in pair)
            rows.append(Row(page, counts))
        for number in range(rounds):
            print(f"==> {engine}: round {number + 1} of {rounds}", file=sys.stderr)
            for row in rows:
                take_turns(row, pair, addresses, reverse=number % 2 == 1)
        return rows
    finally:
        for site in pair:
            site.leave()


def take_turns(row: Row, pair: tuple[Site, ...], addresses: dict, *, reverse: bool) -> None:
    """The one that goes first changes from round to round, so that neither profits from a warmer processor."""
    turns = list(zip(pair, (row.small, row.large), strict=True))
    for site, figures in reversed(turns) if reverse else turns:
        path = addresses[site.articles][row.page]
        figures.append(site.ask("milliseconds", path=path, times=VISITS_PER_ROUND))


if __name__ == "__main__":
    sys.exit(main())
