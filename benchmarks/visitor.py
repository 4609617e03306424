"""
A process that visits one site (the database of its environment) and answers its parent, line by line in JSON, what the
visits cost. Whole requests go through Django's middleware, without a network between.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import django

from benchmarks import discussions, ledger, webhooks

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
COPY_MARK = "-copy-"


def main() -> None:
    django.setup()
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    for line in sys.stdin:
        order = json.loads(line)
        answer = ORDERS[order.pop("order")](client, **order)
        print(json.dumps(answer), flush=True)


def pages(client) -> dict[str, str]:
    """Addresses that hold the same texts in a small site and in a large one."""
    from articles.models import Article

    published = Article.objects.published()
    copies = published.filter(slug__contains=COPY_MARK).order_by("-published_at")
    newest = copies.filter(tags__isnull=False).first()
    return {
        "home": "/",
        "home, 1,000 articles back": f"/?before={published.order_by('-published_at', '-pk')[1000].pk}",
        "section": newest.section.get_absolute_url(),
        "tag": newest.tags.first().get_absolute_url(),
        "article": newest.get_absolute_url(),
        "article with addenda and posts": with_most_in_it(published).get_absolute_url(),
        "feed": "/feed/",
    }


def with_most_in_it(published):
    from django.db.models import Count

    return published.annotate(parts=Count("embeds", distinct=True)).order_by("-parts", "pk").first()


def queries(client, *, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visit(client, path)
    with CaptureQueriesContext(connection) as captured:
        visit(client, path)
    return len(captured)


def milliseconds(client, *, path: str, times: int) -> float:
    """CPU time of one request: ours, and that of PostgreSQL's process where there is one."""
    before = cpu_seconds()
    for _ in range(times):
        visit(client, path)
    return (cpu_seconds() - before) / times * 1000


def visit(client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")


def cpu_seconds() -> float:
    from django.db import connection

    seconds = time.process_time()
    backend = getattr(connection.connection, "info", None)
    with contextlib.suppress(OSError):
        if backend is not None:
            fields = Path(f"/proc/{backend.backend_pid}/stat").read_text().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
    return seconds


ORDERS = {
    "pages": pages,
    "queries": queries,
    "milliseconds": milliseconds,
    **discussions.ORDERS,
    **ledger.ORDERS,
    **webhooks.ORDERS,
}

if __name__ == "__main__":
    main()
