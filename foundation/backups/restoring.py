"""Putting a copy back. Everything is checked before anything is touched, and the database is replaced in one step."""

from pathlib import Path

from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from foundation import forgotten
from foundation.backups import BackupFailed, archive, restored
from foundation.backups.archive import Manifest
from foundation.backups.engines import engine


def check(folder: Path) -> Manifest:
    """Raises BackupFailed for a backup that cannot be put back here."""
    manifest = archive.read(folder)
    if manifest.database != engine().KIND:
        raise BackupFailed(
            f"The backup is of {manifest.database} and this site's database is {engine().KIND}: set DATABASE_URL to a "
            "database of the same kind."
        )
    archive.verify(folder, manifest)
    engine().check(folder)
    known = MigrationLoader(None).disk_migrations.keys()
    ahead = [
        f"{app}.{name}" for app, names in manifest.migrations.items() for name in names if (app, name) not in known
    ]
    if ahead:
        raise BackupFailed(
            f"The backup was made by a newer version of this program, which has {ahead[0]}. Install that."
        )
    return manifest


def put_back(folder: Path, *, replaces: bool, further_list: Path | None = None) -> tuple[Manifest, list[str]]:
    """
    Answers with what was put back, and with the troubles of forgetting people again, which leave the rest done.
    Raises BackupFailed.
    """
    manifest = check(folder)
    if not replaces and connection.introspection.table_names():
        raise BackupFailed(
            "This database is not empty. Look whether it is the right one; to put the backup in its place, and lose "
            "what it holds, say --replace."
        )
    if further_list and not further_list.exists():
        raise BackupFailed(f"{further_list} is not there.")
    told = _forgotten_until_now() | forgotten.read(folder.parent / forgotten.FILE)
    told |= forgotten.read(further_list) if further_list else set()
    _put_files_back(folder, manifest)
    engine().load(folder)
    connection.close()
    call_command("migrate", verbosity=0, interactive=False)
    cache.clear()
    troubles = forgotten.again(told)
    restored.send(sender=None)
    return manifest, troubles


def _forgotten_until_now() -> set[str]:
    """By the database that is about to be replaced: it may know of people whom no list beside a backup names."""
    if "foundation_forgotten" not in connection.introspection.table_names():
        return set()
    try:
        return forgotten.lines()
    except Error as error:
        raise BackupFailed(
            f"The present database cannot tell who was forgotten ({error}): bring it to the state of this program with "
            "manage.py migrate, or empty it first and give the list with --forgotten."
        ) from error


def _put_files_back(folder: Path, manifest: Manifest) -> None:
    """Before the rows that name them. What stands there already is written over by its equal; nothing is removed."""
    for name in manifest.media:
        with (folder / archive.MEDIA / name).open("rb") as source:
            default_storage.delete(name)
            if (kept := default_storage.save(name, File(source))) != name:
                raise BackupFailed(f"The storage would keep {name} as {kept}: empty it first.")
