"""
The database cannot be reached, from the beginning of a request or from its middle on: what backers are told. The
connections are really broken: a file that nobody can open, a writer that holds the only lock, a server that hangs up.
"""

import contextlib
import sqlite3

import pytest
from django.db import connection, connections

from donations import defence, manage_access, stamps
from donations.models import Backer, Intent
from foundation import clock
from tests.donations.reader import Reader

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="breaks a file of SQLite's")
on_postgresql = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could hang up"),
]
TYPED = {
    "kind": "once",
    "choice": "other",
    "amount": "12,50",
    "show_name": "on",
    "public_name": "Ada <b>",
    "message": "First line\nSecond “line”",
}
PAGES = {
    "/support/": "We cannot take pledges right now Nothing was charged",
    "/support/eur/": "We cannot take pledges right now Nothing was charged",
    "/support/thanks/?session_id=cs_test_12345678": "please do not pay again",
    "/support/manage/no-such-link/": "They run on as they are",
    "/support/figures/": "We cannot show this page right now",
    "/support/backers/": "We cannot show this page right now",
}


@pytest.fixture(autouse=True)
def pledging_is_open(settings, monkeypatch):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    monkeypatch.setattr(defence, "FASTEST", defence.dt.timedelta())


@contextlib.contextmanager
def replaced(**changes):
    """The site's connection is another one, to a database that its settings name."""
    own = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**own.settings_dict, **changes}
    connections["default"] = other
    try:
        yield other
    finally:
        other.close()
        connections["default"] = own


def broken(tmp_path):
    """Nobody can even connect."""
    if connection.vendor == "sqlite":
        return replaced(NAME=str(tmp_path / "nowhere" / "site.sqlite3"))
    return replaced(HOST="127.0.0.1", PORT="9")


@contextlib.contextmanager
def locked(tmp_path):
    """Reading goes on, and every writer waits in vain: the disk's only lock is held by somebody."""
    file = tmp_path / "site.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as copy:
        connections["default"].ensure_connection()
        connections["default"].connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        options = {**connection.settings_dict["OPTIONS"], "timeout": 0.1, "transaction_mode": "IMMEDIATE"}
        with replaced(NAME=str(file), OPTIONS=options):
            yield


@contextlib.contextmanager
def hung_up_before(word: str):
    """The server ends the connection just before the first statement that has that word in it."""
    done = []

    def hang_up(execute, sql, params, many, context):
        if word in sql and not done:
            done.append(sql)
            pid = connections["default"].connection.info.backend_pid
            another = connections.create_connection("default")
            with contextlib.closing(another), another.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        return execute(sql, params, many, context)

    with replaced() as other, other.execute_wrapper(hang_up):
        yield
    assert done


def assert_it_is_said_honestly(reader, words: str) -> None:
    assert reader.page.status_code == 503
    assert words in reader.said()
    assert reader.page.headers["Retry-After"] == "60"
    assert "no-store" in reader.page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in reader.page.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PAGES)
def test_pages_about_money_say_so_and_ask_nothing_of_the_database(path, tmp_path, caplog):
    reader = Reader()
    with broken(tmp_path):
        reader.open(path)
    assert_it_is_said_honestly(reader, PAGES[path])
    assert any("database could not be reached" in each.getMessage() for each in caplog.records)
    assert reader.open("/support/").status_code == 200  # and once it is back everything is


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_is_kept_and_sent_again_by_a_button(tmp_path):
    reader = Reader(enforce_csrf_checks=True)
    reader.open()
    with broken(tmp_path):
        reader.send(**TYPED)
        assert_it_is_said_honestly(reader, "Nothing was charged")
        assert {name: reader.form().get(name) for name in TYPED} == TYPED
        reader.send("/support/")
        assert_it_is_said_honestly(reader, "Nothing was charged")
    reader.send("/support/")  # Stripe is not there in this test, which shows that it was asked
    assert "Our payment provider, Stripe, does not answer" in reader.said()
    assert reader.form()["message"] == TYPED["message"]
    assert Intent.objects.get().message == TYPED["message"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["support_back", "support_ready"])
def test_on_the_way_to_the_payment_page_nothing_is_promised_of_what_happened_there(name, tmp_path):
    made = Intent.objects.create(livemode=False, kind="once", currency="USD", amount_minor=100, created_at=clock.now())
    reader = Reader()
    with broken(tmp_path):
        reader.open(f"/support/{name.removeprefix('support_')}/?intent={stamps.name(made.pk)}")
    assert_it_is_said_honestly(reader, "Coming here charged nothing")
    assert "Nothing was charged" not in reader.said()


