"""The demo's clock: one number in a file, read by every process, refused on a site that others can reach."""

import datetime as dt
import json
import os

import pytest
import time_machine
from django.core.checks import run_checks
from django.template import Context, Template
from django.test import Client

from foundation import clock, demo

NOON = dt.datetime(2027, 1, 2, 12, 0, tzinfo=dt.UTC)
NINETY_DAYS = 90 * 86400


@pytest.fixture
def file(settings, tmp_path):
    path = tmp_path / "clock.json"
    settings.DEMO_CLOCK_FILE = str(path)
    return path


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def strip():
    template = Template("{% load demo_tags %}{% demo_clock %}")
    return lambda: template.render(Context())


def test_without_the_setting_it_is_the_machines_time(noon):
    assert clock.now() == clock.real_now() == NOON
    assert not clock.is_configured()
    assert not clock.is_shifted()


def test_the_file_moves_now_and_leaves_the_real_time_alone(file, noon):
    file.write_text(json.dumps(NINETY_DAYS))
    assert clock.now() == NOON + dt.timedelta(days=90)
    assert clock.offset() == dt.timedelta(days=90)
    assert clock.is_shifted()
    assert clock.real_now() == NOON


def test_a_changed_file_is_noticed_at_once(file, noon):
    for seconds in (60, 3600, -60, 61, 0):
        draft = file.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(file)
        assert clock.now() == NOON + dt.timedelta(seconds=seconds)


def test_an_unchanged_file_is_not_read_again(file):
    file.write_text("60")
    assert clock.is_shifted()
    status = file.stat()
    file.write_bytes(b"61")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert clock.offset() == dt.timedelta(seconds=60)


def test_a_file_that_is_not_there_moves_nothing(file):
    assert clock.offset() == dt.timedelta()
    file.write_text("60")
    assert clock.is_shifted()
    file.unlink()
    assert not clock.is_shifted()


@pytest.mark.parametrize("text", ["", "later", "1.5", "true", '"60"', "[60]", "null", "9" * 30, "[" * 100_000, "\0"])
def test_what_is_no_whole_number_moves_nothing_and_is_logged_once(file, caplog, text):
    file.write_text(text)
    assert [clock.offset() for _ in range(5)] == [dt.timedelta()] * 5
    assert len(caplog.records) == 1


def test_bytes_that_are_no_text_move_nothing(file):
    file.write_bytes(b"\xff\xfe")
    assert clock.offset() == dt.timedelta()


def test_the_strip_tells_the_time_the_demo_believes(file, noon, strip):
    file.write_text(str(NINETY_DAYS))
    shown = strip()
    assert "demo clock: " in shown
    assert '<time datetime="2027-04-02T12:00Z">Friday 2 April 2027, 12:00 UTC</time>' in shown
    assert "real time" not in shown


def test_the_strip_tells_utc_whatever_the_sites_zone(file, noon, strip, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    assert "Saturday 2 January 2027, 12:00 UTC</time> (real time)" in strip()


def test_a_site_without_the_file_has_no_strip(strip):
    assert strip().strip() == ""


def test_the_strip_leads_to_where_the_clock_is_moved(file, strip, settings):
    settings.STRIPE_API_BASE = ""
    assert "move it" not in strip()
    settings.STRIPE_API_BASE = "http://127.0.0.1:8001"
    assert '<a href="http://127.0.0.1:8001/">move it</a>' in strip()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/search/", "/nothing/here/", "/admin/login/"])
def test_every_page_shows_the_strip(file, address):
    assert "demo clock: " in Client().get(address).text


def test_the_page_for_errors_shows_it_without_asking_for_anything(file, rf):
    from django.views.defaults import server_error

    assert "demo clock: " in server_error(rf.get("/")).content.decode()


def settings_of(**changes) -> dict:
    return {"debug": False, "demo": False, "clock_file": "", "https": False, "hosts": ["127.0.0.1"], **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"hosts": ["news.example.org"], "https": True},
        {"debug": True, "clock_file": "clock.json"},
        {"demo": True, "clock_file": "clock.json"},
        {"demo": True, "hosts": ["localhost", "127.0.0.1", "[::1]"]},
    ],
)
def test_settings_that_may_stand_together(changes):
    assert demo.refusal(**settings_of(**changes)) == ""


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"clock_file": "clock.json"}, "DEMO_CLOCK_FILE"),
        ({"demo": True, "https": True}, "HTTPS"),
        ({"demo": True, "hosts": ["127.0.0.1", "news.example.org"]}, "news.example.org"),
        ({"demo": True, "hosts": ["*"]}, "*"),
        ({"demo": True, "debug": True, "https": True}, "HTTPS"),
    ],
)
def test_settings_that_are_refused_with_the_name_of_the_culprit(changes, named):
    assert named in demo.refusal(**settings_of(**changes))


def test_the_system_check_finds_what_the_start_would_refuse(db, file):
    assert [found.id for found in run_checks() if found.id.startswith("foundation.")] == ["foundation.E001"]


def test_a_sound_site_passes_the_check(db):
    assert [found.id for found in run_checks() if found.id.startswith("foundation.")] == []
