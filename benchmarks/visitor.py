"""
A process that visits one site (the database of its environment) and answers its parent, line by line in JSON, what the
visits cost. Whole requests go through Django's middleware, without a network between.
"""

import contextlib
import json
import sys
import time
from pathlib import Path

import django

from benchmarks import discussions, ledger, searching, webhooks

COPY_MARK = "-copy-"
NANOSECONDS = 1e9
DEEP = 1000  # the page that is so many steps back, or the last


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
    from articles.views import lists

    published = Article.objects.published()
    copies = published.filter(slug__contains=COPY_MARK).order_by("-published_at")
    newest = copies.filter(tags__isnull=False).first()
    of_section, in_section = newest.section.get_absolute_url(), published.in_section(newest.section)
    return {
        "home": "/",
        "home, page 1,000": f"/?before={_before_page(DEEP, published, lists.RIVER_SIZE)}",
        "section": of_section,
        "section, page 1,000": f"{of_section}?before={_before_page(DEEP, in_section, lists.LIST_SIZE)}",
        "archive": "/archive/",
        "tag": newest.tags.first().get_absolute_url(),
        "article": newest.get_absolute_url(),
        "article with addenda and posts": with_most_in_it(published).get_absolute_url(),
        "feed": "/feed/",
    }


def _before_page(number: int, published, size: int) -> int:
    """The row before that page, by which it is asked for; before the last full one where there are not so many."""
    place = max(0, min((number - 1) * size, published.count() - size) - 1)
    return published.newest_first().values_list("pk", flat=True)[place]


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
            seconds += int(Path(f"/proc/{backend.backend_pid}/schedstat").read_text().split()[0]) / NANOSECONDS
    return seconds


ORDERS = {
    "pages": pages,
    "queries": queries,
    "milliseconds": milliseconds,
    **discussions.ORDERS,
    **ledger.ORDERS,
    **searching.ORDERS,
    **webhooks.ORDERS,
}

if __name__ == "__main__":
    main()
