import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from foundation import timers
from foundation.models import TimerRun

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def only(monkeypatch):
    """Replaces the registered timers and records what is called instead of calling it."""
    called = []
    monkeypatch.setattr(timers, "_timers", {})
    monkeypatch.setattr(timers, "call_command", called.append)

    def register(*names):
        for name in names:
            timers.register(name, every=dt.timedelta(minutes=5))
        return called

    return register


def test_what_is_due_runs_once_in_its_span(only):
    called = only("first")
    for second in (0, 1, 299, 300, 301):
        with time_machine.travel(NOON + dt.timedelta(seconds=second), tick=False):
            timers.run_due()
    assert called == ["first", "first"]


def test_a_clock_that_was_moved_ahead_and_taken_back_holds_nothing_up(only):
    called = only("first")
    for moment in (NOON, NOON + dt.timedelta(days=92), NOON, NOON + dt.timedelta(seconds=1)):
        with time_machine.travel(moment, tick=False):
            timers.run_due()
    assert called == ["first"] * 3


def test_one_that_fails_holds_up_none_of_the_others_and_is_noted(only, monkeypatch):
    called = only("broken", "sound")

    def call(name):
        if name == "broken":
            raise RuntimeError("out of paper")
        called.append(name)

    monkeypatch.setattr(timers, "call_command", call)
    timers.run_due()
    assert called == ["sound"]
    assert [(row.command, row.failed_with) for row in timers.failing()] == [("broken", "RuntimeError: out of paper")]


def test_a_failure_is_forgotten_once_it_went_well(only):
    only("first")
    TimerRun.objects.create(command="first", begun_at=NOON, failed_with="RuntimeError: out of paper")
    timers.run_due()
    assert timers.failing() == []


def test_every_registered_command_exists_and_runs(capsys, settings):
    settings.ECB_DAILY_URL = settings.ECB_HISTORY_URL = ""
    call_command("run_timers")
    ran = capsys.readouterr().out
    for name in (
        "revive_tasks",
        "prune_foundation",
        "prune_db_task_results",
        "clearsessions",
        "capture_embeds",
        "recheck_embeds",
    ):
        assert f"Ran {name}" in ran
    failed = {row.command: row.failed_with for row in timers.failing()}
    assert "ECB_DAILY_URL is empty" in failed.pop("fetch_exchange_rates", "ECB_DAILY_URL is empty")
    assert failed == {}
    call_command("run_timers")
    assert capsys.readouterr().out == ""


def test_the_brief_way_is_one_line_of_what_does_not_run_all_the_time(capsys, settings):
    settings.ECB_DAILY_URL = settings.ECB_HISTORY_URL = ""
    call_command("run_timers", "--brief")
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert told.startswith("The timers ran ")
    assert "close_books" in told
    assert "replay_stripe_events" not in told
    call_command("run_timers", "--brief")
    assert capsys.readouterr().out == ""
    TimerRun.objects.filter(command="replay_stripe_events").delete()
    call_command("run_timers", "--brief")
    assert capsys.readouterr().out == ""
    TimerRun.objects.filter(command="close_books").delete()
    call_command("run_timers", "--brief")
    assert capsys.readouterr().out == "The timers ran close_books.\n"
