import subprocess
import sys
from pathlib import Path

import pytest

from foundation import request_ids
from tests.foundation.front import ask

PROJECT = Path(__file__).resolve().parent.parent.parent
# As workers are: both processes go on with what was made before the fork.
FORKED = """
import os
from django.conf import settings
settings.configure(TRUSTED_PROXY_COUNT=0)
from foundation import request_ids
carried = request_ids.carry(lambda environ, start_response: [request_ids.current()])
child = os.fork()
(name,) = carried({}, None)
if child:
    os.waitpid(child, 0)
print(name, flush=True)
"""
GIVEN = "0123456789abcdef0123456789abcdef"


def tells_its_name(environ, start_response):
    start_response("200 OK", [])
    return [request_ids.current().encode()]


def test_a_request_without_a_name_is_given_one_and_the_answer_carries_it(settings):
    settings.TRUSTED_PROXY_COUNT = 0
    answers = [ask(request_ids.carry(tells_its_name)) for _ in range(2)]
    names = [headers["X-Request-ID"] for _status, headers, _body in answers]
    assert [body.decode() for _status, _headers, body in answers] == names
    assert names[0] != names[1]


def test_processes_that_were_forked_give_different_names():
    told = subprocess.run([sys.executable, "-c", FORKED], cwd=PROJECT, capture_output=True, text=True, check=True)
    names = told.stdout.split()
    assert len(names) == len(set(names)) == 2


def test_the_name_that_the_front_server_gave_is_kept(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    _status, headers, body = ask(request_ids.carry(tells_its_name), HTTP_X_REQUEST_ID=GIVEN)
    assert headers["X-Request-ID"] == body.decode() == GIVEN


def test_without_a_front_server_a_visitor_names_nothing(settings):
    settings.TRUSTED_PROXY_COUNT = 0
    _status, headers, _body = ask(request_ids.carry(tells_its_name), HTTP_X_REQUEST_ID=GIVEN)
    assert headers["X-Request-ID"] != GIVEN


@pytest.mark.parametrize("told", ["short", "x" * 65, "with space in it", "line\nbreak-in-it", '"},{"a":"bbbb'])
def test_what_is_no_name_is_not_taken_into_the_log(settings, told):
    settings.TRUSTED_PROXY_COUNT = 1
    _status, headers, _body = ask(request_ids.carry(tells_its_name), HTTP_X_REQUEST_ID=told)
    assert headers["X-Request-ID"] != told
