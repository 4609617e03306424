"""The folder that the processes of a machine share: full, or taken away while they work."""

import errno
import shutil
from pathlib import Path

import pytest

from pagecache import files, purge_gone, stores
from pagecache.entries import Entry
from pagecache.last_good import LastGood

PAGE = "/page/"


@pytest.fixture
def folder(store) -> Path:
    return store.board._path.parent


@pytest.fixture
def full_disk(monkeypatch):
    """Takes a few bytes of each file and no more."""

    def refuse(path, written, *told, **named):
        with path.open("wb") as file:
            file.write(written[:9] if isinstance(written, bytes) else written[:9].encode())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Path, "write_text", refuse)


def a_second_later(reader) -> None:
    """For so long a process may believe in what it has in memory, and in the board it knows."""
    for ready in reader.application._hot._ready.values():
        ready.good_until = 0.0


def in_folder(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and file.name != "board"]


def test_a_full_disk_keeps_nothing_that_is_cut_off(reader, small, folder, store, full_disk, monkeypatch):
    monkeypatch.setattr(stores, "REST_SECONDS", 0.0)
    for _ in range(3):
        assert reader.get(PAGE).status == 200
    store.intents.write([], is_due=True)
    small.text = "second"
    purge_gone("a")
    assert "second" in reader.get(PAGE).text
    assert [file for file in in_folder(folder) if file.stat().st_size == 9] == []


def test_where_there_is_room_both_are_kept(reader, folder, store):
    """So that the test above can fail: with this store files are written at the same places."""
    store.intents.write([], is_due=True)
    assert len(list(store.intents.folder.glob("*.json"))) == 1
    reader.get(PAGE)
    assert len(list(folder.glob("pages/*"))) == (1 if type(store.pages).__name__ == "Files" else 0)


def test_without_the_folder_every_page_is_true_and_nobody_who_purges_is_disturbed(
    reader, other_process, small, folder, caplog
):
    assert "first" in reader.get(PAGE).text
    assert "first" in other_process.get(PAGE).text
    shutil.rmtree(folder)
    folder.write_text("no folder any more")
    small.text = "second"
    purge_gone("a")
    for each in (reader, other_process):
        assert "second" in each.get(PAGE).text
    assert "cannot be made anew" in caplog.text
    folder.unlink()
    stores._refused_until = 0.0
    assert stores.current().board.is_current()
    for each in (reader, other_process):
        a_second_later(each)
        assert "second" in each.get(PAGE).text
    small.text = "third"
    purge_gone("a")
    for each in (reader, other_process):
        assert "third" in each.get(PAGE).text


def test_a_board_that_is_made_anew_shows_no_number_that_was_seen_before(store, folder):
    before = store.board
    for _ in range(3):
        purge_gone("a")
    seen = {before.generation, before.gone, before.news}
    assert before.generation + 1 not in seen  # what a purge makes of it
    shutil.rmtree(folder)
    after = stores.current().board
    assert after is not before
    assert after.generation > before.generation + 1000
    assert after.gone > before.gone + 1000
    assert after.news > before.news + 1000


def test_a_process_that_begins_without_the_folder_says_so(store, folder):
    stores.forget()
    shutil.rmtree(folder)
    folder.write_text("no folder")
    with pytest.raises(FileExistsError):
        stores.current()


def test_last_good_pages_take_no_more_memory_than_is_theirs():
    shown = LastGood()
    body = b"<main>" + bytes(100_000)
    for number in range(200):
        entry = Entry(
            key=str(number), status=200, reason="OK", headers=[("Content-Type", "text/html")],
            bodies={"identity": body}, etag="", tags=[], began=1, made_at=0.0, fresh_until=0.0,
        )  # fmt: skip
        ready = shown.of(entry)
        assert shown.of(entry) is ready
    held = sum(len(each.entry.bodies["identity"]) for each in shown._ready._ready.values())
    assert 2_000_000 < held < 6_000_000


@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_invented_addresses_that_lead_to_others_leave_room_for_pages(store, monkeypatch):
    monkeypatch.setattr(files, "MOST_PAGES", 6)
    monkeypatch.setattr(files, "MOST_WITH_REDIRECTS", 3)
    monkeypatch.setattr(files.Files, "prune", lambda self: None)
    written = []
    for status in (301, 200):
        for number in range(9):
            entry = Entry(
                key=f"{status}/{number}", status=status, reason="Told", headers=[], bodies={"identity": b""}, etag="",
                tags=[], began=store.pages.instant(), made_at=0.0, fresh_until=0.0,
            )  # fmt: skip
            store.pages._writes = 0  # so that it counts what is there
            written += [status] * store.pages.write(entry)
    assert (written.count(301), written.count(200)) == (3, 3)
