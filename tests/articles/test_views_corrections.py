import datetime as dt

import pytest
from lxml import html

from articles import editing, publishing
from articles.models import Addendum
from articles.views.pages import CORRECTIONS_SIZE
from foundation import clock
from tests import factories

HOUR = dt.timedelta(hours=1)
CORRECTION = Addendum.Kind.CORRECTION


@pytest.fixture
def article(db):
    return factories.published(headline="The lease", at=clock.now() - 5 * HOUR)


def entries(response) -> list[str]:
    assert response.status_code == 200
    return [" ".join(node.text_content().split()) for node in html.fromstring(response.text).find_class("addendum")]


def test_every_visible_correction_is_listed_newest_first_and_nothing_else(client, article):
    factories.addendum(article, kind=CORRECTION, at=clock.now() - 2 * HOUR, body="<p>Nine, not nineteen.</p>")
    factories.addendum(article, kind=CORRECTION, at=clock.now() - HOUR, body="<p>North, not south.</p>")
    factories.addendum(article, body="<p>An update.</p>")
    factories.addendum(article, kind=CORRECTION, at=clock.now() + HOUR, body="<p>Not yet.</p>")
    factories.draft_addendum(article, kind=CORRECTION, body="<p>A draft.</p>")
    found = entries(client.get("/corrections/"))
    assert [("North" in text, "Nine" in text) for text in found] == [(True, False), (False, True)]


def test_an_entry_links_the_place_of_its_correction(client, article):
    factories.addendum(article, kind=CORRECTION)
    links = html.fromstring(client.get("/corrections/").text).xpath("//*[@class='addendum__article']/a/@href")
    assert links == [f"{article.get_absolute_url()}#update-1"]


def test_when_the_article_is_withdrawn_the_entry_stays_unlinked(client, article):
    factories.addendum(article, kind=CORRECTION, body="<p>Nine, not nineteen.</p>")
    publishing.withdraw(article, by=None)
    response = client.get("/corrections/")
    (entry,) = entries(response)
    assert "Nine, not nineteen." in entry
    assert "(withdrawn)" in entry
    assert article.get_absolute_url() not in response.text


def test_after_a_withdrawal_the_log_shows_what_readers_last_saw_and_leads_nowhere(client, article):
    key = "ab" * 16
    pointers = f'<a data-pointer="{key}" href="#">(see below)</a> <a href="#part">part</a> <a href="/about/">us</a>'
    factories.addendum(article, kind=CORRECTION, key=key, body=f"<p>Nine {pointers}</p>")
    article.headline = "The lease, put right"
    editing.save(article, by=None)
    links = html.fromstring(client.get("/corrections/").text).xpath("//*[@class='prose']//a/@href")
    page = f"http://testserver{article.get_absolute_url()}"
    assert links == [f"{page}#update-1", f"{page}#part", "http://testserver/about/"]

    publishing.withdraw(article, by=None)
    article.headline = "Nobody may read this yet"
    editing.save(article, by=None)
    root = html.fromstring(client.get("/corrections/").text)
    assert root.find_class("addendum__article")[0].text_content() == "The lease, put right (withdrawn)"
    assert root.xpath("//*[@class='prose']//a/@href") == ["http://testserver/about/"]
    assert article.get_absolute_url() not in client.get("/corrections/feed/").text

    publishing.publish(article, by=None)
    assert "Nobody may read this yet" in client.get("/corrections/").text


def test_what_readers_never_saw_is_not_listed_after_a_withdrawal(client, db):
    never_live = factories.published(at=clock.now() + HOUR)
    factories.addendum(never_live, kind=CORRECTION, at=clock.now() + 2 * HOUR)
    publishing.withdraw(never_live, by=None)
    assert entries(client.get("/corrections/")) == []


def test_a_scheduled_correction_of_an_article_withdrawn_before_its_time_never_appears(client, article, time_machine):
    factories.addendum(article, kind=CORRECTION, at=clock.now() + HOUR)
    publishing.withdraw(article, by=None)
    time_machine.move_to(clock.now() + 2 * HOUR)
    assert entries(client.get("/corrections/")) == []


def test_a_superseded_entry_says_so_and_stays(client, article):
    older = factories.addendum(article, kind=CORRECTION, at=clock.now() - 2 * HOUR)
    newer = factories.addendum(article, kind=CORRECTION, at=clock.now() - HOUR)
    publishing.supersede(older, by_addendum=newer)
    newest, replaced = entries(client.get("/corrections/"))
    assert "Replaced by a newer one" in replaced
    assert "Replaced" not in newest


def test_a_log_without_entries_is_written_too(client, db):
    assert "nothing to correct so far" in client.get("/corrections/").text


def test_the_log_pages_by_key(client, article):
    for number in range(CORRECTIONS_SIZE + 1):
        factories.addendum(article, kind=CORRECTION, at=clock.now() - HOUR, body=f"<p>Entry {number}.</p>")
    first = client.get("/corrections/")
    assert len(entries(first)) == CORRECTIONS_SIZE
    (older,) = html.fromstring(first.text).find_class("pager__older")
    second = client.get(f"/corrections/{older.get('href')}")
    assert len(entries(second)) == 1
    update = factories.addendum(article)
    assert client.get(f"/corrections/?before={update.pk}").status_code == 404
