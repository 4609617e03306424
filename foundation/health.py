"""
Two questions of whoever watches over the processes, answered in front of Django, whatever name the site is called by
and whether by https or not. `/healthz`: does this process answer? `/readyz`: has it what it needs? One that does not is
to be restarted; one that is not ready is to be left alone and given no new visitors, as a restart mends nothing.
"""

import json
import logging
import secrets
from collections.abc import Callable, Iterable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from foundation.headers import standard_headers

logger = logging.getLogger(__name__)

Application = Callable[[dict, Callable], Iterable[bytes]]

ALIVE, READY = "/healthz", "/readyz"
FINE = "ok"
_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex")]


def answer(application: Application) -> Application:
    def asked(environ: dict, start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in (ALIVE, READY):
            return application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _say(environ, start_response, "405 Method Not Allowed", {"trouble": "Read only."})
        if path == ALIVE:
            return _say(environ, start_response, "200 OK", {"process": FINE})
        found = readiness()
        status = "200 OK" if all(each == FINE for each in found.values()) else "503 Service Unavailable"
        return _say(environ, start_response, status, found)

    return asked


def readiness() -> dict[str, str]:
    """For each thing that a process needs `ok`, or what is wrong in no more words than a stranger may read."""
    return {name: _asked(name, question) for name, question in _QUESTIONS.items()}


def renew_connection() -> None:
    """For whoever stands outside of a request, whose beginning does it: one that broke is made anew when it is used."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _asked(name: str, question: Callable[[], str]) -> str:
    # Whatever goes wrong is the answer.
    try:
        return question()
    except Exception:
        logger.exception("Not ready: %s", name)
        return "does not answer"


def _database() -> str:
    renew_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return FINE


def _cache() -> str:
    """Written and read back: a cache that forgives its own absence would otherwise pass."""
    key, told = f"foundation:health:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, told, timeout=10)
    return FINE if cache.get(key) == told else "does not answer"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(pending)} wait for manage.py migrate" if pending else FINE


_QUESTIONS = {"database": _database, "cache": _cache, "migrations": _migrations}


def _say(environ: dict, start_response: Callable, status: str, told: dict[str, str]) -> list[bytes]:
    body = json.dumps(told).encode() + b"\n"
    start_response(status, [*_HEADERS, *standard_headers("application/json"), ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
