"""Style sheets and scripts come in few files, and each of them says what its sources say."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from lxml import html

from foundation import bundles
from tests import factories

SHEETS = settings.STATIC_BUNDLES["css/site.css"]


def text_of(path: str) -> str:
    return Path(finders.find(path)).read_text()


def test_a_sheet_holds_its_sources_in_their_order():
    sheet = text_of("css/site.css")
    places = [sheet.index(f"/* {source} */") for source in SHEETS]
    assert places == sorted(places)
    assert all(text_of(source) in sheet for source in SHEETS)


def test_what_is_for_print_stays_for_print():
    assert bundles.joined("css/print.css", "a{}\n") == "/* css/print.css */\n@media print {\na{}\n}\n"


def test_scripts_keep_their_names_to_themselves():
    script = text_of("js/article.js")
    assert script.count("{") == script.count("}")
    for source in settings.STATIC_BUNDLES["js/article.js"]:
        assert f"// {source}\n{{\n{text_of(source)}}}\n".replace("\nexport ", "\n") in script
    assert "\nexport " not in script


def test_a_source_that_has_changed_is_found_anew(tmp_path, settings):
    (tmp_path / "one.css").write_text("a{}")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATIC_BUNDLES = {"all.css": ["one.css"]}
    finders.get_finder.cache_clear()
    try:
        assert "a{}" in text_of("all.css")
        (tmp_path / "one.css").write_text("b{}")
        assert "b{}" in text_of("all.css")
        settings.STATIC_BUNDLES["all.css"].append("two.css")
        assert [error.id for error in bundles.BundleFinder().check()] == ["foundation.E020"]
    finally:
        finders.get_finder.cache_clear()


def test_a_path_that_is_no_bundle_is_left_to_others():
    assert finders.find("css/../settings.py") is None
    assert bundles.BundleFinder().find("css/base.css") == []


def test_bundles_are_collected_like_every_other_file(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "css" / "site.css").read_text() == text_of("css/site.css")


@pytest.mark.django_db
def test_an_article_asks_for_one_sheet_and_one_script(client):
    page = html.fromstring(client.get(factories.published().get_absolute_url()).content)
    sheets = page.xpath("//link[@rel='stylesheet']/@href")
    assert len(sheets) == 1
    assert text_of("css/site.css") in client.get(sheets[0]).text
    assert page.xpath("//script/@src") == ["/static/js/article.js"]
