"""Indexes on large tables, added by migrations while the site runs."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex

HALF_MADE = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"


class AddIndexMeanwhile(AddIndexConcurrently):
    """
    On PostgreSQL nobody who writes waits for it, and one that was broken off is begun anew: it left a useless index of
    that name behind. SQLite knows no such way and needs none. For migrations with `atomic = False`.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
        self._ensure_not_in_transaction(schema_editor)
        self._drop_half_made(schema_editor)
        return super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
        return super().database_backwards(app_label, schema_editor, from_state, to_state)

    def _drop_half_made(self, schema_editor):
        name = schema_editor.quote_name(self.index.name)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(HALF_MADE, [name])
            if cursor.fetchone():
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
