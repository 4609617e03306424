"""Pieces of pages: kept apart, asked about together, joined."""

import datetime as dt
import time

import pytest
from django.core.handlers.wsgi import WSGIHandler

from foundation import clock
from pagecache import registry, stores
from pagecache.counters import counters
from pagecache.hot import Hot
from pagecache.pieces_parts import Gap, Marks, pack, unpack
from pagecache.stamps import Purge
from tests.pagecache import pieced
from tests.pagecache.anew import Anew
from tests.pagecache.pieced import shown
from tests.pagecache.reader import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(small, settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.pagecache.pieced"
    monkeypatch.setattr(registry, "_views", dict.fromkeys(pieced.VIEWS, ()))
    registry._view_name.cache_clear()
    pieced.world.__init__()
    return pieced.world


@pytest.fixture
def anew(store, world):
    return Reader(Anew())


def made(world) -> list[str]:
    """What was made since this was asked last."""
    found, world.made = world.made, []
    return found


def another_process(store) -> None:
    """One that has nothing in its memory, on the same store."""
    store.pieces = Hot()


ALL = ["inner", "frame", "twice", "outer", "inner"]


def test_what_stands_is_joined_and_nothing_made(anew, world):
    first = anew.get("/pieced/1/")
    assert sorted(made(world)) == sorted(ALL)
    again = anew.get("/pieced/1/")
    assert made(world) == []
    assert (again.body, again.headers) == (first.body, first.headers)
    assert again.headers["x-said"] == "by the view"
    assert shown(again.text) == {"frame": [0], "twice": [0, 0], "outer": [0], "inner": [0]}
    assert "é" in again.text


@pytest.mark.parametrize("forgets", [True, False])
@pytest.mark.parametrize(
    ("name", "again"),
    [("frame", ["frame"]), ("outer", ["outer"]), ("twice", ["twice"]), ("inner", ["inner", "outer"])],
)
def test_only_what_has_changed_is_made(anew, world, store, name, again, forgets):
    before = anew.get("/pieced/1/")
    made(world)
    world.numbers[name] = 1
    assert anew.get("/pieced/1/").body == before.body  # nobody has said so
    store.carry_out([Purge(name)])
    if forgets:
        another_process(store)
    after = shown(anew.get("/pieced/1/").text)
    assert after == {key: [1 if key == name else 0] * len(each) for key, each in shown(before.text).items()}
    assert sorted(made(world)) == again


def test_pieces_are_shared_by_pages_and_say_where_they_stand(anew, world):
    anew.get("/pieced/1/")
    made(world)
    other = anew.get("/pieced/2/")
    assert made(world) == ["frame"]
    assert "at /pieced/2/" in other.text
    assert "at /plain/1/" in anew.get("/plain/1/").text
    assert made(world) == []


def test_a_page_is_asked_about_with_what_stands_on_it_and_not_with_all_that_ever_did(anew, store):
    anew.get("/pieced/1/")
    ((page, company),) = store.companies.items()
    assert company
    store.companies[page] = [*company, "stood there once"]
    anew.get("/pieced/1/")
    assert store.companies[page]
    assert set(store.companies[page]) <= set(company)


def test_what_stood_and_what_was_made_is_counted(anew):
    anew.get("/pieced/1/")
    stood, made = counters.pieces, counters.pieces_made
    anew.get("/pieced/1/")
    anew.get("/pieced/2/")
    assert counters.pieces > stood
    assert counters.pieces_made == made + 1


def test_another_process_finds_them_in_the_store(anew, world, store):
    first = anew.get("/pieced/1/")
    made(world)
    another_process(store)
    assert anew.get("/pieced/1/").body == first.body
    assert made(world) == []


def test_a_page_of_standing_pieces_costs_one_question(anew, world, store, monkeypatch):
    anew.get("/pieced/1/")
    asked = []
    for name in ("read_many", "judge_many", "write"):
        monkeypatch.setattr(store.pages, name, _counted(getattr(store.pages, name), name, asked))
    anew.get("/pieced/1/")
    assert asked == ["judge_many"]
    another_process(store)
    asked.clear()
    anew.get("/pieced/1/")
    assert asked == ["read_many", "judge_many"]


def _counted(function, name, asked):
    def counted(*args):
        asked.append(name)
        return function(*args)

    return counted


def declared(reader, path):
    """What the page is stored with."""
    reader.get(path)
    return reader.application.making.entry


def test_a_page_inherits_what_its_pieces_show_and_how_long_that_is_true(anew, world):
    world.until = {"twice": clock.now() + dt.timedelta(seconds=90)}
    for _ in range(2):
        entry = declared(anew, "/pieced/1/")
        assert entry.tags == ["everything", "frame", "inner", "outer", "twice"]
        assert 60 < entry.fresh_until - entry.made_at <= 90


def test_a_piece_that_only_decides_lends_its_end_and_not_its_tags(anew, world):
    world.until = {"frame": clock.now() + dt.timedelta(seconds=90)}
    assert declared(anew, "/plain/1/").tags == ["everything", "frame", "inner", "outer"]


def test_a_piece_ends_when_it_said(anew, world, monkeypatch):
    world.until = {"twice": clock.now() + dt.timedelta(seconds=90)}
    anew.get("/pieced/1/")
    made(world)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 91)
    world.until = {}
    world.numbers["twice"] = 1
    assert shown(anew.get("/pieced/1/").text)["twice"] == [1, 1]
    assert made(world) == ["twice"]


