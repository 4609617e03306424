"""The promise every test that commits leans on: what migrations wrote is there, whatever ran before."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

from donations.models import Currency
from tests.written_by_migrations import WRITERS

OURS = ("accounts", "articles", "bottrap", "comments", "donations", "foundation")
# The one builds an index; the other fills a new column of rows that are there, and a test begins without any.
WRITES_NO_ROWS = {("articles.search.engine", "create_index"), ("comments.migrations.0007_banned_mailboxes", "fill")}


def test_every_migration_that_writes_rows_is_named():
    written = {
        (operation.code.__module__, operation.code.__name__)
        for (app, _), migration in MigrationLoader(None).disk_migrations.items()
        if app in OURS
        for operation in migration.operations
        if isinstance(operation, RunPython)
    }
    assert written - WRITES_NO_ROWS == {writer for writers in WRITERS.values() for writer in writers}


@pytest.mark.django_db(transaction=True)
def test_emptied_tables_hold_again_what_migrations_wrote():
    groups = {group.name: group.permissions.count() for group in Group.objects.all()}
    currencies = set(Currency.objects.values_list("code", "presets"))
    assert groups["Editor"]
    assert currencies
    call_command("flush", interactive=False, verbosity=0)
    assert {group.name: group.permissions.count() for group in Group.objects.all()} == groups
    assert set(Currency.objects.values_list("code", "presets")) == currencies
