"""Sites of a given size, each with a database of its own and a process that visits it."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from benchmarks import webhooks

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "var" / "bench"


@dataclass
class Site:
    engine: str
    articles: int
    database_url: str
    visitor: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "antiempire.settings",
            "ENV_FILE": os.devnull,
            "DEBUG": "false",
            "SECRET_KEY": "only-for-measuring-" + "x" * 40,
            "BACKER_HASH_KEY": "only-for-measuring-" + "y" * 40,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1",
            "DATABASE_URL": self.database_url,
            "CACHE_URL": "locmemcache://",
            "MEDIA_ROOT": str(FOLDER / "media"),
            "STATIC_ROOT": str(FOLDER / "static"),
            "STRIPE_SECRET_KEY": "sk_test_only_for_measuring",
            "STRIPE_WEBHOOK_SECRETS": webhooks.SECRET,
            "STRIPE_API_BASE": "http://127.0.0.1:9",  # nobody there: nothing that is measured asks Stripe
            "LOG_LEVEL": "ERROR",
        }

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments, "--verbosity", "0"]
        subprocess.run(command, cwd=PROJECT, env=self.environ, check=True)

    def fill(self, *, has_already: int = 0) -> None:
        self.manage("migrate")
        self.manage("load_sample_content", "--copies", str(self.articles - has_already))

    def fill_ledger(self, payments: int) -> None:
        self.manage("migrate")
        self.manage("load_sample_rates")
        self.ask("fill_ledger", payments=payments)

    def ask(self, order: str, **details):
        """Sends one order to the visitor, which is started with the first."""
        if self.visitor is None:
            command = [sys.executable, "-m", "benchmarks.visitor"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.visitor = subprocess.Popen(command, cwd=PROJECT, env=self.environ, **pipes)
        self.visitor.stdin.write(json.dumps({"order": order, **details}) + "\n")
        self.visitor.stdin.flush()
        answer = self.visitor.stdout.readline()
        if not answer:
            raise SystemExit(f"The visitor of {self.database_url} has ended.")
        return json.loads(answer)

    def leave(self) -> None:
        if self.visitor:
            self.visitor.stdin.close()
            self.visitor.wait()
            self.visitor.stdout.close()
            self.visitor = None


def on_sqlite(articles: int, *, name: str = "articles", grown_from: Site | None = None) -> Site:
    """Empty, or a copy of another's database."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}_{articles}.sqlite3"
    for leftover in FOLDER.glob(f"{file.name}*"):
        leftover.unlink()
    if grown_from:
        with closing(sqlite3.connect(FOLDER / f"{name}_{grown_from.articles}.sqlite3")) as connection:
            connection.execute("VACUUM INTO ?", [str(file)])
    return Site("SQLite", articles, f"sqlite:///{quote(str(file))}")


def on_postgresql(articles: int, cluster_url: str, *, name: str = "articles", grown_from: Site | None = None) -> Site:
    """Empty, or a copy of another's database, to which nobody may be connected."""
    name = f"bench_{name}_{articles}"
    template = f" TEMPLATE {grown_from.database_url.rpartition('/')[2]}" if grown_from else ""
    connection = psycopg2.connect(cluster_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}{template}")
    connection.close()
    return Site("PostgreSQL", articles, cluster_url.rpartition("/")[0] + f"/{name}")


def analyse(site: Site) -> None:
    """What autovacuum would do in a site's first minutes."""
    connection = psycopg2.connect(site.database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
