"""
The servers that are measured, over one database: the site as it is and with each page made anew, nginx, and the limits.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2

from benchmarks.serving import installed
from tests.system.engines import Process, free_port
from tests.system.stack import Stack

MINIMAL = {"DJANGO_SETTINGS_MODULE": "", "ENV_FILE": os.devnull}
OURS, ANEW, LIFTED = "antiempire.wsgi", "benchmarks.serving.anew", "benchmarks.serving.lifted"
# How ours are started, and how one would start any other application.
OUR_WAY, GRANIAN = ("antiempire.serve",), ("granian", "--interface", "wsgi", "--no-ws")
LIMIT_OF = {"bare": "", "minimal": "minimal", "fragments": "fragments"}
FILL = """
from django.test import Client
from benchmarks import discussions
for address in discussions.fill_discussions(Client()).values():
    print(address)
"""
# Of articles, newest first, and of what else readers ask for.
ADDRESSES = """
from articles.models import Article, Section
for article in Article.objects.published().select_related("section").order_by("-published_at")[:{most}]:
    print(article.get_absolute_url())
"""


class Served(Stack):
    """The system test's site, and beside it processes under the same server that do less, or more."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.front.environ["FRONT_RATE_READING"] = "1000000r/s"
        self.page = self.static / "bench.html"
        self.environ |= installed.without_the_rest(folder / "absent")
        third = self.served("ours", OURS)
        self.warm = [*self.apps, third]
        self.anew = self.served("anew", ANEW)
        self.nothing = self.served("nothing", ANEW, BENCH_PIECES="none")
        self.lifted = self.served("lifted", LIFTED)
        self.two_workers = self.served("two workers of ours", OURS, workers=2)
        self.two_minimal = self.limit("minimal", workers=2)
        self.bare = [self.limit("bare") for _ in self.warm]
        self.minimal, self.fragments = self.limit("minimal"), self.limit("fragments")

    def fill(self, articles: int) -> tuple[dict[str, str], list[str]]:
        """Addresses of what is measured, and of many pages that are read."""
        self.manage("load_sample_content", "--copies", str(articles), "--verbosity", "0")
        none, some, many = self.shell(FILL).splitlines()[-4:-1]
        with psycopg2.connect(self.database.url()) as connection:
            connection.autocommit = True
            connection.cursor().execute("ANALYZE")
        found = self.shell(ADDRESSES.format(most=200)).splitlines()
        chosen = {"article": some, "no comments": none, "2,000 comments": many, "home": "/", "feed": "/feed/"}
        return chosen, ["/", "/feed/", "/archive/", some, *(each for each in found if each.startswith("/"))]

    def start_rest(self, page: bytes) -> None:
        """The limits hand out the very bytes that the site answers for the article; nginx has them as a file."""
        self.page.write_bytes(page)
        subprocess.run(["gzip", "-9", "-k", "-f", str(self.page)], check=True)
        self.write_fragments(page.decode())
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(Process.start, self.rest))

    @property
    def rest(self) -> list[Process]:
        ours = [self.warm[-1], self.anew, self.nothing, self.lifted, self.two_workers]
        return [*ours, self.two_minimal, *self.bare, self.minimal, self.fragments]

    def served(self, name: str, module: str, *, workers: int = 1, by: tuple[str, ...] = OUR_WAY, **environ: str):
        port = free_port()
        command = [sys.executable, "-m", *by, "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", str(workers), "--blocking-threads", "4", f"{module}:application"]
        log = self.folder / f"{name.replace(' ', '-')}-{port}.log"
        return Process(name, command, port=port, log=log, environ=self.environ | environ)

    def limit(self, name: str, *, workers: int = 1) -> Process:
        told = {"BENCH_PAGE": str(self.page), "BENCH_LIMIT": LIMIT_OF[name]}
        return self.served(f"limit {name}", "benchmarks.serving.limits", workers=workers, by=GRANIAN, **MINIMAL, **told)

    def write_fragments(self, page: str) -> None:
        """The page in two tables: its frame, and the HTML of each comment."""
        head, *comments = page.split('<li class="comment"')
        *comments, last = comments
        item, _, foot = last.partition("</li>")
        rows = [f'<li class="comment"{comment}' for comment in [*comments, f"{item}</li>"]]
        with psycopg2.connect(self.database.url()) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_page (id int PRIMARY KEY, head text, foot text)")
            cursor.execute("CREATE TABLE bench_comment (id serial PRIMARY KEY, page_id int, html text)")
            cursor.execute("CREATE INDEX ON bench_comment (page_id, id)")
            cursor.execute("INSERT INTO bench_page VALUES (1, %s, %s)", [head, foot])
            for html in rows:
                cursor.execute("INSERT INTO bench_comment (page_id, html) VALUES (1, %s)", [html])
        connection.close()

    def stop(self) -> None:
        for process in self.rest:
            process.stop()
        super().stop()

    @property
    def postmaster(self) -> int:
        return int((self.database.folder / "data" / "postmaster.pid").read_text().split()[0])
