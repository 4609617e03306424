"""Retries and the reaper, on the real worker command and its own rows."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from foundation import tasks

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
ran = []
trouble = []


@tasks.retried_task(attempts=3, first_wait=dt.timedelta(seconds=30))
def fragile(number):
    ran.append(number)
    if trouble:
        raise trouble.pop(0)


@tasks.retried_task(priority=tasks.AT_ONCE)
def urgent(number):
    ran.append(number)


@tasks.retried_task(priority=tasks.WHEN_QUIET)
def patient(number):
    ran.append(number)


@task
def untried(number):
    raise OSError("always")


@pytest.fixture(autouse=True)
def clean():
    ran.clear()
    trouble.clear()


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def the_row():
    return DBTaskResult.objects.get()


def test_work_that_succeeds_runs_once(run_tasks):
    fragile.enqueue(7)
    run_tasks()
    run_tasks()
    assert ran == [7]
    assert the_row().status == TaskResultStatus.SUCCESSFUL


def test_what_somebody_waits_for_goes_before_what_came_earlier(run_tasks):
    for work, number in ((patient, 1), (fragile, 2), (urgent, 3), (patient, 4), (urgent, 5)):
        work.enqueue(number)
    run_tasks()
    assert ran == [3, 5, 2, 1, 4]


def test_work_that_fails_runs_again_later_in_the_same_row(run_tasks, clock):
    trouble.append(OSError("once"))
    fragile.enqueue(7)
    run_tasks()
    assert the_row().status == TaskResultStatus.READY
    assert the_row().run_after == NOON + dt.timedelta(seconds=30)
    assert "once" in the_row().traceback
    run_tasks()
    assert ran == [7]
    clock.shift(31)
    run_tasks()
    assert ran == [7, 7]
    assert the_row().status == TaskResultStatus.SUCCESSFUL


def test_each_wait_is_twice_the_one_before_and_attempts_are_bounded(run_tasks, clock):
    trouble.extend([OSError("always")] * 9)
    fragile.enqueue(7)
    run_tasks()
    clock.shift(31)
    run_tasks()
    assert the_row().run_after == NOON + dt.timedelta(seconds=31 + 60)
    clock.shift(3600)
    run_tasks()
    clock.shift(3600)
    run_tasks()
    assert ran == [7, 7, 7]
    assert the_row().status == TaskResultStatus.FAILED


def test_no_wait_is_longer_than_an_hour():
    policy = tasks._Policy(attempts=50, first_wait=dt.timedelta(minutes=1))
    assert policy.wait_after(40) == policy.wait_after(4000) == tasks.LONGEST_WAIT


def test_a_task_without_retries_fails_once(run_tasks):
    untried.enqueue(7)
    run_tasks()
    assert the_row().status == TaskResultStatus.FAILED


@pytest.mark.django_db
class TestRevival:
    def left_running(self, *, since, workers=1, target=fragile):
        target.enqueue(7)
        DBTaskResult.objects.update(
            status=TaskResultStatus.RUNNING, started_at=since, worker_ids=[f"worker{n}" for n in range(workers)]
        )

    def test_work_of_a_dead_worker_is_made_ready(self, clock):
        self.left_running(since=NOON - dt.timedelta(minutes=11))
        assert tasks.revive() == (1, 0)
        assert the_row().status == TaskResultStatus.READY

    def test_work_that_may_still_run_is_left_alone(self, clock):
        self.left_running(since=NOON - dt.timedelta(minutes=9))
        assert tasks.revive() == (0, 0)
        assert the_row().status == TaskResultStatus.RUNNING

    def test_work_that_kills_its_workers_is_given_up(self, clock):
        self.left_running(since=NOON - dt.timedelta(minutes=11), workers=3)
        assert tasks.revive() == (0, 1)
        assert the_row().status == TaskResultStatus.FAILED
        assert "died" in the_row().traceback

    def test_work_whose_worker_died_before_it_was_made_ready_is_found(self, clock):
        fragile.enqueue(7)
        failed_at = NOON - dt.timedelta(minutes=5)
        DBTaskResult.objects.update(status=TaskResultStatus.FAILED, finished_at=failed_at, worker_ids=["one"])
        assert tasks.revive() == (1, 0)
        assert the_row().status == TaskResultStatus.READY

    def test_old_failures_are_history(self, clock):
        fragile.enqueue(7)
        failed_at = NOON - dt.timedelta(days=2)
        DBTaskResult.objects.update(status=TaskResultStatus.FAILED, finished_at=failed_at, worker_ids=["one"])
        assert tasks.revive() == (0, 0)

    def test_work_whose_code_is_gone_is_given_up(self, clock):
        self.left_running(since=NOON - dt.timedelta(minutes=11))
        DBTaskResult.objects.update(task_path="articles.no_such_module.task")
        assert tasks.revive() == (0, 1)

    def test_a_row_that_a_worker_took_meanwhile_is_not_touched(self, clock):
        self.left_running(since=NOON - dt.timedelta(minutes=11))
        stale = the_row()
        DBTaskResult.objects.update(started_at=NOON)
        assert not tasks._make_ready(stale)
        assert the_row().status == TaskResultStatus.RUNNING

    def test_the_command_says_what_it_did(self, clock, capsys):
        self.left_running(since=NOON - dt.timedelta(minutes=11))
        call_command("revive_tasks")
        assert capsys.readouterr().out == "1 to run again, 0 given up.\n"


def test_revived_work_is_done(run_tasks, clock):
    fragile.enqueue(7)
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING, started_at=NOON - dt.timedelta(hours=1), worker_ids=["dead"]
    )
    run_tasks()
    assert ran == []
    tasks.revive()
    clock.shift(60)
    run_tasks()
    assert ran == [7]


def test_a_moved_demo_clock_neither_delays_work_nor_takes_it_away(run_tasks, clock, settings, tmp_path):
    file = tmp_path / "clock.json"
    file.write_text(str(92 * 86400))
    settings.DEMO_CLOCK_FILE = str(file)
    trouble.append(OSError("once"))
    fragile.enqueue(7)
    run_tasks()
    assert the_row().run_after == NOON + dt.timedelta(seconds=30)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=NOON)
    assert tasks.revive() == (0, 0)
