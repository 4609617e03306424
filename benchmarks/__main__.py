"""Fills the sites, visits them in turns, writes the table; ends with 1 if the promise is broken."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial

from benchmarks import ledger, promises, report, searching, sites, stopping
from benchmarks.report import Checked, Intake, Row, Searching, Talk
from benchmarks.serving import table
from benchmarks.sites import PROJECT, Site

SIZES = (2_000, 20_000)
PAYMENTS = (1_000, 100_000)
EVENTS_PER_ROUND = 200
ROUNDS = 7
VISITS_PER_ROUND = 8
SEARCHES_PER_ROUND = 40


def main() -> int:
    options = read_arguments()
    tables, talks, searches, ledgers, checked, intake = {}, {}, {}, {}, {}, None
    try:
        sites.on_sqlite(0).manage("collectstatic", "--noinput")
        for engine, pair in pairs(options.sizes):
            tables[engine], talks[engine], found = measure(engine, pair, options.rounds)
            searches.update({engine: found} if found else {})
        for engine, pair in ledger_pairs(options.payments):
            ledgers[engine], checked[engine] = measure_ledger(engine, pair, options.rounds)
        if cluster_url := os.environ.get("POSTGRESQL_URL"):
            intake = measure_intake(sites.on_postgresql(0, cluster_url, name="webhooks"), options.rounds)
    finally:
        shutil.rmtree(sites.FOLDER, ignore_errors=True)
    outcomes = promises.outcomes(tables, ledgers, talks, searches)
    text = report.markdown(
        outcomes,
        tables,
        ledgers,
        checked,
        talks,
        searches,
        intake,
        sizes=options.sizes,
        payments=options.payments,
        rounds=options.rounds,
    )
    print(text)
    if (options.sizes, options.payments) == (SIZES, PAYMENTS):
        (PROJECT / "docs" / "benchmarks.md").write_text(f"{text}\n{table.kept()}")
    broken = [outcome.what for outcome in outcomes if not outcome.is_kept]
    if broken:
        print("The promise is broken by", ", ".join(broken), file=sys.stderr)
    return 1 if broken else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES, metavar="ARTICLES", help="for a quick try")
    parser.add_argument("--payments", type=int, nargs=2, default=PAYMENTS, metavar="PAYMENTS", help="for a quick try")
    options = parser.parse_args()
    options.sizes, options.payments = tuple(options.sizes), tuple(options.payments)
    return options


def pairs(sizes: tuple[int, int]):
    """The small and the large site of every engine that is there, filled: the large one is the small one, grown."""
    yield "SQLite", filled(sizes, sites.on_sqlite)
    cluster_url = os.environ.get("POSTGRESQL_URL")
    if not cluster_url:
        print("PostgreSQL is not installed here and is left out.", file=sys.stderr)
        return
    pair = filled(sizes, partial(sites.on_postgresql, cluster_url=cluster_url))
    for site in pair:
        sites.analyse(site)
    yield "PostgreSQL", pair


def filled(sizes: tuple[int, int], make: Callable[..., Site]) -> tuple[Site, Site]:
    pair: list[Site] = []
    for size in sizes:
        site = make(size, grown_from=pair[0] if pair else None)
        print(f"==> {site.engine}: writing {size:,} articles", file=sys.stderr)
        site.fill(has_already=pair[0].articles if pair else 0)
        pair.append(site)
    return pair[0], pair[1]


def ledger_pairs(counts: tuple[int, int]):
    """Sites of their own: pages are compared on equal ledgers."""
    makers = {"SQLite": sites.on_sqlite}
    if cluster_url := os.environ.get("POSTGRESQL_URL"):
        makers["PostgreSQL"] = lambda count, *, name: sites.on_postgresql(count, cluster_url, name=name)
    for engine, make in makers.items():
        pair = tuple(make(count, name="ledger") for count in counts)
        for site, count in zip(pair, counts, strict=True):
            print(f"==> {engine}: writing {count:,} payments", file=sys.stderr)
            site.fill_ledger(count)
            if engine == "PostgreSQL":
                sites.analyse(site)
        yield engine, pair


def measure(engine: str, pair: tuple[Site, ...], rounds: int) -> tuple[list[Row], Talk, Searching | None]:
    small, large = pair
    try:
        addresses = {site.articles: site.ask("pages") for site in pair}
        rows = []
        for page in addresses[small.articles]:
            counts = tuple(site.ask("queries", path=addresses[site.articles][page]) for site in pair)
            rows.append(Row(page, counts))
        for number in range(rounds):
            print(f"==> {engine}: round {number + 1} of {rounds}", file=sys.stderr)
            begin_anew(pair, addresses)
            for row in rows:
                take_turns(row, pair, addresses, reverse=number % 2 == 1)
        found = measure_search(pair, rounds) if engine == "PostgreSQL" else None
        return rows, measure_talk(engine, small, rounds), found
    finally:
        for site in pair:
            site.leave()


def begin_anew(pair: tuple[Site, ...], addresses: dict[int, dict[str, str]]) -> None:
    """
    Two processes that do the same may differ by a tenth for as long as they live, as their memory happens to lie: each
    round has its own. What is read or compiled at first need does not count.
    """
    for site in pair:
        site.leave()
        for path in addresses[site.articles].values():
            site.ask("milliseconds", path=path, times=2)


def measure_search(pair: tuple[Site, ...], rounds: int) -> Searching:
    print("==> PostgreSQL: searching", file=sys.stderr)
    common = [site.ask("plant") for site in pair][-1]
    taken = {name: ([], []) for name in searching.READINGS}
    for number in range(rounds):
        for name, figures in taken.items():
            turns = list(zip(pair, figures, strict=True))
            for site, list_of_site in reversed(turns) if number % 2 else turns:
                span = {"name": name, "common": common, "times": SEARCHES_PER_ROUND}
                list_of_site.append(site.ask("search_milliseconds", **span))
    facts = [site.ask("search_facts", common=common) for site in pair]
    return Searching(taken, common, **facts[-1])


def measure_talk(engine: str, site: Site, rounds: int) -> Talk:
    """The same article with more and more below it, in turns."""
    print(f"==> {engine}: articles with comments", file=sys.stderr)
    addresses = site.ask("fill_discussions")
    if engine == "PostgreSQL":
        sites.analyse(site)
    talk = Talk()
    for page, path in addresses.items():
        talk.queries[page] = site.ask("queries", path=path)
        talk.taken[page] = []
    for number in range(rounds):
        for page, path in reversed(addresses.items()) if number % 2 else addresses.items():
            talk.taken[page].append(site.ask("milliseconds", path=path, times=VISITS_PER_ROUND))
    return talk


def measure_ledger(engine: str, pair: tuple[Site, ...], rounds: int) -> tuple[list[Row], Checked]:
    try:
        rows = [Row(name, tuple(site.ask("reading_queries", name=name) for site in pair)) for name in ledger.READINGS]
        for number in range(rounds):
            print(f"==> {engine}: round {number + 1} of {rounds} in the ledger", file=sys.stderr)
            for row in rows:
                turns = list(zip(pair, (row.small, row.large), strict=True))
                for site, taken in reversed(turns) if number % 2 else turns:
                    taken.append(site.ask("reading_milliseconds", name=row.page, times=VISITS_PER_ROUND))
        print(f"==> {engine}: comparing the ledger with itself", file=sys.stderr)
        large = pair[1]
        return rows, Checked(large.articles, **large.ask("comparison"))
    finally:
        for site in pair:
            site.leave()


def measure_intake(site: Site, rounds: int) -> Intake:
    """Rounds of signed events and of bare rows, in turns; ids never repeat."""
    print("==> PostgreSQL: taking events in", file=sys.stderr)
    site.manage("migrate")
    intake = Intake()
    try:
        for start in range(0, 2 * rounds * EVENTS_PER_ROUND, 2 * EVENTS_PER_ROUND):
            span = {"times": EVENTS_PER_ROUND}
            intake.taken.append(EVENTS_PER_ROUND / site.ask("taken_in", start=start, **span))
            intake.bare.append(EVENTS_PER_ROUND / site.ask("bare_inserts", start=start + EVENTS_PER_ROUND, **span))
        return intake
    finally:
        site.leave()


def take_turns(row: Row, pair: tuple[Site, ...], addresses: dict, *, reverse: bool) -> None:
    """The one that goes first changes from round to round, so that neither profits from a warmer processor."""
    turns = list(zip(pair, (row.small, row.large), strict=True))
    for site, figures in reversed(turns) if reverse else turns:
        path = addresses[site.articles][row.page]
        figures.append(site.ask("milliseconds", path=path, times=VISITS_PER_ROUND))


if __name__ == "__main__":
    stopping.in_order()
    sys.exit(main())
