"""
Rows by kind and id, in the order in which they were made, with indexes over the few fields that lists ask for. All rows
are in memory; with a file they are also written to SQLite, once per act, and read again at the next start.
"""

import itertools
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fakestripe.errors import not_found

Row = dict[str, Any]

# Only fields that never change once the row is made.
_INDEXED = {
    "subscription": ("customer",),
    "invoice": ("customer", "subscription"),
    "invoice_payment": ("invoice", "payment_intent"),
    "payment_intent": ("customer",),
    "charge": ("payment_intent", "customer"),
    "refund": ("charge", "payment_intent"),
    "dispute": ("charge", "payment_intent"),
    "radar.early_fraud_warning": ("charge", "payment_intent"),
    "balance_transaction": ("source",),
    "payment_method": ("customer",),
}


def value_of(row: Row, field: str) -> Any:
    """A field by the name that lists filter by, wherever it stands in the newest shapes."""
    kind = row.get("object")
    if kind == "invoice" and field == "subscription":
        return ((row["parent"] or {}).get("subscription_details") or {}).get("subscription")
    if kind == "invoice_payment" and field == "payment_intent":
        return row["payment"].get("payment_intent")
    return row.get(field)


class Store:
    def __init__(self, file: Path | None = None):
        self.rows: dict[str, dict[str, Row]] = defaultdict(dict)
        self._index: dict[tuple[str, str, Any], dict[str, Row]] = defaultdict(dict)
        self._order: dict[str, list[str]] = defaultdict(list)
        self._place: dict[tuple[str, str], int] = {}
        self._changed: dict[tuple[str, str], Row | None] = {}
        self._database = _open(file) if file else None
        if self._database:
            for kind, key, body in self._database.execute("SELECT kind, key, body FROM row ORDER BY number"):
                self._put(kind, key, json.loads(body))

    def add(self, kind: str, row: Row, key: str | None = None) -> Row:
        key = key or row["id"]
        self._put(kind, key, row)
        self._changed[kind, key] = row
        return row

    def touch(self, kind: str, row: Row, key: str | None = None) -> None:
        """Says that the row was changed and has to be written."""
        self._changed[kind, key or row["id"]] = row

    def remove(self, kind: str, key: str) -> None:
        """Only for kinds that no index knows."""
        self.rows[kind].pop(key, None)
        self._changed[kind, key] = None

    def get(self, kind: str, key: str) -> Row:
        try:
            return self.rows[kind][key]
        except KeyError:
            raise not_found(kind, key) from None

    def newest_first(self, kind: str, after: str | None = None, **equals: Any) -> Iterator[Row]:
        """
        Rows whose fields have these values, from the one that follows `after` in that order. The first field that has
        an index is asked by it.
        """
        indexed = next((field for field in _INDEXED.get(kind, ()) if field in equals), None)
        if indexed:
            found = reversed(self._index.get((kind, indexed, equals.pop(indexed)), {}).values())
            if after:
                found = itertools.dropwhile(lambda row: row["id"] != after, found)
                next(found, None)
        else:
            start = self._place.get((kind, after), 0) if after else len(self._order[kind])
            found = (self.rows[kind][key] for key in reversed(self._order[kind][:start]) if key in self.rows[kind])
        for row in found:
            if all(value_of(row, field) == value for field, value in equals.items()):
                yield row

    def commit(self) -> None:
        """Writes what was changed since the last time, all of it or nothing."""
        changed, self._changed = self._changed, {}
        if not self._database or not changed:
            return
        gone = [(kind, key) for (kind, key), row in changed.items() if row is None]
        kept = [(kind, key, json.dumps(row)) for (kind, key), row in changed.items() if row is not None]
        with self._database:
            self._database.executemany("DELETE FROM row WHERE kind = ? AND key = ?", gone)
            self._database.executemany(
                "INSERT INTO row (kind, key, body) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                kept,
            )

    def close(self) -> None:
        """Whoever comes too late writes nothing."""
        if self._database:
            self._database.close()
        self._database = None

    def _put(self, kind: str, key: str, row: Row) -> None:
        if key not in self.rows[kind]:
            self._place[kind, key] = len(self._order[kind])
            self._order[kind].append(key)
        self.rows[kind][key] = row
        for field in _INDEXED.get(kind, ()):
            self._index[kind, field, value_of(row, field)][key] = row


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute(
        "CREATE TABLE IF NOT EXISTS row ("
        "number INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key))"
    )
    return database
