"""An index that a migration adds to a large table holds up nobody, and one that was broken off is made anew."""

import importlib

import pytest
from django.db import NotSupportedError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from foundation.indexes import AddIndexMeanwhile

NAME = "comment_by_time"
WITH_INDEXES = ["0005_find_a_network", "0008_comments_by_time"]
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL makes them meanwhile")


def operation():
    (found,) = importlib.import_module("comments.migrations.0008_comments_by_time").Migration.operations
    return found


def state() -> ProjectState:
    return MigrationLoader(connection).project_state()


def run(direction: str) -> list[str]:
    now = state()
    with CaptureQueriesContext(connection) as asked, connection.schema_editor(atomic=False) as editor:
        getattr(operation(), f"database_{direction}")("comments", editor, now, now)
    return [query["sql"] for query in asked]


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "comments_comment"))


@pytest.mark.django_db(transaction=True)
def test_it_goes_back_and_forth_on_every_database():
    run("backwards")
    assert NAME not in indexes()
    run("forwards")
    assert NAME in indexes()


@pytest.mark.django_db(transaction=True)
def test_one_that_is_there_already_is_no_obstacle():
    """The migration ended after it and before it was written down, or in a later index of its own."""
    run("forwards")
    assert NAME in indexes()


@on_postgresql
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_nobody_waits_for_it():
    assert any("DROP INDEX CONCURRENTLY" in sql for sql in run("backwards"))
    assert any("CREATE INDEX CONCURRENTLY" in sql for sql in run("forwards"))


@on_postgresql
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_that_was_broken_off_is_made_anew():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)", [NAME])
    run("forwards")
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [NAME])
        assert cursor.fetchone() == (True,)


@on_postgresql
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_it_is_refused():
    now = state()
    with pytest.raises(NotSupportedError), transaction.atomic(), connection.schema_editor(atomic=False) as editor:
        operation().database_forwards("comments", editor, now, now)


@pytest.mark.parametrize("name", WITH_INDEXES)
def test_no_migration_locks_the_table_of_comments_for_an_index(name):
    migration = importlib.import_module(f"comments.migrations.{name}").Migration
    assert migration.atomic is False
    assert all(isinstance(found, AddIndexMeanwhile) for found in migration.operations)
