"""Which of the two databases is asked. No other module needs to know."""

from types import ModuleType

from django.db import connection

from articles.search import postgresql, sqlite


def engine(vendor: str | None = None) -> ModuleType:
    return {"postgresql": postgresql, "sqlite": sqlite}[vendor or connection.vendor]


def create_index(apps, schema_editor) -> None:
    engine(schema_editor.connection.vendor).create(schema_editor)


def drop_index(apps, schema_editor) -> None:
    engine(schema_editor.connection.vendor).drop(schema_editor)


def rebuild_index() -> None:
    """For a changed SEARCH_LANGUAGE: the index keeps the language it was made with."""
    with connection.schema_editor() as schema_editor:
        drop_index(None, schema_editor)
        create_index(None, schema_editor)
