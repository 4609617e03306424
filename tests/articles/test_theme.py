import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import theme
from articles.models import Masthead

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"


def test_contrast_is_that_of_the_standard():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert theme.contrast("#ffffff", "#777777") == theme.contrast("#777777", "#ffffff")


@pytest.mark.parametrize("papers", [theme.LIGHT_PAPERS, theme.DARK_PAPERS])
@given(colour=COLOURS)
def test_any_colour_becomes_readable_on_every_paper(papers, colour):
    shade = theme.readable_on(colour, papers)
    assert min(theme.contrast(shade, paper) for paper in papers) >= theme.LEAST_CONTRAST


@given(colour=COLOURS)
def test_what_stands_on_the_accent_is_readable_too(colour):
    for papers in (theme.LIGHT_PAPERS, theme.DARK_PAPERS):
        shade = theme.readable_on(colour, papers)
        assert theme.contrast(theme.ink_on(shade), shade) >= theme.LEAST_CONTRAST


def test_a_colour_that_can_be_read_is_left_as_it_is():
    assert theme.readable_on("#9B2226", theme.LIGHT_PAPERS) == "#9b2226"


def test_a_pale_colour_is_darkened_on_light_paper_and_kept_on_dark():
    assert theme.readable_on("#ffd166", theme.LIGHT_PAPERS) != "#ffd166"
    assert theme.readable_on("#ffd166", theme.DARK_PAPERS) == "#ffd166"


def test_the_papers_are_those_of_the_tokens():
    tokens = TOKENS.read_text()
    pairs = [
        re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", tokens).groups() for name in ("paper", "paper-raised")
    ]
    assert tuple(zip(*pairs, strict=True)) == (theme.LIGHT_PAPERS, theme.DARK_PAPERS)


def test_the_fingerprint_follows_the_colour():
    assert theme.fingerprint("#9b2226") == theme.fingerprint("#9B2226") != theme.fingerprint("#226b9b")


def test_the_sheet_under_its_own_address_may_be_kept_for_ever(client, db):
    response = client.get(f"/theme/{theme.fingerprint('#9b2226')}.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert "max-age=31536000" in response["Cache-Control"]
    assert "light-dark(#9b2226," in response.text


@pytest.mark.parametrize("name", ["0123456789abcdef", "x", theme.fingerprint("#226b9b")])
def test_any_other_address_leads_to_the_current_sheet_and_is_not_kept(client, db, name):
    response = client.get(f"/theme/{name}.css")
    assert (response.status_code, response["Location"]) == (302, f"/theme/{theme.fingerprint('#9b2226')}.css")
    assert response["Cache-Control"] == "no-store"


def test_pages_name_the_sheet_of_the_colour_an_editor_picked(client, db):
    masthead = Masthead.load()
    masthead.accent_colour = "#226b9b"
    masthead.save()
    assert f"/theme/{theme.fingerprint('#226b9b')}.css" in client.get("/").text
