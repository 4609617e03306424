"""
The demo as a newcomer meets it: real processes on a real port. Most tests share one folder, which the first of them
fills; each leaves it stopped.
"""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.site.demo_process import (
    FIRST_RUN_SECONDS,
    NEXT_RUN_SECONDS,
    PATIENCE_SECONDS,
    PROJECT,
    Demo,
    command_of,
    read,
    sign_in,
    wait_until,
)

pytestmark = pytest.mark.demo


def count(folder: Path, table: str, condition: str = "true") -> int:
    with contextlib.closing(sqlite3.connect(folder / "site.sqlite3", timeout=20)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]


def count_articles(folder: Path) -> int:
    return count(folder, "articles_article")


def count_at_the_stand_in(folder: Path, kind: str, condition: str = "true") -> int:
    """Of its own rows, whatever the site knows of them."""
    condition = f"kind = '{kind}' AND {condition}"
    with contextlib.closing(sqlite3.connect(folder / "stripe.sqlite3", timeout=20)) as connection:
        return connection.execute(f"SELECT count(*) FROM row WHERE {condition}").fetchone()[0]


def bind(probe: socket.socket, port: int) -> None:
    """Only somebody who listens can be in the way; what is left of ended connections cannot."""
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", port))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder whose name needs quoting, filled by a first run."""
    folder = tmp_path_factory.mktemp("a demo") / "home"
    demo = Demo.in_folder(folder)
    try:
        demo.wait_for("Login: ").end()
    finally:
        demo.clear_away()
    return folder


@pytest.fixture
def start():
    """Starts demos and makes sure that none survives the test."""
    started = []

    def start(*arguments, **options) -> Demo:
        started.append(Demo.in_folder(*arguments, **options))
        return started[-1]

    yield start
    for demo in started:
        demo.clear_away()


def test_the_printed_login_opens_the_desk_of_a_running_site(folder, start):
    demo = start(folder).wait_for("Login: ")
    assert "</html>" in read(f"{demo.url}/")
    email, password = demo.login
    assert 'id="logout-form"' in sign_in(demo, email, password)
    assert 'id="logout-form"' not in sign_in(demo, email, password + "x")
    demo.end()


def test_a_second_run_is_quick_and_keeps_what_was_edited_and_the_login(folder, start):
    demo = start(folder).wait_for("Login: ")
    login = demo.login
    with contextlib.closing(sqlite3.connect(folder / "site.sqlite3", timeout=20)) as connection, connection:
        connection.execute("UPDATE articles_masthead SET site_name = 'The Edited Times'")
    demo.end()

    again = start(folder).wait_for("Login: ")
    assert 0.1 < again.processor_seconds() < NEXT_RUN_SECONDS
    assert again.login == login
    assert "The Edited Times" in read(f"{again.url}/")
    assert "first run" not in again.output
    again.end()


def test_the_first_run_has_played_a_past_in_five_currencies(folder):
    assert count(folder, "donations_payment") > 100
    assert count(folder, "(SELECT DISTINCT currency FROM donations_payment)") == 5
    assert count(folder, "donations_payment", "base_micro IS NULL") == 0
    assert count(folder, "donations_quarterbook", "closed_at IS NOT NULL") >= 4
    for table in ("donations_adjustment", "donations_lateentry", "donations_intent"):
        assert count(folder, table) > 0, table


def test_every_page_says_who_backs_and_leads_to_the_payment_desk(folder, start):
    demo = start(folder).wait_for("Login: ", PATIENCE_SECONDS)
    desk = demo.payment_desk
    assert f'<a href="{desk}">move it</a>' in read(f"{demo.url}/support/")
    assert "of you are backing the next quarter with about $" in read(f"{demo.url}/")
    assert "to the next quarter" in read(desk)
    demo.end()


