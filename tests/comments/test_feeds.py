"""Comments as Atom: what is in it, what never is, and that who asks again is told that nothing is new."""

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from articles import publishing
from comments import moderation
from comments.models import Comment
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db
THREAD = "{http://purl.org/syndication/thread/1.0}in-reply-to"
HIDDEN = [status for status in Comment.Status.values if status != "public"]


@pytest.fixture
def article(db):
    return factories.published(headline="Tea & tide")


def address(article) -> str:
    return f"/comments/on/{article.uid}/feed/"


def feed(client, path: str = "/comments/feed/"):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    read = feedparser.parse(answer.content)
    assert not read.bozo
    return read


def test_the_newest_stand_first_with_name_words_and_place(client, article):
    making.public(article, source="The first words.")
    newest = making.public(article, source="The *second* words.", name="Rosa & Co")
    for path in ("/comments/feed/", address(article)):
        read = feed(client, path)
        assert [entry.id for entry in read.entries][0] == newest.uid.urn
        assert len(read.entries) == 2
        entry = read.entries[0]
        assert entry.title == "Rosa & Co on “Tea & tide”"
        assert "<em>second</em>" in entry.content[0].value
        assert entry.author == "Rosa & Co"
        assert entry.link.endswith(f"/comments/{newest.uid}/")


def test_nobodys_address_is_in_it(client, article):
    said = making.public(article)
    assert "@" in said.commenter.email
    assert said.commenter.email.encode() not in client.get(address(article)).content


@pytest.mark.parametrize("status", HIDDEN)
def test_what_readers_may_not_read_is_in_neither(client, article, status):
    said = making.public(article, source="Sphinx of black quartz.")
    for path in ("/comments/feed/", address(article)):
        assert b"quartz" in client.get(path).content
    Comment.objects.filter(pk=said.pk).update(status=status)
    for path in ("/comments/feed/", address(article)):
        assert b"quartz" not in client.get(path).content


def test_an_article_that_is_gone_takes_its_comments_along(client, article):
    making.public(article, source="Sphinx of black quartz.")
    publishing.withdraw(article, by=None)
    assert not feed(client).entries
    assert client.get(address(article)).status_code == 404
    assert client.get(f"/comments/on/{making.public(factories.published()).uid}/feed/").status_code == 404


def test_an_answer_names_what_it_answers(client, article):
    first = making.public(article)
    making.public(article, parent=first)
    root = etree.fromstring(client.get(address(article)).content)
    answered = [mark.get("ref") for mark in root.iter(THREAD)]
    assert answered == [first.uid.urn, article.uid.urn]
    moderation.hide(first, factories.editor())
    root = etree.fromstring(client.get(address(article)).content)
    assert [mark.get("ref") for mark in root.iter(THREAD)] == [article.uid.urn]


def test_who_asks_again_is_told_that_nothing_is_new(client, article):
    said = making.public(article)
    tag = client.get(address(article))["ETag"]
    assert client.get(address(article), headers={"If-None-Match": tag}).status_code == 304
    moderation.hide(said, factories.editor())
    assert client.get(address(article), headers={"If-None-Match": tag}).status_code == 200


def test_it_costs_the_same_however_many_there_are(client, article, django_assert_max_num_queries):
    making.many(article, 80)
    with django_assert_max_num_queries(4):
        assert len(feed(client, address(article)).entries) == 50


def test_the_articles_page_tells_of_it(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    assert address(article) in page
    assert 'href="/comments/feed/"' in page


def test_cards_count_right_after_every_act(client, article):
    def told() -> str:
        page = client.get("/").content.decode()
        return page.partition("card__comments")[2].partition("</a>")[0].partition(">")[2]

    assert told() == ""
    said = making.public(article)
    assert told() == "1 comment"
    making.public(article, parent=said)
    assert told() == "2 comments"
    moderation.hide(said, factories.editor())
    assert told() == "1 comment"


def test_a_card_asks_no_question_of_its_own(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    shown = [factories.published() for _ in range(8)]
    client.get("/")
    without = queries()
    for article in shown:
        making.public(article)
    assert queries() == without
    assert client.get("/").content.count(b"card__comments") == len(shown)
