import json
import subprocess
import sys

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from foundation import health
from tests.foundation.front import ask, echo

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_is_alive_whatever_it_is_called_by():
    status, headers, body = ask(health.answer(echo), "/healthz", HTTP_HOST="nobody.example")
    assert (status, json.loads(body)) == ("200 OK", {"process": "ok"})
    assert headers["Cache-Control"] == "no-store"


def test_being_alive_asks_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        ask(health.answer(echo), "/healthz")


def test_a_site_with_all_it_needs_is_ready():
    status, _headers, body = ask(health.answer(echo), "/readyz")
    assert status == "200 OK"
    assert json.loads(body) == {"database": "ok", "cache": "ok", "migrations": "ok"}


def test_a_database_that_is_away_is_told_and_nothing_of_why(monkeypatch):
    def refuse(*args, **options):
        raise OperationalError("no route to db.internal for antiempire")

    monkeypatch.setattr(connection, "cursor", refuse)
    status, _headers, body = ask(health.answer(echo), "/readyz")
    assert status == "503 Service Unavailable"
    assert json.loads(body)["database"] == "does not answer"
    assert b"internal" not in body


def test_a_cache_that_keeps_nothing_is_no_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    status, _headers, body = ask(health.answer(echo), "/readyz")
    assert status == "503 Service Unavailable"
    assert json.loads(body) == {"database": "ok", "cache": "does not answer", "migrations": "ok"}


def test_code_ahead_of_its_database_is_not_ready():
    ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("foundation")
    MigrationRecorder(connection).record_unapplied(app, newest)
    status, _headers, body = ask(health.answer(echo), "/readyz")
    assert status == "503 Service Unavailable"
    assert "manage.py migrate" in json.loads(body)["migrations"]


def test_every_other_address_goes_on_to_the_site():
    for path in ("/", "/healthz/", "/readyz.html", "/health"):
        assert ask(health.answer(echo), path)[2] == b"the site"


def test_the_way_in_answers_these_before_the_trap_and_names_the_answer():
    code = (
        "from antiempire.wsgi import application as a\n"
        "from tests.foundation.front import ask\n"
        "status, headers, body = ask(a, '/healthz')\n"
        "print(status, len(headers['X-Request-ID']))"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=_tests_settings())
    assert made.stdout == "200 OK 32\n", made.stderr


def _tests_settings() -> dict[str, str]:
    import os

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