@pytest.mark.django_db(transaction=True)
def test_a_backers_own_pages_say_that_the_pledges_run_on(tmp_path):
    backer = Backer.objects.create(livemode=False, email="ada@example.org", created_at=clock.now())
    link = manage_access.link_for(backer).removeprefix("http://testserver")
    reader = Reader()
    with broken(tmp_path):
        reader.open(link)
        assert_it_is_said_honestly(reader, "They run on as they are")
        assert reader.page.headers["Referrer-Policy"] == "same-origin"
    reader.open(link)
    with broken(tmp_path):
        reader.send(link)
        assert_it_is_said_honestly(reader, "It charges nothing either way")
    reader.send(link)  # the link was not spent
    assert reader.page.status_code == 302
    with broken(tmp_path):
        for path in ("pledges/", "history/", "export.json"):
            reader.open(f"/support/manage/{path}")
            assert_it_is_said_honestly(reader, "We cannot show your pledges right now")
        reader.page = reader.client.post("/support/manage/pledges/1/end/", {"reason": "Too <dear>"})
        assert_it_is_said_honestly(reader, "We cannot tell whether this was done")
        assert reader.form()["reason"] == "Too <dear>"


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_link_can_be_sent_again(tmp_path):
    reader = Reader()
    reader.open("/support/manage/")
    with broken(tmp_path):
        reader.send(email="ada@example.org")
    assert_it_is_said_honestly(reader, "We cannot tell whether this was done")
    assert reader.form()["email"] == "ada@example.org"


NOWHERE = {
    "/archive/": "We cannot show this page right now",
    "/no/such/page/": "We cannot show this page right now",
    "/2026/11/no-such-article/": "We cannot show this page right now",
    "/support/no/such/page/": "We cannot show this page right now",
    "/support/thanks/": "please do not pay again",
    "/support/thanks/?session_id=nothing-of-ours": "please do not pay again",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", NOWHERE)
def test_other_pages_and_addresses_that_lead_nowhere_say_so_in_plain_words(path, tmp_path):
    reader = Reader(raise_request_exception=False)
    with broken(tmp_path):
        reader.open(path)
    assert_it_is_said_honestly(reader, NOWHERE[path])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/no/such/page/", "/support/thanks/"])
def test_control_the_page_of_what_is_not_there_asks_the_database(path, tmp_path, monkeypatch):
    monkeypatch.setattr("foundation.away.is_why", lambda error: False)
    reader = Reader(raise_request_exception=False)
    with broken(tmp_path):
        assert reader.open(path).status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_mistake_of_ours_is_no_database_that_is_away(monkeypatch):
    def mistaken(*_args, **_options):
        raise ValueError

    monkeypatch.setattr("donations.views.support.page", mistaken)
    assert Reader(raise_request_exception=False).open("/support/").status_code == 500


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_file_that_nobody_can_write_loses_no_form(tmp_path):
    reader = Reader()
    with locked(tmp_path):
        assert reader.open().status_code == 200
        reader.send(**TYPED)
        assert_it_is_said_honestly(reader, "Nothing was charged")
        assert {name: reader.form().get(name) for name in TYPED} == TYPED


class TestAServerThatHangsUp:
    pytestmark = [*on_postgresql, pytest.mark.django_db(transaction=True)]

    @pytest.mark.parametrize("word", ["donations_currency", 'INSERT INTO "donations_intent"'])
    def test_in_the_middle_of_a_pledge_loses_no_form(self, word):
        reader = Reader()
        reader.open()
        with hung_up_before(word):
            reader.send(**TYPED)
        assert_it_is_said_honestly(reader, "Nothing was charged")
        assert {name: reader.form().get(name) for name in TYPED} == TYPED

    def test_while_a_limit_is_counted_is_no_end_since_a_new_connection_is_made(self):
        reader = Reader()
        reader.open()
        with hung_up_before("foundation_counter"):
            reader.send(**TYPED)
        assert "Our payment provider, Stripe, does not answer" in reader.said()
        assert Intent.objects.get().message == TYPED["message"]

    def test_in_the_middle_of_the_thanks_page(self):
        Intent.objects.create(
            livemode=False, kind="once", currency="USD", amount_minor=100, created_at=clock.now(),
            session_id="cs_test_12345678",
        )  # fmt: skip
        reader = Reader()
        with hung_up_before("donations_contribution"):
            reader.open("/support/thanks/?session_id=cs_test_12345678")
        assert_it_is_said_honestly(reader, "please do not pay again")