def test_the_payment_desk_keeps_its_port_until_somebody_else_has_it(folder, start):
    first = start(folder).wait_for("Login: ", PATIENCE_SECONDS)
    first.end()
    second = start(folder, port=first.port).wait_for("Login: ", PATIENCE_SECONDS)
    assert second.payment_desk == first.payment_desk
    second.end()
    with socket.socket() as occupier:
        occupier.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # calls to the desk may be ending still
        bind(occupier, int(first.payment_desk.rstrip("/").rpartition(":")[2]))
        occupier.listen()
        third = start(folder).wait_for("Login: ", PATIENCE_SECONDS)
        assert third.payment_desk != first.payment_desk
        assert "to the next quarter" in read(third.payment_desk)
        third.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_survives_the_demo_however_it_ends(folder, start, number):
    demo = start(folder).wait_for("Login: ", PATIENCE_SECONDS)
    # Demo, watcher, stand-in, server and its worker process, background worker, timer.
    assert len(demo.family()) >= 7
    demo.end(number)
    assert demo.process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    with socket.socket() as probe:
        bind(probe, demo.port)


def test_no_process_survives_a_killed_make(folder, start):
    demo = start(folder, through_make=True).wait_for("Login: ", PATIENCE_SECONDS)
    assert "make" in command_of(demo.process.pid)
    demo.end(signal.SIGKILL)


def test_a_demo_can_be_started_again_at_once_after_a_kill(folder, start):
    demo = start(folder).wait_for("Login: ", PATIENCE_SECONDS)
    demo.process.kill()
    demo.process.wait()
    again = start(folder, port=demo.port).wait_for("Login: ", PATIENCE_SECONDS)
    assert "</html>" in read(f"{again.url}/")
    again.end()


def test_a_taken_port_is_told_with_the_way_out(folder, start):
    with socket.socket() as occupier:
        occupier.bind(("127.0.0.1", 0))
        occupier.listen()
        port = occupier.getsockname()[1]
        demo = start(folder, port=port)
        assert demo.process.wait(PATIENCE_SECONDS) == 1
    assert f"Port {port} cannot be used" in demo.output
    assert f"make demo PORT={port + 1}" in demo.output
    demo.expect_nobody_left()


def test_two_demos_never_share_a_folder(folder, start):
    first = start(folder).wait_for("Login: ", PATIENCE_SECONDS)
    second = start(folder)
    assert second.process.wait(PATIENCE_SECONDS) == 1
    assert "running already" in second.output
    assert "</html>" in read(f"{first.url}/")
    first.end()


@pytest.mark.parametrize("command", ["db_worker", "run_timers", "fakestripe"])
def test_a_helper_that_dies_is_replaced(folder, start, command):
    demo = start(folder).wait_for("Login: ", PATIENCE_SECONDS)

    def helpers():
        return {pid for pid in demo.family() if command in command_of(pid)}

    wait_until(helpers, PATIENCE_SECONDS, f"the first {command}")
    (killed,) = helpers()
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: helpers() - {killed}, PATIENCE_SECONDS, f"another {command}")
    demo.end()


def test_an_interrupted_first_run_is_made_good_by_the_next(folder, start, tmp_path):
    home = tmp_path / "home"
    broken_off = start(home).wait_for("Playing some quarters")
    wait_until(lambda: count_at_the_stand_in(home, "checkout.session"), FIRST_RUN_SECONDS, "the first pledge")
    broken_off.end(signal.SIGKILL)
    assert not (home / "site.sqlite3").exists()

    again = start(home).wait_for("Login: ")
    assert "</html>" in read(f"{again.url}/")
    again.end()
    assert count_articles(home) == count_articles(folder) > 0
    # What the broken-off run had asked for would be known to the stand-in alone.
    assert count_at_the_stand_in(home, "checkout.session") == count(home, "donations_intent") > 0
    succeeded = "json_extract(body, '$.status') = 'succeeded'"
    assert count_at_the_stand_in(home, "charge", succeeded) == count(home, "donations_payment") > 100


def test_one_command_is_enough_in_a_clean_clone_which_stays_clean(tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", PROJECT, clone], check=True)
    demos = [Demo.of_newcomer(clone)]
    try:
        first = demos[0].wait_for("Login: ")
        assert "</html>" in read(f"{first.url}/")
        assert 'id="logout-form"' in sign_in(first, *first.login)
        first.press_ctrl_c()

        demos.append(Demo.of_newcomer(clone))
        second = demos[1].wait_for("Login: ", PATIENCE_SECONDS)
        assert second.login == first.login
        assert "Installing" in first.output
        assert "Installing" not in second.output
        second.press_ctrl_c()
    finally:
        for demo in demos:
            demo.clear_away()
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, check=True, capture_output=True, text=True)
    assert status.stdout == ""
