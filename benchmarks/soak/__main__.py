"""Plays the year, loses a fifth of its events, kills processes, repairs once, and holds both sides together."""

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import sites, stopping
from benchmarks.soak import crowd, report
from benchmarks.soak.processes import KEY, Site
from benchmarks.soak.report import Proof

# Some come half a minute late, while the year goes on.
FAULTS = {"drop": 0.2, "duplicate": 0.3, "shuffle": True, "spread": 30}
NO_FAULTS = {"drop": 0, "duplicate": 0, "shuffle": False, "spread": 0}
SIZE = (500, 500)  # pledges and gifts; such a run writes docs/proofs.md
KILL_EVERY = (4, 10)  # seconds
PATIENCE_SECONDS = 1800


def main() -> int:
    options = read_arguments()
    cluster_url = os.environ.get("POSTGRESQL_URL")
    if not cluster_url:
        print("The soak needs PostgreSQL: apt-get install postgresql", file=sys.stderr)
        return 1
    database_url = sites.on_postgresql(0, cluster_url, name="soak").database_url
    with tempfile.TemporaryDirectory(prefix="antiempire-soak-") as folder:
        site = Site(database_url, Path(folder))
        for command in (("migrate",), ("load_sample_rates",), ("collectstatic", "--noinput")):
            if site.manage(*command, "--verbosity", "0"):
                return 1
        with site:
            proof = Soak(site, options).run()
    print(report.said(proof))
    if (options.pledges, options.gifts) == SIZE and proof.holds:
        report.write(proof)
    return 0 if proof.holds else 1


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--pledges", type=int, default=SIZE[0])
    parser.add_argument("--gifts", type=int, default=SIZE[1])
    parser.add_argument("--deliveries", type=int, default=10_000, help="fewer than that fail the run")
    parser.add_argument("--seed", type=int, default=3)
    return parser.parse_args()


class Soak:
    def __init__(self, site: Site, options: argparse.Namespace):
        os.environ.update(site.environ)
        import django

        django.setup()
        from antiempire.demo.standin import StandIn
        from tests.donations.year import Year

        self.site, self.options = site, options
        self.stand_in = StandIn(site.stripe, KEY)
        self.chance = random.Random(options.seed)
        self.began = dt.datetime.now(dt.UTC)
        self.year = Year(self.stand_in, begin=self.began, days=crowd.HOURS // 24)
        self.proof = Proof(pledges=options.pledges, gifts=options.gifts, seed=options.seed)

    def run(self) -> Proof:
        started = time.monotonic()
        self.stand_in.do("faults", **FAULTS, seed=self.options.seed)
        parts = crowd.crowd(self.chance, pledges=self.options.pledges, gifts=self.options.gifts)
        with self.killing():
            self.year.play(parts)
            self.settle()
        self.proof.seconds = time.monotonic() - started
        self.proof.killed = dict(self.site.killed)
        self.proof.acts, self.proof.refused = dict(self.year.done), dict(self.year.refused)
        self.proof.wanted_deliveries = self.options.deliveries
        self.count_deliveries()
        self.stand_in.do("faults", **NO_FAULTS)
        self.proof.differences_before = len(self.differences())
        self.repair()
        return self.proof

    def repair(self) -> None:
        """One repair; what it changed at the stand-in is told by events that may still arrive."""
        begin = (self.began - dt.timedelta(days=1)).date().isoformat()
        started = time.monotonic()
        self.site.manage("reconcile_stripe", "--from", begin, "--apply", "--verbosity", "0")
        self.proof.repair_seconds = time.monotonic() - started
        self.proof.differences_after = self.differences()
        self.settle()
        self.proof.second_exit_code = self.site.manage("reconcile_stripe", "--from", begin)
        self.proof.differences_after += self.differences()
        self.count_ledger()

    def killing(self):
        return Killer(self.site, random.Random(self.options.seed + 1))

    def settle(self) -> None:
        """
        Waits until the stand-in has nothing to deliver and the worker nothing to do. What a killed worker was at is
        not waited for, nor what failed and is tried again later: the repair must do without both.
        """
        patience_ends = time.monotonic() + PATIENCE_SECONDS
        while self.stand_in.see("deliveries")["waiting"] or self.is_working():
            if time.monotonic() > patience_ends:
                print("Something is still waiting; the repair must do without it.", file=sys.stderr)
                return
            time.sleep(0.5)

    def is_working(self) -> bool:
        from django_tasks_db.models import DBTaskResult

        just_now = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=20)
        tasks = DBTaskResult.objects
        return tasks.ready().exists() or tasks.running().filter(started_at__gt=just_now).exists()

    def count_deliveries(self) -> None:
        from donations.models import StripeEvent

        said = self.stand_in.see("deliveries")
        self.proof.deliveries = {name: said[name] for name in ("accepted", "refused", "dropped")}
        self.proof.events = len(self.stand_in.see("events"))
        self.proof.events_kept = StripeEvent.objects.count()

    def count_ledger(self) -> None:
        from donations import tally
        from donations.models import Adjustment, Backer, Payment, Pledge

        self.proof.ledger = {
            "backers": Backer.objects.count(),
            "pledges": Pledge.objects.count(),
            "payments": Payment.objects.count(),
            "refunds and disputes": Adjustment.objects.count(),
        }
        found = tally.for_sentence()
        self.proof.sentence = f"{found.quarter}: {found.backers} backers, {found.total}"

    def differences(self) -> list[str]:
        from foundation import clock
        from tests.donations import comparison

        return comparison.differences(self.stand_in.see("rows"), site=self.site.environ["STRIPE_SITE"], now=clock.now())


class Killer:
    """Ends one of the site's processes now and then, as long as the context lasts."""

    def __init__(self, site: Site, chance: random.Random):
        self.site, self.chance = site, chance
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def work(self) -> None:
        while not self.over.wait(self.chance.uniform(*KILL_EVERY)):
            self.site.kill_one(self.chance)

    def __enter__(self) -> "Killer":
        self.thread.start()
        return self

    def __exit__(self, *trouble) -> None:
        self.over.set()
        self.thread.join()


if __name__ == "__main__":
    stopping.in_order()
    sys.exit(main())
