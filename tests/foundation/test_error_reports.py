"""What leaves the site when an error is told to a service; a server of ours plays it."""

import gzip
import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import brotli
import pytest

from foundation import error_reports

PROJECT = Path(__file__).resolve().parent.parent.parent
BREAK = """
import django
django.setup()
import logging
from django.db import IntegrityError
from foundation import request_ids
import sentry_sdk

def handle(reader, address):
    raise IntegrityError(f'duplicate key\\nDETAIL:  Key (email)=({reader}) exists for {address}')

def site(environ, start_response):
    try:
        handle("reader@example.org", "203.0.113.77")
    except IntegrityError:
        told = "Failed for %s at /support/manage/secret-token/"
        logging.getLogger("django.request").exception(told, "reader@example.org")
    return []

from tests.foundation.front import ask
request_ids.carry(site)({"HTTP_COOKIE": "sessionid=of-a-reader"}, print)
sentry_sdk.flush()
"""


@pytest.fixture
def service():
    """Yields its address and what it was told."""
    told = []

    class Service(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
            told.append(unpack.get(self.headers["Content-Encoding"], bytes)(body))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            """Nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_address[1]}/1", told
    server.shutdown()
    server.server_close()
    thread.join()


def break_with(dsn: str) -> subprocess.CompletedProcess:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "SENTRY_DSN": dsn}
    return subprocess.run([sys.executable, "-c", BREAK], cwd=PROJECT, env=environ, capture_output=True, text=True)


def test_a_service_learns_where_it_broke_and_nothing_of_whom_it_broke_for(service):
    dsn, told = service
    done = break_with(dsn)
    assert done.returncode == 0, done.stderr
    (sent,) = told
    event = json.loads(sent.splitlines()[-1])
    (error,) = event["exception"]["values"]
    assert error["type"] == "IntegrityError"
    assert error["stacktrace"]["frames"][-1]["function"] == "handle"
    assert len(event["tags"]["request_id"]) == 32
    assert event["logentry"]["message"] == "Failed for %s at /support/manage/…"
    for private in (b"reader", b"203.0.113", b"secret-token", b"sessionid", b"DETAIL"):
        assert private not in sent.replace(b"of_a_reader", b"")


def test_without_a_setting_nobody_is_told(service):
    _dsn, told = service
    assert break_with("").returncode == 0
    assert told == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("mail to Some.One+x@example.org failed", "mail to [e-mail] failed"),
        ("from 203.0.113.9:443", "from [address]:443"),
        ("from 2001:db8:1:2::5 and", "from [address] and"),
        ("GET /preview/abc.DEF:x/ broke", "GET /preview/… broke"),
        ("at 12:30:45 in line 3", "at 12:30:45 in line 3"),
    ],
)
def test_words_are_cleaned_of_persons(said, told):
    assert error_reports.cleaned(said) == told


def test_what_the_sdk_may_learn_to_collect_is_not_passed_on():
    event = {
        "event_id": "1",
        "level": "error",
        "user": {"ip": "x"},
        "request": {"url": "y"},
        "extra": {},
        "contexts": {},
    }
    assert error_reports.without_persons(event, {}) == {"event_id": "1", "level": "error"}