def test_what_is_for_one_person_is_not_kept_and_makes_the_page_theirs(anew, world):
    world.personal = "inner"
    assert declared(anew, "/pieced/1/") is None
    made(world)
    assert declared(anew, "/pieced/1/") is None
    assert "inner" in made(world)


def test_an_answer_with_a_cookie_is_filled_and_not_kept(anew, world):
    for _ in range(2):
        assert shown(anew.get("/cookies/1/").text) == {"frame": [0], "twice": [0]}
    assert made(world).count("frame") == 2


def test_an_answer_that_is_no_ordinary_page_is_filled(anew, world):
    answer = anew.get("/gone/1/")
    assert (answer.status, answer.text) == (410, "gone twice=0;")


def test_without_a_store_all_is_made(world, settings, client):
    settings.PAGE_CACHE_URL = ""
    settings.ALLOWED_HOSTS = ["testserver"]
    for _ in range(2):
        page = Reader(WSGIHandler()).get("/pieced/1/")
        assert shown(page.text) == {"frame": [0], "twice": [0, 0], "outer": [0], "inner": [0]}
        assert sorted(made(world)) == sorted(ALL)


def test_for_somebody_in_particular_nothing_is_kept_and_nothing_taken(anew, world):
    anew.get("/pieced/1/")
    made(world)
    Reader(WSGIHandler()).get("/pieced/1/", cookie="sessionid=x")
    assert sorted(made(world)) == sorted(ALL)


def test_with_the_store_away_all_is_made(anew, world, store, monkeypatch):
    first = anew.get("/pieced/1/")
    made(world)

    def away(*args):
        raise stores.StoreAway

    for name in ("read_many", "judge_many", "write"):
        monkeypatch.setattr(store.pages, name, away)
    world.numbers["frame"] = 1
    assert shown(anew.get("/pieced/1/").text)["frame"] == [1]
    assert first.status == 200
    assert sorted(made(world)) == sorted(ALL)


def test_what_is_gone_leaves_no_byte_in_the_store(anew, world, store):
    world.numbers["inner"] = 31415
    anew.get("/pieced/1/")
    assert b"inner=31415;" in everything_in(store)
    store.carry_out([Purge("inner", is_gone=True)])
    assert b"inner=31415;" not in everything_in(store)
    assert b"frame=0;" in everything_in(store)
    world.numbers["inner"] = 2
    assert shown(anew.get("/pieced/1/").text)["inner"] == [2]


def everything_in(store) -> bytes:
    if hasattr(store.pages, "_client"):
        client = store.pages._client
        return b"".join(client.get(key) for key in client.keys("*:e:*"))
    return b"".join(file.read_bytes() for file in store.pages._pages.iterdir())


def test_a_piece_is_never_taken_for_a_page(anew, world, store):
    """Their keys lie beside each other in one store."""
    anew.get("/pieced/1/")
    with store.asked() as pages:
        assert pages.read(anew.application.making.key) is None


def test_a_gap_that_this_release_does_not_know_makes_the_piece_anew(anew, world, store, monkeypatch):
    anew.get("/pieced/1/")
    made(world)
    monkeypatch.delitem(pieced.pieces._fillers, "address")
    monkeypatch.setattr(pieced, "_inner", lambda request: world.read(request, "inner"))
    page = anew.get("/pieced/1/")
    assert sorted(made(world)) == ["inner", "outer"]
    assert "at /pieced" not in page.text


def test_a_mark_cannot_be_written_by_others():
    marks, others = Marks(), Marks()
    mark = marks.mark(Gap("a", (1, "b")))
    assert marks.cut(f"x{mark}y") == [b"x", Gap("a", (1, "b")), b"y"]
    assert marks.cut([mark, Gap("c"), "é"]) == [Gap("a", (1, "b")), Gap("c"), "é".encode()]
    assert others.cut("gap0123456789abcdef0123456789abcdefn0e") == [b"gap0123456789abcdef0123456789abcdefn0e"]


def test_parts_come_back_from_the_store_as_they_were():
    parts = [b"x" * 300, Gap("a", (1, "é")), b"", Gap("b"), "ü".encode()]
    assert [each if isinstance(each, Gap) else bytes(each) for each in unpack(pack(parts))] == parts
    assert unpack(pack([])) == []
    for broken in (b"", b"\0\0\0\xff", pack(parts)[:-1], pack(parts) + b"x", b"\0\0\0\2[]rest"):
        with pytest.raises(ValueError):  # noqa: PT011
            unpack(broken)
