"""Pages of a discussion: what stands on them, in what order, and what they cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing
from comments import moderation, reading, threads
from comments.models import Comment
from foundation import clock
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(at=clock.now() - dt.timedelta(days=3))


def shown(page):
    """The comments of a page in reading order."""
    nodes = [entry.node for entry in page.entries if entry.node]
    return [node.comment for node in threads.walk(nodes)]


def keys(page):
    return [row.pk for row in shown(page)]


def all_pages(article, sort):
    first = reading.discussion_page(article, sort)
    return [first, *(reading.discussion_page(article, sort, n) for n in range(2, first.number_of_pages + 1))]


@pytest.mark.parametrize("sort", reading.SORTS)
def test_nobody_has_commented(article, sort):
    page = reading.discussion_page(article, sort)
    assert (page.entries, page.number_of_pages, page.public_count) == ([], 1, 0)
    assert page.rules.is_open


def test_every_public_comment_is_read_once_whatever_the_order_and_a_permalink_finds_its_page(article):
    rows = making.many(article, 450, parent_of=lambda n: n - 7 if n % 3 else None)
    for sort in reading.SORTS:
        pages = all_pages(article, sort)
        assert len(pages) == 3
        assert sorted(pk for page in pages for pk in keys(page)) == sorted(row.pk for row in rows)
        for row in rows[::50]:
            assert row.pk in keys(pages[reading.page_of(row, sort) - 1])


def test_orders_are_what_they_are_called(article):
    rows = making.many(article, 5, parent_of=lambda n: 0 if n == 3 else None)
    for number in range(3):
        moderation.recommend(rows[2], f"reader {number}")
    moderation.recommend(rows[4], "reader")
    Comment.objects.filter(pk=rows[2].pk).update(recommends_shown=3)
    Comment.objects.filter(pk=rows[4].pk).update(recommends_shown=1)

    def places(sort):
        return [rows.index(Comment(pk=pk)) for pk in keys(reading.discussion_page(article, sort))]

    assert places("thread") == [0, 3, 1, 2, 4]
    assert places("oldest") == [0, 1, 2, 3, 4]
    assert places("newest") == [4, 3, 2, 1, 0]
    assert places("recommended") == [2, 4, 3, 1, 0]


def test_a_flat_order_says_whom_each_answers(article):
    making.many(article, 2, parent_of=lambda n: n - 1)
    first, second = [entry.node for entry in reading.discussion_page(article, "oldest").entries]
    assert first.replying_to is None
    assert (second.replying_to.pk, second.replying_to.is_public) == (first.comment.pk, True)
    assert second.replying_to.name == first.comment.name


def test_a_thread_longer_than_a_page_goes_on_below_its_head(article):
    size = 2000
    rows = making.many(article, size, parent_of=lambda n: (n - 1) // 2 if n else None)
    pages = all_pages(article, "thread")
    assert len(pages) == -(-size // reading.PAGE_SIZE)
    assert [page.continues and page.continues.pk for page in pages] == [None] + [rows[0].pk] * (len(pages) - 1)
    assert all(len(page.entries) == 1 for page in pages)
    assert sum(len(shown(page)) for page in pages) == size + len(pages) - 1
    assert {pk for page in pages for pk in keys(page)} == {row.pk for row in rows}
    for row in (rows[0], rows[size // 2], rows[-1]):
        assert row.pk in keys(pages[reading.page_of(row) - 1])


def test_a_comment_whose_parent_stands_on_an_earlier_page_names_it(article):
    making.many(article, 250, parent_of=lambda n: n - 1)
    page = reading.discussion_page(article, "thread", 2)
    head, first = list(threads.walk(entry.node for entry in page.entries))[:2]
    assert head.comment == page.continues
    assert first.replying_to.pk == first.comment.parent_id != head.comment.pk
    assert not first.has_parent_here


def test_whom_a_comment_answers_is_on_the_page_or_not(article):
    """What says so becomes a way down the page, or to another one."""
    rows = making.many(article, 230, parent_of=lambda n: 0 if n in (1, 229) else None)
    nodes = {entry.node.comment.pk: entry.node for entry in reading.discussion_page(article, "oldest").entries}
    assert nodes[rows[1].pk].has_parent_here
    last = reading.discussion_page(article, "oldest", 2).entries[-1].node
    assert (last.comment.pk, last.has_parent_here, last.replying_to.pk) == (rows[229].pk, False, rows[0].pk)


def test_a_removed_parent_is_a_stub_without_words_and_its_answers_stay(article):
    rows = making.many(article, 3, parent_of=lambda n: n - 1)
    moderation.withdraw(rows[0], rows[0].commenter)
    moderation.hide(rows[1], None)
    page = reading.discussion_page(article)
    assert [(row.body_html, row.stub_words) for row in shown(page)] == [
        ("", "Withdrawn by its author"),
        ("", "Removed by a moderator"),
        ("<p>Words 2</p>", ""),
    ]
    assert [node.is_stub for node in threads.walk(entry.node for entry in page.entries)] == [True, True, False]
    assert [row.name for row in shown(page)] == ["", "", rows[2].name]
    assert shown(page)[2].parent.name == ""
    assert page.public_count == 1
    moderation.hide(rows[2], None)
    assert reading.discussion_page(article).entries == []


@pytest.mark.parametrize("status", ["pending", "spam"])
def test_a_comment_that_a_layer_holds_back_is_not_called_removed(article, status):
    making.many(article, 2, parent_of=lambda n: n - 1, status_of=lambda n: "public" if n else status)
    assert shown(reading.discussion_page(article))[0].stub_words == "Waiting for a moderator"


@pytest.mark.parametrize("status", ["pending", "spam", "rejected", "held", "hidden", "withdrawn", "removed"])
@pytest.mark.parametrize("sort", reading.SORTS)
def test_nothing_but_public_comments_is_read(article, status, sort):
    rows = making.many(article, 2, status_of=lambda n: status if n else "public")
    assert keys(reading.discussion_page(article, sort)) == [rows[0].pk]


def test_what_waits_is_not_even_loaded(article):
    making.public(article, source="Public words")
    making.waiting(article, source="Waiting words")
    assert len(shown(reading.discussion_page(article))) == 1


@pytest.mark.parametrize("sort", reading.SORTS)
def test_a_page_that_is_not_there_is_said_so(article, sort):
    making.many(article, 3)
    for number in (0, -1, 2, 10**12):
        with pytest.raises(reading.NoSuchPage):
            reading.discussion_page(article, sort, number)


def test_an_order_that_is_none_is_said_so(article):
    with pytest.raises(reading.NoSuchPage):
        reading.discussion_page(article, "loudest")


# Addenda


def kinds(page):
    return ["addendum" if entry.addendum else "comment" for entry in page.entries]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("thread", ["comment", "addendum", "comment"]),
        ("oldest", ["comment", "addendum", "comment"]),
        ("newest", ["comment", "addendum", "comment"]),
        ("recommended", ["comment", "comment"]),
    ],
)
def test_an_addendum_stands_at_its_time(article, sort, expected):
    rows = making.many(article, 2)
    factories.addendum(article, at=rows[0].posted_at + dt.timedelta(seconds=30))
    assert kinds(reading.discussion_page(article, sort)) == expected


@pytest.mark.parametrize("sort", ["thread", "oldest", "newest"])
@pytest.mark.parametrize("is_one_thread", [False, True])
def test_every_addendum_stands_on_exactly_one_page(article, sort, is_one_thread):
    rows = making.many(article, 450, parent_of=lambda n: 0 if n and is_one_thread else None)
    times = [article.published_at, *(rows[n].posted_at for n in (0, 199, 200, 201, 399, 400, 449)), clock.now()]
    for at in times:
        factories.addendum(article, at=at)
    pages = all_pages(article, sort)
    numbers = [entry.addendum.number for page in pages for entry in page.entries if entry.addendum]
    assert sorted(numbers) == list(range(1, len(times) + 1))
    for page in pages:
        at = [entry.at for entry in page.entries]
        assert at == sorted(at, reverse=sort == "newest")


def test_an_addendum_that_is_not_due_stands_nowhere(article):
    making.many(article, 2)
    factories.addendum(article, at=clock.now() + dt.timedelta(days=1))
    assert kinds(reading.discussion_page(article)) == ["comment", "comment"]


# An article that is gone


def test_comments_of_an_article_that_is_gone_are_public_nowhere(article):
    making.many(article, 2)
    assert Comment.objects.public().count() == 2
    publishing.withdraw(article, by=None)
    assert Comment.objects.public().count() == 0
    assert Comment.objects.counted().count() == 2
    assert not reading.discussion_page(article).rules.is_open


# Cost


def test_a_page_costs_the_same_number_of_queries_however_many_comments_there_are(article):
    costs = {sort: set() for sort in reading.SORTS}
    for number in (1, 199, 1800):
        making.many(article, number, parent_of=lambda n: n - 4 if n % 5 else None)
        for sort, found in costs.items():
            with CaptureQueriesContext(connection) as queries:
                reading.discussion_page(article, sort)
            found.add(len(queries))
    assert costs == {"thread": {5}, "newest": {4}, "oldest": {4}, "recommended": {3}}


def test_a_page_loads_neither_what_was_typed_nor_who_typed_it(article):
    making.many(article, 3)
    with CaptureQueriesContext(connection) as queries:
        reading.discussion_page(article)
    asked = " ".join(query["sql"] for query in queries)
    assert '"body_html"' in asked
    for column in ('"source"', '"network_digest"', '"email"', '"fingerprint"'):
        assert column not in asked
