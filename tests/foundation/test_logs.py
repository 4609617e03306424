import json
import logging
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from foundation import logs, request_ids
from tests.foundation.front import ask

PROJECT = Path(__file__).resolve().parent.parent.parent
TOKEN = "WyJhIiwxXQ:abcDEF"


def record(message: str, *args, **options) -> logging.LogRecord:
    return logging.getLogger("somewhere").makeRecord(
        "somewhere", logging.ERROR, "file", 1, message, args, None, **options
    )


def test_a_line_of_json_names_its_request():
    written = []

    def logging_site(environ, start_response):
        written.append(logs.Json().format(record("It is %s", "broken")))
        start_response("200 OK", [])
        return []

    _status, headers, _body = ask(request_ids.carry(logging_site))
    told = json.loads(written[0])
    assert (told["message"], told["level"], told["logger"]) == ("It is broken", "ERROR", "somewhere")
    assert told["request_id"] == headers["X-Request-ID"]
    assert "\n" not in written[0]


def test_a_traceback_stays_on_the_one_line():
    try:
        raise RuntimeError("for the test")
    except RuntimeError as error:
        broken = record("Something")
        broken.exc_info = (type(error), error, error.__traceback__)
    written = logs.Json().format(broken)
    assert "\n" not in written
    assert "RuntimeError: for the test" in json.loads(written)["traceback"]


@pytest.mark.parametrize("form", [logs.Line, logs.Json])
@pytest.mark.parametrize("prefix", logs.PRIVATE)
def test_an_address_that_opens_somebodys_pages_is_cut(form, prefix):
    written = form().format(record("Not Found: %s", f"{prefix}{TOKEN}/"))
    assert TOKEN not in written
    assert f"{prefix}…" in written


def test_an_article_is_named_in_full():
    assert "/2026/05/a-long-slug-of-many-words/" in logs.Line().format(record("/2026/05/a-long-slug-of-many-words/"))


def routes(patterns, before: str = ""):
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path


def test_every_address_with_a_token_is_cut_in_our_log_and_in_that_of_the_front_server():
    with_tokens = [f"/{path}" for path in routes(get_resolver().url_patterns) if "<str:token>" in path]
    assert len(with_tokens) > 5
    assert [path for path in with_tokens if not path.startswith(logs.PRIVATE)] == []
    front = (PROJECT / "deploy" / "nginx" / "http.conf.template").read_text()
    cut = re.search(r"~\^\(\?<cut>(\S+)\)", front)[1]
    assert set(cut.split("|")) == set(logs.PRIVATE)
