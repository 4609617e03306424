"""The servers that are measured: the site with and without its page cache, nginx, and the limits, over one database."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg2

from tests.system.engines import Process, free_port
from tests.system.stack import Stack

ARTICLES = 2_000
MINIMAL = {"DJANGO_SETTINGS_MODULE": "", "ENV_FILE": os.devnull}


class Served(Stack):
    """The system test's site, a second one beside it that stores no page, and three limits under the same server."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.front.environ["FRONT_RATE_READING"] = "1000000r/s"
        self.cold = self._app(free_port())
        self.cold.environ = {**self.environ, "PAGE_CACHE_URL": ""}
        self.limits: dict[str, Process] = {}

    def fill(self) -> dict[str, str]:
        """Addresses of what is measured."""
        self.manage("load_sample_content", "--copies", str(ARTICLES), "--verbosity", "0")
        found = self.shell(
            "from django.test import Client; from benchmarks import discussions; discussions.COUNTS = (200,);"
            "print(discussions.fill_discussions(Client())['200 comments'])"
        )
        with psycopg2.connect(self.database.url()) as connection:
            connection.autocommit = True
            connection.cursor().execute("ANALYZE")
        self.cold.start()
        return {"article": found.splitlines()[-1], "home": "/", "feed": "/feed/"}

    def start_limits(self, page: bytes) -> None:
        """They hand out the very bytes that the site answers for the article, which nginx gets as a file as well."""
        file = self.static / "bench.html"
        file.write_bytes(page)
        subprocess.run(["gzip", "-9", "-k", "-f", str(file)], check=True)
        self.write_fragments(page.decode())
        for name, limit in (("bare", ""), ("minimal", "minimal"), ("fragments", "fragments")):
            port = free_port()
            environ = {**self.environ, **MINIMAL, "BENCH_PAGE": str(file), "BENCH_LIMIT": limit}
            target = f"benchmarks.serving.limits:{'application' if limit else 'bare'}"
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
            command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws", target]
            process = Process(f"The limit {name}", command, port=port, log=self.folder / f"{name}.log", environ=environ)
            process.start()
            self.limits[name] = process

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
        for process in (*self.limits.values(), self.cold):
            process.stop()
        super().stop()

    @property
    def postmaster(self) -> int:
        return int((self.database.folder / "data" / "postmaster.pid").read_text().split()[0])
