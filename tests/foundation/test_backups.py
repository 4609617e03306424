"""What a backup does when something is missing; tests/system makes real ones and puts them back on both databases."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import DeskSession
from foundation import forgotten
from foundation.backups import BackupFailed, archive, making, postgresql
from foundation.models import Forgotten


@pytest.fixture
def server():
    """A connection to PostgreSQL 17."""
    return SimpleNamespace(ensure_connection=lambda: None, pg_version=170002)


def test_a_client_that_is_missing_is_named_with_what_to_install(server, monkeypatch):
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgresql, "Path", lambda place: SimpleNamespace(glob=lambda pattern: []))
    with pytest.raises(BackupFailed, match="pg_dump is not installed.*apt install postgresql-client-17"):
        postgresql._program("pg_dump", server)


def test_a_client_older_than_the_server_is_refused(server, monkeypatch):
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(postgresql, "_version", lambda program: 15)
    with pytest.raises(BackupFailed, match="of version 15 and the server of version 17"):
        postgresql._program("pg_dump", server)
    monkeypatch.setattr(postgresql, "_version", lambda program: 17)
    assert postgresql._program("pg_dump", server).endswith("/pg_dump")


def test_a_picture_that_is_nowhere_is_told_and_the_others_are_copied(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    default_storage.save("images/ab/there.webp", ContentFile(b"a picture"))
    copied = making._Files(tmp_path / "backup", None)
    names = {"images/ab/there.webp", "images/ab/lost.webp"}
    assert copied.add(names) == {"images/ab/lost.webp"}
    assert copied.only(names).keys() == {"media/images/ab/there.webp"}
    assert (tmp_path / "backup/media/images/ab/there.webp").read_bytes() == b"a picture"
    assert copied.only(set()) == {}
    assert not (tmp_path / "backup/media/images/ab/there.webp").exists()


@pytest.mark.parametrize("told", ['{"format": 99}', "{", ""])
def test_what_is_no_backup_is_called_none(tmp_path, told):
    (tmp_path / "manifest.json").write_text(told)
    with pytest.raises(BackupFailed):
        archive.read(tmp_path)


def test_a_manifest_that_reaches_out_of_its_folder_is_refused(tmp_path):
    folder = tmp_path / "backup"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    told = {"bytes": 1, "sha256": archive.digest(tmp_path / "secret")}
    manifest = archive.Manifest("now", "here", "sqlite", {}, files={"../secret": told})
    with pytest.raises(BackupFailed, match="outside of itself"):
        archive.verify(folder, manifest)


def test_commands_without_a_folder_say_what_to_set(settings):
    settings.BACKUP_FOLDER = ""
    for command in ("backup", "keep_forgotten_list"):
        with pytest.raises(CommandError, match="BACKUP_FOLDER"):
            call_command(command, *([""] if command == "backup" else []))


def test_what_is_left_out_of_a_copy_is_what_says_who_is_signed_in(db):
    assert set(making.LEFT_OUT) <= set(connection.introspection.table_names())
    assert {Session._meta.db_table, DeskSession._meta.db_table} <= set(making.LEFT_OUT)


def test_the_list_of_forgotten_people_only_grows(db, tmp_path):
    forgotten.note("account", f"{forgotten.digest('reader@example.org')} 1")
    forgotten.keep_list(tmp_path)
    kept = forgotten.read(tmp_path / forgotten.FILE)
    assert len(kept) == 1
    assert "reader" not in kept.pop()
    Forgotten.objects.all().delete()
    forgotten.note("account", f"{forgotten.digest('another@example.org')} 2")
    forgotten.keep_list(tmp_path)
    assert len(forgotten.read(tmp_path / forgotten.FILE)) == 2
    assert list(tmp_path.iterdir()) == [tmp_path / forgotten.FILE]


def test_somebody_who_signs_up_again_after_being_forgotten_is_left_alone(db):
    from accounts.models import User

    User.objects.create_user("reader@example.org")
    key = f"account {forgotten.digest('reader@example.org')} 1000000000"
    assert forgotten.again([key]) == []
    assert User.objects.filter(email="reader@example.org").exists()
    later = f"account {forgotten.digest('reader@example.org')} 9000000000"
    assert forgotten.again([later]) == []
    assert not User.objects.exists()


def test_a_line_that_nobody_understands_is_told(db):
    assert "Nothing here knows" in forgotten.again(["stranger 123"])[0]
