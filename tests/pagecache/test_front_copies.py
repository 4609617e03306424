"""What nginx keeps in its folder goes when a page is gone, and once more for what was on its way to it just then."""

import pytest

from pagecache import front_copies


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    settings.FRONT_CACHE_FOLDER = str(tmp_path)
    monkeypatch.setattr(front_copies, "_sweep_at", 0.0)
    monkeypatch.setattr(front_copies, "_moved_since", False)
    return tmp_path


@pytest.fixture
def wait(monkeypatch):
    """Lets so many seconds pass."""
    now = [1000.0]
    monkeypatch.setattr(front_copies.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def test_every_copy_goes_and_the_folder_stays(folder):
    (folder / "0123456789abcdef").write_text("a page")
    front_copies.remove()
    assert list(folder.iterdir()) == []
    assert folder.is_dir()


def test_a_copy_that_was_on_its_way_goes_some_seconds_later_and_only_once(folder, wait):
    front_copies.remove_late(moved=True)
    copy = folder / "on-its-way"
    copy.write_text("a page that is gone")
    wait(front_copies.LATE_SECONDS - 1)
    front_copies.remove_late(moved=False)
    assert copy.exists()
    wait(1)
    front_copies.remove_late(moved=False)
    assert not copy.exists()
    copy.write_text("another page")
    wait(100)
    front_copies.remove_late(moved=False)
    assert copy.exists()


def test_who_publishes_without_a_pause_does_not_put_it_off(folder, wait):
    copy = folder / "on-its-way"
    swept = 0
    for _second in range(10):
        copy.write_text("a page that is gone")
        front_copies.remove_late(moved=True)
        swept += not copy.exists()
        wait(1)
    assert swept >= 2
