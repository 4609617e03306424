"""
The pages of comments with a form, every one by its route's name: under the closed policy, stored nowhere, without
inline code, in order for screen readers, and with whatever describes a field in its place.
"""

import datetime as dt

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from comments import moderation
from comments.models import Comment
from comments.screening import stamp
from foundation import clock
from tests import factories
from tests.comments import making
from tests.comments.pages import READER_PAGES
from tests.comments.reader import Reader
from tests.site.test_headers import POLICY, directives, inline_code, loaded_from_elsewhere

pytestmark = pytest.mark.django_db
LEADS_ON = {"comments_root", "comment"}


@pytest.fixture
def ada(monkeypatch):
    monkeypatch.setattr(stamp, "SOONEST", 0)
    reader = Reader()
    reader.write(factories.published(at=clock.now() - dt.timedelta(hours=1)), "My own words.")
    return reader


@pytest.fixture
def pages(ada):
    own = moderation.approve(Comment.objects.get(), None)
    others = making.public(own.article)
    addresses = {
        "comment_write": reverse("comment_write", args=[own.article.uid]),
        "comment_own_on": reverse("comment_own_on", args=[own.article.uid]),
        "comment_reported": reverse("comment_reported"),
        **{f"comment_{name}": reverse(f"comment_{name}", args=[own.uid]) for name in ("own", "edit", "withdraw")},
        **{f"comment_{name}": reverse(f"comment_{name}", args=[others.uid]) for name in ("recommend", "report")},
    }
    assert addresses.keys() == READER_PAGES - LEADS_ON
    found = {name: ada.client.get(address) for name, address in addresses.items()}
    found["answer"] = ada.client.get(f"{addresses['comment_write']}?parent={others.uid}")
    ada.open(addresses["comment_write"])
    found["wrong"] = ada.send(text="", name="", email="x", keeps=False)
    found["preview"] = ada.send(text="So *it* is.", preview="1", keeps=False, **ada.typed)
    assert {name: page.status_code for name, page in found.items() if page.status_code != 200} == {"wrong": 422}
    return found


def test_the_names_are_those_of_routes():
    assert set(get_resolver().reverse_dict) >= READER_PAGES


def test_no_cache_and_no_search_engine_keeps_one(pages):
    for name, page in pages.items():
        assert {"no-store", "private"} <= set(page["Cache-Control"].replace(" ", "").split(",")), name
        assert page["X-Robots-Tag"] == "noindex", name


def test_nothing_inline_and_nothing_from_elsewhere_stands_in_them(pages):
    for name, page in pages.items():
        assert directives(page) >= POLICY, name
        assert inline_code(page.text) == [], name
        assert loaded_from_elsewhere(page.text) == [], name


def test_each_has_one_heading_and_a_title_of_its_own(pages):
    trees = {name: html.fromstring(page.text) for name, page in pages.items()}
    assert {name: len(tree.xpath("//h1")) for name, tree in trees.items()} == dict.fromkeys(trees, 1)
    titles = {name: tree.findtext(".//title") for name, tree in trees.items() if name.startswith("comment_")}
    assert len(set(titles.values())) == len(titles)


def test_each_field_has_a_label_and_what_describes_it_is_there(pages):
    for name, page in pages.items():
        tree = html.fromstring(page.text)
        for field in tree.xpath("//main//input[not(@type='hidden')] | //main//textarea"):
            assert field.xpath("ancestor::label") or tree.xpath(f"//label[@for='{field.get('id')}']"), (
                name,
                field.name,
            )
        described = {one for each in tree.xpath("//@aria-describedby") for one in each.split()}
        named = {each.removeprefix("#") for each in tree.xpath("//main//*[@role='alert']//a/@href")}
        assert described | named <= set(tree.xpath("//@id")), name


def test_ids_stand_once(pages):
    for name, page in pages.items():
        ids = html.fromstring(page.text).xpath("//@id")
        assert len(ids) == len(set(ids)), name


def test_what_is_wrong_is_announced_and_names_its_field(pages):
    tree = html.fromstring(pages["wrong"].text)
    assert tree.xpath("//*[@role='alert']//li/a/@href") == ["#comment-text", "#comment-name", "#comment-email"]
    assert {field.get("name") for field in tree.xpath("//*[@aria-invalid='true']")} == {"text", "name", "email"}


def test_a_form_costs_few_queries(pages, ada, django_assert_max_num_queries):
    article = Comment.objects.latest("pk").article
    with django_assert_max_num_queries(10):
        Client().get(reverse("comment_write", args=[article.uid]))


def test_how_much_fits_is_told_as_the_refusal_tells_it(pages):
    assert "At most 5,000 characters." in pages["comment_write"].content.decode()
