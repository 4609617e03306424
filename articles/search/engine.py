"""Which of the two databases is asked. No other module needs to know."""

from types import ModuleType

from django.db import connection, transaction

from articles.search import postgresql, sqlite


def engine(vendor: str | None = None) -> ModuleType:
    return {"postgresql": postgresql, "sqlite": sqlite}[vendor or connection.vendor]


def create_index(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        engine(schema_editor.connection.vendor).create(cursor)


def drop_index(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        engine(schema_editor.connection.vendor).drop(cursor)


@transaction.atomic
def rebuild_index() -> None:
    """For a changed SEARCH_LANGUAGE: the index keeps the language it was made with."""
    with connection.cursor() as cursor:
        engine().drop(cursor)
        engine().create(cursor)
