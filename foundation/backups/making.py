"""
Making a copy while the site runs. The database is of one instant. Pictures are written before the rows that name them
and never change, and their files go after the rows: so whatever that instant names can still be copied afterwards,
but for a picture removed in between; then another instant is taken.
"""

import logging
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.migrations.recorder import MigrationRecorder

from foundation import clock, forgotten
from foundation.backups import BackupFailed, archive, files_named_in
from foundation.backups.archive import Manifest
from foundation.backups.engines import engine

logger = logging.getLogger(__name__)

TRIES = 5
# Who is signed in just now is nobody's business later.
LEFT_OUT = ["django_session", "accounts_desksession"]


def make(into: Path) -> Path:
    """A new folder within `into`. Raises BackupFailed, and then nothing of it is left."""
    into.mkdir(parents=True, exist_ok=True)
    moment = clock.real_now()
    whole = into / archive.name_for(moment)
    if whole.exists():
        raise BackupFailed(f"{whole} exists already: another backup was begun in the same second.")
    earlier = archive.whole_ones(into)
    folder = whole.with_name(whole.name + archive.UNFINISHED)
    folder.mkdir(mode=0o700)
    try:
        manifest = _copy(folder, earlier[-1] if earlier else None)
        engine().check(folder)
        manifest.write(folder)
        forgotten.keep_list(into)
        folder.rename(whole)
    except OSError as error:
        raise BackupFailed(f"The backup could not be written: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if manifest.missing:
        logger.warning(
            "%d pictures that rows name are in no storage, %s first", len(manifest.missing), manifest.missing[0]
        )
    return whole


def keep_newest(into: Path, number: int) -> list[Path]:
    """Removes all whole backups but the newest, and what a killed run left half done. Answers with what went."""
    going = archive.whole_ones(into)[:-number] if number else []
    for folder in going:
        shutil.rmtree(folder)
    return going


def _copy(folder: Path, earlier: Path | None) -> Manifest:
    """What was copied for one instant need not be for the next, so each is nearer to its copies than the one before."""
    copied = _Files(folder, earlier)
    lost_before: set[str] = set()
    for _ in range(TRIES):
        with engine().snapshot(folder, LEFT_OUT) as using:
            manifest = _manifest(using)
            names = files_named_in(using)
            lost = copied.add(names)
        # A second instant names them still: they are not being removed just now, they were lost before.
        if lost <= lost_before:
            break
        lost_before = lost
    manifest.missing = sorted(lost)
    manifest.files = copied.only(names)
    manifest.note(folder, engine().FILE)
    return manifest


def _manifest(using: str) -> Manifest:
    from django.db import connections

    applied: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connections[using]).applied_migrations()):
        applied.setdefault(app, []).append(name)
    moment = clock.real_now().isoformat(timespec="seconds")
    return Manifest(made_at=moment, site=settings.SITE_URL, database=engine().KIND, migrations=applied)


class _Files:
    """The pictures of a backup. One that an earlier backup has is the same file under a second name."""

    def __init__(self, folder: Path, earlier: Path | None):
        self.folder, self.earlier = folder, earlier
        self.known = archive.read(earlier).files if earlier else {}
        self.told: dict[str, dict] = {}

    def add(self, names: set[str]) -> set[str]:
        """Answers with those that are not there."""
        return {name for name in sorted(names) if f"{archive.MEDIA}/{name}" not in self.told and not self._add(name)}

    def only(self, names: set[str]) -> dict[str, dict]:
        """Sizes and digests; what was copied for an instant that was given up goes."""
        wanted = {f"{archive.MEDIA}/{name}" for name in names}
        for place in self.told.keys() - wanted:
            (self.folder / place).unlink()
        return {place: told for place, told in self.told.items() if place in wanted}

    def _add(self, name: str) -> bool:
        place = f"{archive.MEDIA}/{name}"
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if place in self.known and _is_linked(self.earlier / place, target):
            self.told[place] = self.known[place]
            return True
        try:
            with default_storage.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            return False
        self.told[place] = archive.told(target)
        return True


def _is_linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except OSError:
        return False  # another disk, or one without such links: it is copied
    return True
