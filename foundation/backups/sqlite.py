"""SQLite: its own backup interface copies a database of one instant while others read and write."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from foundation.backups import BackupFailed

KIND, FILE = "sqlite", "database.sqlite3"
PATIENCE_SECONDS = 30


@contextlib.contextmanager
def snapshot(folder: Path, left_out: list[str]) -> Iterator[str]:
    """Writes the copy into `folder` and yields the name of a connection to it."""
    target = folder / FILE
    with _opened(_path()) as source, _opened(target) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        for table in left_out:
            if copy.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone():
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 (names of our own)
        copy.commit()
    connections.databases["backup"] = {**connections.databases["default"], "NAME": str(target), "OPTIONS": {}}
    try:
        yield "backup"
    finally:
        connections["backup"].close()
        del connections["backup"], connections.databases["backup"]


def check(folder: Path) -> None:
    try:
        with _opened(folder / FILE) as copy:
            trouble = [row[0] for row in copy.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            orphans = copy.execute("PRAGMA foreign_key_check").fetchmany(3)
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"The copy of the database cannot be read: {error}") from error
    if trouble or orphans:
        raise BackupFailed(f"The copy of the database is not sound: {trouble or orphans}")


def load(folder: Path) -> None:
    """Page by page into the file that is in use: processes that have it open see the other database afterwards."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    try:
        with _opened(folder / FILE) as source, _opened(_path()) as target:
            source.backup(target)
    except sqlite3.OperationalError as error:
        raise BackupFailed(
            f"The database could not be replaced: {error}. Stop the site and its worker first."
        ) from error


def _path() -> Path:
    return Path(connections.databases["default"]["NAME"])


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(file, timeout=PATIENCE_SECONDS)) as opened:
        yield opened
