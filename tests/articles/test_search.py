"""What readers find, and from when until when. Runs alike on both databases."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction

from articles import editing, publishing, search, takedown
from articles.models import Addendum, Article, Embed, SearchDocument
from articles.rendering import render_article
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TWEET = "https://x.com/sample/status/1234567890123456789"
EMBED = f'<div data-embed="{TWEET}"><a href="{TWEET}">{TWEET}</a></div>'


def found(query: str) -> list[str]:
    return [hit.article.headline for hit in search.find(query).hits]


def shown(query: str) -> list[tuple]:
    """What a page of hits reads of each."""
    hits = search.find(query).hits
    return [
        (hit.article.get_absolute_url(), hit.article.headline, hit.article.published_at, hit.section, hit.excerpt)
        for hit in hits
    ]


def article_with_tweet(body: str = f"<p>Plain words.</p>{EMBED}", **fields) -> Article:
    article = factories.published(headline="With a post", body=body)
    Embed.objects.update(
        **{
            "text": "Harbour cranes collapsed",
            "author_name": "Zelda Quartz",
            "author_handle": "zquartz",
            "state": "captured",
            **fields,
        }
    )
    search.index(article)
    return article


class TestWords:
    def test_headline_standfirst_note_and_text_are_found(self):
        factories.published(
            headline="Harbour closes",
            standfirst="Dockers strike",
            lead_note="<p>First printed elsewhere</p>",
            body="<p>Ships <em>waited</em> outside.</p>",
        )
        for word in ("harbour", "dockers", "printed", "waited"):
            assert found(word) == ["Harbour closes"], word
        assert found("airport") == []

    def test_other_forms_of_a_word_are_found(self):
        factories.published(headline="Ships waiting")
        assert found("ship waits") == ["Ships waiting"]

    def test_accents_and_case_do_not_matter_on_either_side(self):
        factories.published(headline="Erdoğan visits a café")
        factories.published(headline="ERDOGAN and the Cafe")
        for query in ("erdogan cafe", "ERDOĞAN café", "Erdog\u0306an"):
            assert len(found(query)) == 2, query

    def test_a_phrase_is_found_in_its_order_only(self):
        factories.published(headline="Early vote count", body="<p>nothing</p>")
        assert found('"early vote"') == ["Early vote count"]
        assert found('"vote early"') == []
        assert found("vote early") == ["Early vote count"]

    def test_an_excluded_word_excludes_wherever_it_stands(self):
        article = factories.published(headline="Vote count")
        factories.published(headline="Vote recount")
        factories.addendum(article, body="<p>Fraud alleged</p>")
        assert found("vote -fraud") == ["Vote recount"]
        assert found("-fraud") == []

    def test_all_words_must_stand_in_the_article_but_not_in_one_part_of_it(self):
        article = factories.published(headline="Harbour closes", body="<p>Ships.</p>")
        factories.addendum(article, body="<p>Reopened on Monday.</p>")
        assert found("harbour reopened") == ["Harbour closes"]
        assert found("harbour tuesday") == []

    def test_hyphens_and_addresses_are_found_part_by_part(self):
        factories.published(
            headline="Covid-19 wave", body='<p>See <a href="https://example.org/a">example.org/a</a></p>'
        )
        for query in ("covid-19", "covid 19", '"covid 19"', "example.org", "COVID"):
            assert found(query) == ["Covid-19 wave"], query

    def test_headlines_count_more_than_standfirsts_and_these_more_than_text(self):
        filler = "<p>" + "other words stand here " * 5 + "</p>"
        factories.published(headline="In text", standfirst="x", body=filler + "<p>zebra</p>")
        factories.published(headline="In standfirst", standfirst="zebra", body=filler)
        factories.published(headline="Zebra", standfirst="x", body=filler)
        assert found("zebra") == ["Zebra", "In standfirst", "In text"]

    def test_words_too_common_to_matter_hide_nothing(self):
        factories.published(headline="The state of the harbour")
        assert found("the harbour") == ["The state of the harbour"]

    @pytest.mark.parametrize(
        "query",
        [
            "", " ", "-", '"', '""', "\x00", "a\x00b", "' OR 1=1 --", '") OR ("', "headline:x", "NEAR(a b)", "*",
            "a* ^b", "a AND", "NOT", "%_%", "{a}", "\\", "\ud800", "🗳️", "-a -b", "words:a",
            "x" * 10_000, "a b " * 5_000, "é" * 500,
        ],
    )  # fmt: skip
    def test_no_question_fails(self, query):
        factories.published(headline="Something")
        assert search.find(query).count in (0, 1)

    def test_pointers_at_updates_are_no_words_of_the_text(self):
        key = "ab" * 16
        article = factories.published(
            headline="Late", body=f'<p>They are late <a data-pointer="{key}" href="#">(UPDATED below)</a>. Still.</p>'
        )
        assert found("updated") == []
        assert SearchDocument.objects.get(article=article).plain == "They are late. Still."


class TestVisibility:
    def test_drafts_and_withdrawn_articles_are_not_found(self):
        factories.draft(headline="Zebra draft")
        article = factories.published(headline="Zebra live")
        assert found("zebra") == ["Zebra live"]
        publishing.withdraw(article, by=None)
        assert found("zebra") == []

    def test_a_scheduled_article_is_found_from_its_second_on(self):
        with time_machine.travel(NOON, tick=False):
            factories.published(headline="Zebra", at=NOON + HOUR)
        with time_machine.travel(NOON + HOUR - dt.timedelta(seconds=1), tick=False):
            assert found("zebra") == []
        with time_machine.travel(NOON + HOUR, tick=False):
            assert found("zebra") == ["Zebra"]

    def test_a_scheduled_addendum_is_found_from_its_second_on(self):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(headline="Harbour")
            factories.addendum(article, body="<p>A zebra escaped</p>", at=NOON + HOUR)
        with time_machine.travel(NOON + HOUR - dt.timedelta(seconds=1), tick=False):
            assert found("zebra") == []
        with time_machine.travel(NOON + HOUR, tick=False):
            assert found("zebra") == ["Harbour"]

    def test_drafts_and_hidden_addenda_are_not_found(self):
        article = factories.published(headline="Harbour")
        factories.draft_addendum(article, body="<p>A zebra escaped</p>")
        render_article(article)
        assert found("zebra") == []
        addendum = factories.addendum(article, body="<p>A giraffe escaped</p>")
        assert found("giraffe") == ["Harbour"]
        Addendum.objects.filter(pk=addendum.pk).update(status="hidden")
        assert found("giraffe") == []

    def test_a_changed_text_is_found_by_its_new_words_only(self):
        article = factories.published(headline="Harbour", body="<p>zebra</p>")
        article.body = "<p>giraffe</p>"
        article.save()
        render_article(article)
        assert found("zebra") == []
        assert found("giraffe") == ["Harbour"]

    def test_a_deleted_article_leaves_no_words_behind(self):
        factories.draft(headline="Zebra").delete()
        assert not SearchDocument.objects.exists()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM articles_search WHERE articles_search MATCH 'zebra'")
                assert cursor.fetchone() == (0,)

    def test_words_that_were_blacked_out_are_not_found(self):
        article = article_with_tweet(text="Zebra seen", body=f"<p>A zebra crossed.</p>{EMBED}")
        factories.addendum(article, body="<p>The zebra again</p>")
        takedown.black_out(article, words="zebra", reason="Court order", by=None)
        assert found("zebra") == []
        assert found("crossed again") == ["With a post"]
        assert not SearchDocument.objects.filter(plain__icontains="zebra").exists()

    def test_forgetting_an_article_takes_it_from_the_index(self):
        article = factories.published(headline="Zebra")
        search.forget(article)
        assert found("zebra") == []


class TestPosts:
    def test_a_saved_post_is_found_by_text_author_and_handle(self):
        article_with_tweet()
        for query in ("cranes collapsed", "zelda", "@zquartz", "cranes zelda plain"):
            assert found(query) == ["With a post"], query

    def test_text_only_hides_the_author_and_removal_hides_all_without_indexing_again(self):
        article_with_tweet()
        Embed.objects.update(choice="text_only")
        assert found("cranes") == ["With a post"]
        assert found("zquartz") == []
        Embed.objects.update(choice="removed")
        assert found("cranes") == []
        assert found("plain words") == ["With a post"]

    @pytest.mark.parametrize("role", ["quoted", "parent"])
    def test_a_post_inside_a_post_is_found_until_either_is_removed(self, role):
        article_with_tweet()
        outer = Embed.objects.get()
        inner = Embed.objects.create(
            provider="tweet", external_id="1", url="https://x.com/a/status/1", text="Zebra seen"
        )
        Embed.objects.filter(pk=outer.pk).update(**{role: inner})
        search.index_embed(Embed.objects.get(pk=outer.pk))
        assert found("zebra") == ["With a post"]
        Embed.objects.filter(pk=outer.pk).update(choice="removed")
        assert found("zebra") == []
        Embed.objects.filter(pk=outer.pk).update(choice="keep")
        Embed.objects.filter(pk=inner.pk).update(choice="removed")
        assert found("zebra") == []
        assert found("cranes") == ["With a post"]

    def test_a_post_in_a_scheduled_addendum_is_not_told_before_its_time(self):
        with time_machine.travel(NOON, tick=False):
            article = article_with_tweet(body="<p>Plain words.</p>")
            factories.addendum(article, body=EMBED, at=NOON + HOUR)
            Embed.objects.update(text="Zebra seen")
            search.index(article)
            assert found("zebra") == []
        with time_machine.travel(NOON + HOUR, tick=False):
            assert found("zebra") == ["With a post"]

    def test_what_is_captured_later_is_found_in_every_article_that_shows_it(self):
        factories.published(headline="First", body=EMBED + "<p>x</p>")
        factories.published(headline="Second", body=EMBED + "<p>x</p>")
        assert found("zebra") == []
        embed = Embed.objects.get()
        embed.text = "Zebra seen"
        embed.save()
        search.index_embed(embed)
        assert sorted(found("zebra")) == ["First", "Second"]


class TestPages:
    def test_hits_come_in_pages_and_the_count_is_capped(self, monkeypatch):
        monkeypatch.setattr(search, "PAGE_SIZE", 2)
        monkeypatch.setattr(search, "MOST_COUNTED", 5)
        for number in range(7):
            factories.published(headline=f"Zebra {number}")
        first, last, beyond = (search.find("zebra", page=page) for page in (1, 3, 4))
        assert (len(first.hits), first.count, first.has_more_than_count) == (2, 5, True)
        assert (first.previous_page, first.next_page) == (None, 2)
        assert (len(last.hits), last.previous_page, last.next_page) == (1, 2, None)
        assert beyond.hits == []

    def test_a_small_number_is_told_exactly(self):
        factories.published(headline="Zebra")
        results = search.find(" zebra ")
        assert (results.query, results.count, results.has_more_than_count) == ("zebra", 1, False)

    def test_equal_hits_stand_newest_first(self):
        with time_machine.travel(NOON, tick=False):
            factories.published(headline="Zebra", standfirst="", body="<p>x</p>", slug="old")
        with time_machine.travel(NOON + HOUR, tick=False):
            factories.published(headline="Zebra", standfirst="", body="<p>x</p>", slug="new")
        assert [hit.article.slug for hit in search.find("zebra").hits] == ["new", "old"]

    def test_the_excerpt_comes_from_the_part_that_matches(self):
        article = factories.published(headline="Harbour", body="<p>Ships waited.</p>")
        factories.addendum(article, body="<p>A zébra &amp; <b>two</b> lions escaped</p>")
        (hit,) = search.find("zebra").hits
        assert hit.excerpt == "A <mark>zébra</mark> &amp; two lions escaped"

    def test_an_excerpt_shows_nothing_that_is_not_visible(self):
        article = factories.published(headline="Zebra", body="<p>Ships waited.</p>")
        factories.draft_addendum(article, body="<p>zebra zebra zebra secret</p>")
        render_article(article)
        (hit,) = search.find("zebra").hits
        assert hit.excerpt == "Ships waited."

    @pytest.mark.parametrize("number", [1, 12])
    def test_hits_in_texts_cost_one_statement_however_many_they_are(self, number, django_assert_num_queries):
        for _ in range(number):
            factories.addendum(factories.published(headline="Harbour"), body="<p>A zebra escaped</p>")
        # SQLite marks what it has found in a statement of its own.
        with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
            assert len(shown("zebra")) == number

    def test_hits_in_headlines_cost_one_more_that_looks_through_their_texts(self, django_assert_num_queries):
        for _ in range(12):
            factories.published(headline="Zebra", body="<p>Ships waited.</p>")
        with django_assert_num_queries(2):
            assert {words for *_, words in shown("zebra")} == {"Ships waited."}

    @pytest.mark.parametrize(
        ("query", "text", "excerpt"),
        [
            ("waits", "The catalogue of cats: a cat was waiting", "a cat was <mark>waiting</mark>"),
            ("cat", "The catalogue says: one cat sits", "catalogue says: one <mark>cat</mark> sits"),
            ("cat", "The catalogue " + "of other words " * 60 + "and one cat sits", "and one <mark>cat</mark> sits"),
            ("the cat", "The dog and the cat", "<mark>cat</mark>"),
            ('"early vote"', "Early on, and the early vote", None),
            ("zebra", "naïve “zébra” ﬁne straße Zebra", "“<mark>zébra</mark>” ﬁne straße <mark>Zebra</mark>"),
            ("berries", "One berry " + "x " * 300 + "many berries", "One <mark>berry</mark> x"),
            ("зебра", "Там живёт зебра", "Там живёт <mark>зебра</mark>"),
        ],
    )
    def test_every_form_of_a_word_is_marked_where_it_stands(self, query, text, excerpt):
        factories.published(headline="Other", body=f"<p>{text}</p>")
        (hit,) = search.find(query).hits
        assert "<mark>" in hit.excerpt
        assert excerpt is None or excerpt in hit.excerpt

    @pytest.mark.postgresql
    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows such forms not as one word")
    def test_a_form_that_begins_otherwise_is_marked_too(self):
        factories.published(headline="Other", body="<p>He is dying, as we all do</p>")
        assert search.find("dies").hits[0].excerpt == "He is <mark>dying</mark>, as we all do"

    def test_an_excerpt_of_a_long_text_of_foreign_letters_is_cut_at_the_right_place(self):
        filler = "ﬁ ß е\u0301 słowo “quoted” — " * 80
        factories.published(headline="Other", body=f"<p>{filler} zébra naïve {filler}</p>")
        (hit,) = search.find("zebra").hits
        assert " <mark>zébra</mark> naïve ﬁ ß" in hit.excerpt
        assert hit.excerpt.startswith("… ")
        assert hit.excerpt.endswith(" …")

    def test_a_page_after_the_last_one_counts_nothing(self):
        factories.published(headline="Zebra")
        assert (search.find("zebra", page=2).count, search.find("zebra", page=99).hits) == (0, [])


def test_who_indexes_a_copy_read_before_an_edit_writes_what_the_edit_wrote():
    """As a post's fetching does, and the command: both read many articles and come to each of them later."""
    read_before = factories.published(headline="Zeppelin", body="<p>A gondola.</p>")
    copy = Article.objects.get()
    copy.headline, copy.body = "Airship", "<p>A cabin.</p>"
    editing.save(copy, by=None)
    search.index(read_before)
    assert (found("airship"), found("cabin")) == (["Airship"], ["Airship"])
    assert (found("zeppelin"), found("gondola")) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_the_command_makes_the_index_anew(capsys):
    factories.published(headline="Zebra")
    SearchDocument.objects.all().delete()
    assert found("zebra") == []
    call_command("reindex_search")
    assert found("zebra") == ["Zebra"]
    assert capsys.readouterr().out == "Indexed 1 articles.\n"


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_two_who_index_an_article_at_once_do_not_leave_its_words_twice():
    article = factories.published(headline="Zebra")
    is_first_done, is_second_done = threading.Event(), threading.Event()

    def index_too():
        is_first_done.wait(10)
        search.index(article)
        is_second_done.set()
        connection.close()

    second = threading.Thread(target=index_too)
    second.start()
    with transaction.atomic():
        search.index(article)
        is_first_done.set()
        # Were the article not locked, the second would finish here and not see what the first has written.
        assert not is_second_done.wait(0.5)
    second.join(10)
    assert SearchDocument.objects.filter(article=article).count() == 1


def test_a_text_of_a_million_different_words_can_be_saved_and_is_found_by_its_beginning():
    words = " ".join(f"w{number:x}q" for number in range(400_000))
    factories.published(headline="Long", body=f"<p>zebra {words}</p>")
    assert found("zebra") == ["Long"]
