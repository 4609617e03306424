import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles import editing, publishing
from articles.models import Addendum, Embed
from foundation import clock
from tests import factories

HOUR = dt.timedelta(hours=1)
CORRECTION = Addendum.Kind.CORRECTION


def tree(response):
    assert response.status_code == 200
    return html.fromstring(response.text)


def words(node) -> str:
    return " ".join(node.text_content().split())


def one(page, css_class: str):
    (node,) = page.xpath(f".//*[contains(concat(' ', @class, ' '), ' {css_class} ')]")
    return node


@pytest.fixture
def article(db):
    return factories.published(at=clock.now() - 5 * HOUR)


@pytest.fixture
def address(article):
    return article.get_absolute_url()


def test_the_page_tells_who_wrote_it_when_and_where_it_first_stood(client, db, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    article = factories.published(
        at=dt.datetime(2026, 3, 14, 11, 2, tzinfo=dt.UTC),
        authors=[factories.author(name="Ines Halvard"), factories.author(name="Marko Dravec")],
        source_name="The River Gazette",
        source_url="https://example.org/river",
        lead_note="<p>A note from the desk.</p>",
    )
    page = tree(client.get(article.get_absolute_url()))
    assert words(one(page, "byline__names")) == "By Ines Halvard and Marko Dravec"
    assert words(one(page, "byline__times")) == "Published 14 March 2026, 12:02 CET"
    assert words(one(page, "byline__source")) == "First published by The River Gazette"
    assert words(one(page, "lead-note")) == "A note from the desk."
    assert words(page.find(".//h1")) == article.headline


def test_an_article_without_addenda_has_neither_marker_nor_update_time(client, address):
    page = tree(client.get(address))
    assert page.find_class("marker") == page.find_class("addendum") == page.find_class("byline__time--updated") == []


def test_the_marker_stands_before_the_text_and_leads_to_the_latest_addendum(client, article, address):
    factories.addendum(article, at=clock.now() - 2 * HOUR)
    factories.addendum(article, kind=CORRECTION, at=clock.now() - HOUR)
    response = client.get(address)
    marker = one(tree(response), "marker")
    assert words(marker).startswith("1 update and 1 correction at bottom")
    assert marker.find("a").get("href") == "#update-2"
    assert response.text.index('class="marker"') < response.text.index('class="prose"')


def test_addenda_stand_oldest_first_each_under_its_own_permalink(client, article, address):
    factories.addendum(article, at=clock.now() - HOUR, body="<p>The newer</p>")
    factories.addendum(article, at=clock.now() - 2 * HOUR, body="<p>The older</p>")
    blocks = tree(client.get(address)).find_class("addendum")
    assert [block.get("id") for block in blocks] == ["update-2", "update-1"]
    assert ["The older" in words(blocks[0]), "The newer" in words(blocks[1])] == [True, True]
    assert [one(block, "addendum__permalink").get("href") for block in blocks] == ["#update-2", "#update-1"]


def test_what_readers_may_not_see_leaves_no_trace(client, article, address):
    factories.draft_addendum(article, body="<p>A draft</p>")
    factories.addendum(article, at=clock.now() + HOUR, body="<p>Later</p>")
    hidden = factories.addendum(article, body="<p>Hidden</p>")
    publishing.hide_addendum(hidden)
    page = tree(client.get(address))
    assert page.find_class("addendum") == page.find_class("marker") == []
    assert page.xpath("//@data-updates-seen") == [""]


def test_a_correction_looks_different_from_an_update(client, article, address):
    factories.addendum(article)
    factories.addendum(article, kind=CORRECTION)
    classes = [block.get("class") for block in tree(client.get(address)).find_class("addendum")]
    assert classes == ["addendum addendum--update", "addendum addendum--correction"]


def test_a_superseded_correction_says_what_replaced_it(client, article, address):
    older = factories.addendum(article, kind=CORRECTION, at=clock.now() - 2 * HOUR)
    newer = factories.addendum(article, kind=CORRECTION, at=clock.now() - HOUR)
    publishing.supersede(older, by_addendum=newer)
    note = one(tree(client.get(address)), "addendum__superseded")
    assert words(note).startswith("Replaced by the correction of ")
    assert note.find("a").get("href") == "#update-2"


def test_an_edited_addendum_says_when(client, article, address):
    addendum = factories.addendum(article)
    assert tree(client.get(address)).find_class("addendum__edited") == []
    addendum.body = "<p>Other words</p>"
    publishing.edit_addendum(addendum, by=None)
    assert words(one(tree(client.get(address)), "addendum__edited")).startswith("Edited ")


def test_a_headline_cannot_break_out_of_the_page(client, db):
    article = factories.published(headline="</script></title><b>😀 مرحبا" + "x" * 400)
    response = client.get(article.get_absolute_url())
    assert words(tree(response).find(".//h1")) == article.headline
    assert "</script></title>" not in response.text


def test_only_live_related_articles_are_shown(client, article, address):
    live = factories.published(headline="Live")
    rest = [factories.draft(), factories.withdrawn(), factories.published(at=clock.now() + HOUR)]
    article.related.set([live, *rest])
    related = tree(client.get(address)).xpath("//*[@aria-labelledby='related-title']//h3")
    assert [words(node) for node in related] == ["Live"]


def test_lists_beside_the_text_cost_the_same_queries_however_long(client, article, address, django_assert_num_queries):
    def write_another():
        article.related.add(factories.published(section=article.section, authors=[factories.author()]))
        factories.published(section=article.section, authors=[factories.author()])

    write_another()
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(2):
        write_another()
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_a_long_text_lists_its_headings_and_a_short_one_does_not(client, db):
    def headings(number):
        return "".join(f"<h2>Part &amp; {n}</h2><p>Words</p>" for n in range(number))

    long, short = factories.published(body=headings(3)), factories.published(body=headings(2))
    contents = one(tree(client.get(long.get_absolute_url())), "contents")
    assert [words(link) for link in contents.iter("a")] == ["Part & 0", "Part & 1", "Part & 2"]
    assert tree(client.get(short.get_absolute_url())).find_class("contents") == []


@pytest.mark.parametrize("part", ["", "history/", "history/1/", "updates.json"])
class TestWhatIsNotLive:
    def test_a_withdrawn_article_answers_410_whatever_is_asked_for(self, client, db, part):
        response = client.get(factories.withdrawn(headline="Gone wrong").get_absolute_url() + part)
        assert response.status_code == 410
        assert "This article was withdrawn" in response.text
        assert "Gone wrong" not in response.text
        assert response["X-Robots-Tag"] == "noindex"

    def test_a_scheduled_article_is_not_found_before_its_time(self, client, db, part):
        article = factories.published(at=clock.now() + HOUR)
        assert client.get(article.get_absolute_url() + part).status_code == 404

    def test_one_withdrawn_before_readers_saw_it_is_not_found_ever_after(self, client, db, part):
        article = factories.published(at=clock.now() + HOUR)
        publishing.withdraw(article, by=None)
        assert client.get(article.get_absolute_url() + part).status_code == 404

    def test_a_live_article_answers(self, client, address, part):
        assert client.get(address + part).status_code == 200


class TestPoll:
    def poll(self, client, address, **headers):
        return client.get(f"{address}updates.json", headers=headers)

    def test_it_names_the_visible_addenda_as_the_page_does(self, client, article, address):
        factories.addendum(article, at=clock.now() - HOUR)
        factories.addendum(article, kind=CORRECTION)
        factories.draft_addendum(article)
        answer = json.loads(self.poll(client, address).text)["addenda"]
        assert [(row["number"], row["kind"]) for row in answer] == [(1, "update"), (2, "correction")]
        page = tree(client.get(address))
        assert page.xpath("//@data-updates-seen") == ["1 2"]
        assert page.xpath("//@data-updates") == [f"{address}updates.json"]

    def test_it_answers_without_a_body_until_something_changes(self, client, article, address):
        tag = self.poll(client, address)["ETag"]
        again = self.poll(client, address, if_none_match=tag)
        assert (again.status_code, again.content) == (304, b"")
        factories.addendum(article)
        assert self.poll(client, address, if_none_match=tag).status_code == 200

    def test_caches_must_ask_each_time(self, client, address):
        assert self.poll(client, address)["Cache-Control"] == "no-cache"

    def test_a_scheduled_addendum_appears_in_its_second(self, client, article, address, time_machine):
        factories.addendum(article, at=clock.now() + HOUR)
        assert json.loads(self.poll(client, address).text)["addenda"] == []
        time_machine.move_to(clock.now() + HOUR)
        assert len(json.loads(self.poll(client, address).text)["addenda"]) == 1


class TestHistory:
    @pytest.fixture
    def changed(self, article):
        article.body = "<p>Nine wagons passed at night.</p>"
        editing.save(article, by=None, meaningful=True, note="A wrong number.", at=clock.now() - 2 * HOUR)
        article.body = "<p>Ten wagons passed at night.</p>"
        editing.save(article, by=None, at=clock.now() - HOUR)
        return article

    def test_it_lists_what_readers_could_have_read(self, client, changed):
        page = tree(client.get(f"{changed.get_absolute_url()}history/"))
        assert [words(note) for note in page.find_class("record__note")] == ["A wrong number.", "First published"]

    def test_a_version_shows_what_it_changed(self, client, changed):
        number = editing.public_versions(changed)[0].number
        page = tree(client.get(f"{changed.get_absolute_url()}history/{number}/"))
        assert "Nine wagons" in " ".join(words(node) for node in page.iter("ins"))
        assert list(page.iter("del"))

    def test_the_first_version_stands_as_it_was(self, client, changed):
        number = editing.public_versions(changed)[-1].number
        page = tree(client.get(f"{changed.get_absolute_url()}history/{number}/"))
        assert list(page.iter("ins", "del")) == []
        assert changed.headline in words(page)

    def test_a_minor_save_and_a_number_never_given_are_not_found(self, client, changed):
        minor = changed.revisions.first().number
        for number in (minor, 99, "01", 0):
            assert client.get(f"{changed.get_absolute_url()}history/{number}/").status_code == 404

    def test_neither_is_for_search_engines(self, client, changed):
        number = editing.public_versions(changed)[0].number
        for part in ("history/", f"history/{number}/"):
            response = client.get(changed.get_absolute_url() + part)
            assert response["X-Robots-Tag"] == "noindex"
            assert '<meta name="robots" content="noindex">' in response.text


TWEET = "https://x.com/somebody/status/1234567890123456789"


class TestHistoryOfAddenda:
    def edit(self, addendum, body, **rest):
        addendum.body = body
        publishing.edit_addendum(addendum, by=None, **rest)

    def test_what_a_correction_said_before_stays_readable(self, client, article, address):
        correction = factories.addendum(article, kind=CORRECTION, body="<p>The minister never said so</p>")
        assert tree(client.get(f"{address}history/")).find_class("difference") == []
        self.edit(correction, "<p>The minister hardly said so</p>")
        self.edit(correction, "<p>.</p>")
        newest, oldest = tree(client.get(f"{address}history/")).find_class("difference")
        assert "The minister hardly said so" in words(newest)
        assert [words(node) for node in oldest.find("p").iter("del", "ins")] == ["never", "hardly"]

    def test_what_nobody_saw_is_not_told(self, client, article, address):
        addendum = factories.draft_addendum(article, body="<p>A blunder</p>")
        self.edit(addendum, "<p>Considered words</p>")
        publishing.publish_addendum(addendum)
        hidden = factories.addendum(article, body="<p>Once public</p>")
        self.edit(hidden, "<p>Then hidden</p>")
        publishing.hide_addendum(hidden)
        page = client.get(f"{address}history/").text
        for secret in ("blunder", "Once public", "Then hidden"):
            assert secret not in page

    def test_a_changed_kind_is_told(self, client, article, address):
        addendum = factories.addendum(article)
        addendum.kind = Addendum.Kind.CLARIFICATION
        publishing.edit_addendum(addendum, by=None)
        change = one(tree(client.get(f"{address}history/")), "difference")
        assert "it was called update before" in words(change)
        assert change.findall("p") == []

    def test_any_number_of_edits_costs_the_same_queries(self, client, article, address, django_assert_num_queries):
        addendum = factories.addendum(article, body=f"<p>{TWEET}</p>")
        self.edit(addendum, f"<p>One</p><p>{TWEET}</p>")
        with CaptureQueriesContext(connection) as few:
            client.get(f"{address}history/")
        for number in range(4):
            self.edit(addendum, f"<p>{number}</p>")
            self.edit(factories.addendum(article), f"<p>{number} more</p><p>{TWEET}{number}</p>")
        with django_assert_num_queries(len(few)):
            client.get(f"{address}history/")


@pytest.mark.parametrize("choice", [Embed.Choice.REMOVED, Embed.Choice.TEXT_ONLY])
def test_a_post_that_was_removed_is_not_named_in_any_version(client, article, address, choice):
    article.body = f"<p>Before</p><p>{TWEET}</p>"
    editing.save(article, by=None, meaningful=True)
    addendum = factories.addendum(article, body=f"<p>See</p><p>{TWEET}</p>")
    addendum.body = "<p>Nothing to see</p>"
    publishing.edit_addendum(addendum, by=None)
    article.body = "<p>Before and after</p>"
    editing.save(article, by=None, meaningful=True)
    pages = [f"{address}history/"] + [
        f"{address}history/{version.number}/" for version in editing.public_versions(article)
    ]

    def told():
        return " ".join(client.get(page).text for page in pages)

    assert told().count("somebody") == 3
    Embed.objects.update(choice=choice)
    assert "somebody" not in told()
    assert told().count("[post removed]") == 3
