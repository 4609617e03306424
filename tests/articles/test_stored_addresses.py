"""Old addresses as readers ask for them, through the store of pages."""

import pytest
from django.core.handlers.wsgi import WSGIHandler

from articles.models import Redirect
from pagecache import stores
from pagecache.counters import counters
from tests.pagecache.reader import Reader
from tests.site.test_stored_pages import Stored, world

__all__ = ["world"]  # a fixture
pytestmark = pytest.mark.django_db


def test_an_old_address_that_is_known_by_its_query_leads_on(world):
    """Where one of ours could stand, which understands no such parameter: it is asked for without, and not found."""
    Redirect.objects.create(old_path="/articles/?id=5", article=world.story)
    asked = Stored(world).reader.get
    new = world.story.get_absolute_url()
    assert asked("/articles/?id=5").headers["location"] == new
    assert asked("/articles/?id=5", method="HEAD").headers["location"] == new
    assert [asked(f"/articles/{query}").status for query in ("?id=6", "", "?id=5&x=1")] == [404] * 3
    assert Reader(WSGIHandler()).get("/articles/?id=5").headers["location"] == new


def test_numbers_that_somebody_invents_do_not_fill_the_store(world):
    asked = Stored(world).reader.get
    home = asked("/")
    before, standing = counters.stored, pages()
    for number in range(5):
        answer = asked(f"/?p={number}00{number}")
        assert (answer.status, answer.body) == (200, home.body)
        assert asked(f"/?page_id=x{number}").status == 200
    assert (counters.stored, pages()) == (before, standing)
    # What leads somewhere is kept, so that this can fail.
    Redirect.objects.create(old_path="/?p=77", article=world.story)
    assert asked("/?p=77").status == 301
    assert counters.stored == before + 1


def pages() -> int:
    """Pieces among them."""
    return sum(1 for _ in (stores.current().board._path.parent / "pages").iterdir())
