"""The pictures that the sample content is illustrated with."""

import pytest

from articles.images import check
from articles.sample import pictures

from . import files


@pytest.mark.parametrize("name", ["ice", "bus", "valley", "library", "coins", "treaty", "face-4"])
def test_a_sample_picture_can_be_kept(name):
    drawn = pictures.draw(name)
    accepted = check.accept(drawn)
    assert (accepted.width, accepted.height) == ((600, 600) if name.startswith("face-") else (1600, 900))
    assert len(drawn) < 500_000


def test_the_same_name_gives_the_same_picture_and_another_name_another():
    assert pictures.draw("map") == pictures.draw("map")
    assert pictures.draw("face-1") != pictures.draw("face-2")


def test_no_picture_is_a_flat_surface():
    for name in ("harbour", "stars", "face-3"):
        low, high = files.opened(pictures.draw(name)).convert("L").getextrema()
        assert high - low > 100


def test_an_unknown_name_is_an_error():
    with pytest.raises(KeyError):
        pictures.draw("nothing")
