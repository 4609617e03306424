"""When a purge takes effect, and that none is lost."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.signals import post_save, pre_delete

from pagecache import front_copies, purge_gone, purge_stale, register, stores
from pagecache.stamps import Purge, State
from tests import factories
from tests.pagecache.test_any_sequence import PAGES, entry

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/1/"


@pytest.fixture
def kept(store):
    """A stored page, and a question for what became of it."""
    with store.asked() as pages:
        stored = entry(PAGE, pages.instant(), 1)
        assert pages.write(stored)

    def state() -> State:
        store._looked_at = 0.0
        with store.asked() as pages:
            return pages.judge(stored).state

    return state


def notes(store) -> list:
    return sorted(store.intents.folder.glob("*.json"))


@transaction.atomic
def purge_and_roll_back(purge) -> None:
    purge("article:1")
    raise ZeroDivisionError


def test_a_purge_outside_of_a_transaction_is_done_at_once(kept, store):
    purge_stale("article:1")
    assert kept() is State.STALE
    purge_gone("banner")
    assert kept() is State.GONE
    assert notes(store) == []


def test_inside_of_one_it_waits_for_the_commit_and_leaves_no_note(kept, store):
    with transaction.atomic():
        purge_stale("article:1")
        assert kept() is State.FRESH
        assert len(notes(store)) == 1
    assert kept() is State.STALE
    assert notes(store) == []


def test_many_purges_of_one_transaction_are_one(store, kept, monkeypatch):
    done = []
    monkeypatch.setattr(type(store.pages), "purge", lambda self, purges: done.append(purges))
    with transaction.atomic():
        for number in range(50):
            purge_stale("listings", f"article:{number % 3}")
        purge_gone("article:1")
        purge_stale("article:1")
        purge_stale("banner", every=5)
        purge_stale("banner")
    (purges,) = done
    assert sorted((purge.tag, purge.is_gone, purge.every) for purge in purges) == [
        ("article:0", False, 0),
        ("article:1", True, 0),
        ("article:2", False, 0),
        ("banner", False, 0),
        ("listings", False, 0),
    ]


def test_a_rolled_back_savepoint_does_not_take_the_purge_of_the_others_with_it(kept):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            purge_and_roll_back(purge_stale)
        purge_stale("article:1")
    assert kept() is State.STALE


def test_nothing_is_purged_when_nothing_was_written(kept):
    with pytest.raises(ZeroDivisionError):
        purge_and_roll_back(purge_gone)
    assert kept() is State.FRESH


def test_what_a_process_left_undone_that_died_after_its_commit_is_done_by_another(kept, store):
    """Killed between the commit and the purge: nothing but the note is left."""
    with transaction.atomic():
        purge_gone("article:1")
        (note,) = notes(store)
        told = json.loads(note.read_text())
        connection.run_on_commit.clear()
    assert kept() is State.FRESH
    note.write_text(json.dumps(told | {"due": 0}))
    assert kept() is State.GONE
    assert notes(store) == []


def test_what_the_store_does_not_take_is_done_when_it_is_back_and_nobody_is_served_before(kept, store, monkeypatch):
    purge = type(store.pages).purge

    def refuse(self, purges):
        raise stores.StoreAway

    monkeypatch.setattr(type(store.pages), "purge", refuse)
    with transaction.atomic():
        purge_gone("article:1")
    store._rests_until = 0.0
    for _ in range(2):
        with pytest.raises(stores.StoreAway):
            kept()
        store._rests_until = 0.0
    monkeypatch.setattr(type(store.pages), "purge", purge)
    assert kept() is State.GONE
    assert notes(store) == []


def test_saving_and_deleting_a_row_purges_what_its_app_says(kept, store, monkeypatch):
    from articles.models import Section

    done = []
    monkeypatch.setattr(type(store.pages), "purge", lambda self, purges: done.extend(purges))
    for signal in (post_save, pre_delete):
        monkeypatch.setattr(signal, "receivers", list(signal.receivers))
    register(Section, lambda row: [f"section:{row.pk}"], gone=lambda row: row.name == "Secret")
    section = factories.section()
    assert Purge(f"section:{section.pk}") in done
    done.clear()
    section.name = "Secret"
    section.save()
    assert Purge(f"section:{section.pk}", is_gone=True) in done
    done.clear()
    known = section.pk
    section.delete()
    assert Purge(f"section:{known}") in done


def test_the_front_servers_copies_go_with_what_is_gone_and_only_then(store, settings, tmp_path):
    folder = tmp_path / "nginx" / "a" / "bc"
    folder.mkdir(parents=True)
    settings.FRONT_CACHE_FOLDER = str(tmp_path / "nginx")
    (folder / "copy").write_text("a page")
    purge_stale("article:1")
    assert (folder / "copy").exists()
    purge_gone("article:1")
    assert not (folder / "copy").exists()
    assert folder.exists()
    settings.FRONT_CACHE_FOLDER = str(tmp_path / "nowhere")
    front_copies.remove()


def test_pages_of_other_tags_stay(store):
    with store.asked() as pages:
        others = entry("/2/", pages.instant(), 1)
        pages.write(others)
        purge_gone("article:1")
        assert pages.judge(others).state is State.FRESH
        assert pages.read("/2/") == others
    assert "article:1" not in PAGES["/2/"]


def test_what_nobody_finds_who_reads_pages_is_done_by_a_timer(kept, store):
    store.intents.write([Purge("article:1", is_gone=True)], is_due=True)
    call_command("finish_purges")
    assert notes(store) == []
    assert kept() is State.GONE


def test_the_commands_do_nothing_where_no_pages_are_stored(settings):
    settings.PAGE_CACHE_URL = ""
    call_command("finish_purges")
    call_command("prune_pages")
    with pytest.raises(CommandError):
        call_command("purge_pages")


def test_an_operator_has_pages_made_anew(kept):
    call_command("purge_pages", "listings")
    assert kept() is State.FRESH
    call_command("purge_pages", "article:1")
    assert kept() is State.STALE
    call_command("purge_pages", "article:1", "--gone")
    assert kept() is State.GONE
    call_command("prune_pages")
