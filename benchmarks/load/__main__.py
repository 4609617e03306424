"""Plays a front-page day in miniature, and judges what every reader was shown."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import stopping
from benchmarks.load import ending, history, report, verdict
from benchmarks.load.people import Backers, Commenter, Editor
from benchmarks.load.site import KEY, Site
from benchmarks.load.verdict import Figure, Read, ReadFigure
from tests.system.engines import PROJECT

SECONDS, READERS, ADDRESSES = 120, 50, 2000  # such a run writes docs/proofs.md
# An old page may be shown for as long: the front server's two seconds, one of a process's memory, and the making of a
# new page on a machine that all of this shares. The figure moves in steps of five seconds beside.
PAGE_PROMISE, FIGURE_PROMISE = 5.0, 10.0
WATCHED, WITHDRAWN, TALKED_ABOUT = 3, 8, 6
SETTLES_IN = 60


@dataclass
class Day:
    """What happened, and every fault that was found in it."""

    options: argparse.Namespace
    seconds: float = 0
    statuses: dict[str, int] = field(default_factory=dict)
    p50: float = 0
    p99: float = 0
    watched_reads: int = 0
    figures_read: int = 0
    updates: int = 0
    published: int = 0
    withdrawn: int = 0
    comments: int = 0
    pledges: int = 0
    refunds: int = 0
    oldest_page: float = 0
    sentence: str = ""
    faults: list[str] = field(default_factory=list)


def main() -> int:
    options = read_arguments()
    with tempfile.TemporaryDirectory(prefix="antiempire-load-") as folder:
        site = Site(Path(folder))
        try:
            print(f"==> Starting a site of {options.addresses:,} articles: two processes, Redis, PostgreSQL, nginx")
            site.start()
            site.fill(options.addresses)
            os.environ.update(site.environ)
            day = play(site, options)
        finally:
            site.stop()
    print(report.said(day))
    if (options.seconds, options.readers, options.addresses) == (SECONDS, READERS, ADDRESSES) and not day.faults:
        report.write(day)
    return 1 if day.faults else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--readers", type=int, default=READERS, help="connections that ask without a pause")
    parser.add_argument("--addresses", type=int, default=ADDRESSES)
    parser.add_argument("--seed", type=int, default=5)
    return parser.parse_args()


def play(site: Site, options: argparse.Namespace) -> Day:
    import django

    django.setup()
    from antiempire.demo.standin import StandIn
    from articles.models import Article
    from comments.models import CommentSettings, Mode

    CommentSettings.objects.update_or_create(pk=1, defaults={"mode": Mode.NONE_WAITS})
    newest = list(Article.objects.published().select_related("section").order_by("-published_at")[: options.addresses])
    watched, to_withdraw = newest[:WATCHED], newest[WATCHED : WATCHED + WITHDRAWN]
    talked_about = [*watched, *newest[WATCHED + WITHDRAWN :]][:TALKED_ABOUT]
    editor = Editor(watched, to_withdraw=list(to_withdraw), seed=options.seed)
    commenter = Commenter(talked_about, base=site.front.address, seed=options.seed)
    stand_in = StandIn(site.stripe, KEY)
    backers = Backers(stand_in, seed=options.seed)
    workers = [editor, commenter, backers]
    history.keep()

    print(f"==> {options.readers} readers for {options.seconds} s, an editor, commenters, backers")
    started, day = time.monotonic(), Day(options)
    crowd = start_readers(site, options, paths_of(newest, options), [*watched, *to_withdraw])
    for worker in workers:
        worker.start()
    seen = json.loads(crowd.communicate(timeout=options.seconds + 120)[0])
    for worker in workers:
        worker.stop()
    settle(stand_in)
    day.seconds = time.monotonic() - started
    truths = history.truths()
    judge(day, seen, editor, truths)
    count(day, editor, commenter, backers)
    day.faults += [fault for worker in workers for fault in worker.faults]
    day.sentence = truths[-1].sentence
    day.faults += ending.differences(site, stand_in, talked_about)
    return day


def paths_of(articles: list, options: argparse.Namespace) -> list[str]:
    """The most wanted first: what is read at all is read by this order's odds."""
    addresses = [article.get_absolute_url() for article in articles]
    sections = list(dict.fromkeys(article.section.get_absolute_url() for article in articles))
    return ["/", *addresses[:6], "/feed/", *sections[:3], *addresses[6:]][: options.addresses]


def start_readers(site: Site, options: argparse.Namespace, paths: list[str], watched: list) -> subprocess.Popen:
    plan = {
        "port": site.front.port,
        "host": site.front.address.removeprefix("http://"),
        "until": time.time() + options.seconds,
        "readers": options.readers,
        "seed": options.seed,
        "paths": paths,
        "watched": [article.get_absolute_url() for article in watched],
    }
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load.readers", json.dumps(plan)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def settle(stand_in) -> None:
    """Until the stand-in has nothing to deliver and the worker nothing to do."""
    from django_tasks_db.models import DBTaskResult

    patience_ends = time.monotonic() + SETTLES_IN
    while stand_in.see("deliveries")["waiting"] or DBTaskResult.objects.ready().exists():
        if time.monotonic() > patience_ends:
            return
        time.sleep(0.5)
    time.sleep(FIGURE_PROMISE)


def judge(day: Day, seen: dict, editor: Editor, truths: list[Figure]) -> None:
    reads = [Read(*each) for each in seen["watched"]]
    figures = [ReadFigure(*each) for each in seen["figures"]]
    day.statuses, day.p50, day.p99 = seen["statuses"], seen["p50"], seen["p99"]
    day.watched_reads, day.figures_read = len(reads), len(figures)
    day.oldest_page = verdict.greatest_age(reads, editor.published)
    day.faults += seen["troubles"]
    day.faults += verdict.old_pages(reads, editor.published, promise=PAGE_PROMISE)
    day.faults += verdict.seen_after_withdrawal(reads, editor.withdrawn)
    day.faults += verdict.untrue_figures(figures, truths, promise=FIGURE_PROMISE)


def count(day: Day, editor: Editor, commenter: Commenter, backers: Backers) -> None:
    day.updates, day.published, day.withdrawn = len(editor.published), editor.new, len(editor.withdrawn)
    day.comments, day.pledges, day.refunds = commenter.sent, backers.done, backers.refunded
    for what in ("updates", "published", "withdrawn", "comments", "pledges", "watched_reads", "figures_read"):
        if not getattr(day, what):
            day.faults.append(f"{what}: none; such a day proves nothing")


if __name__ == "__main__":
    stopping.in_order()
    sys.exit(main())
