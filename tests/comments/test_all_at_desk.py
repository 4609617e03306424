"""Finding one comment among all of them at the desk, at a cost that does not grow with them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import identity
from comments.admin import finding
from comments.admin.comments import CommentAdmin
from comments.models import Comment
from tests import factories
from tests.comments import making
from tests.comments.at_desk import Moderator

pytestmark = pytest.mark.django_db
ALL = "/admin/comments/comment/all/"
MARCH = dt.datetime(2025, 3, 9, 12, tzinfo=dt.UTC)


@pytest.fixture
def article():
    return factories.published()


@pytest.fixture
def moderator():
    return Moderator()


def sent(article, source: str, at: dt.datetime, **fields) -> Comment:
    comment = making.public(article, source=source, **fields)
    Comment.objects.filter(pk=comment.pk).update(posted_at=at)
    return comment


def listed(moderator, **asked) -> list[str]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    moderator.open(f"{ALL}?{query}")
    assert moderator.status == 200
    return [link.text_content() for link in moderator.page.cssselect("#result_list td.field-words > a, th a[dir]")]


def test_words_are_found_in_text_and_name_and_all_of_them_must_be_there(article, moderator):
    ada = identity.commenter_for("ada@example.org", "Ada Byron")
    sent(article, "The harbour is closed", MARCH, commenter=ada)
    sent(article, "The harbour is open", MARCH)
    assert listed(moderator, q="byron+HARBOUR") == ["The harbour is closed"]
    assert len(listed(moderator, q="harbour")) == 2
    assert listed(moderator, q="harbour+ferry") == []


def test_only_the_newest_are_searched_and_older_ones_by_year_and_month(article, moderator, monkeypatch):
    monkeypatch.setattr(finding, "SEARCHED", 2)
    sent(article, "An old harbour", MARCH)
    for day in range(2):
        sent(article, f"Harbour {day}", MARCH + dt.timedelta(days=365 + day))
    assert listed(moderator, q="harbour") == ["Harbour 1", "Harbour 0"]
    assert listed(moderator, q="harbour", sent="2025") == ["An old harbour"]
    assert listed(moderator, q="harbour", sent="2025-03") == ["An old harbour"]
    assert listed(moderator, q="harbour", sent="2025-04") == []
    assert len(listed(moderator)) == 3


def test_an_address_and_a_number_find_a_comment_however_old_it_is(article, moderator, monkeypatch):
    monkeypatch.setattr(finding, "SEARCHED", 1)
    ada = identity.commenter_for("ada@example.org", "Ada")
    old = sent(article, "Long ago", MARCH, commenter=ada)
    sent(article, "Lately, to ada@example.org", MARCH + dt.timedelta(days=1))
    assert listed(moderator, q="Ada@Example.org") == ["Long ago"]
    assert listed(moderator, q=str(old.uid)) == ["Long ago"]
    assert listed(moderator, q="ada@example") == ["Lately, to ada@example.org"]


def test_no_more_are_counted_than_are_listed_and_the_page_says_that_there_are_older(article, moderator, monkeypatch):
    monkeypatch.setattr(CommentAdmin, "list_per_page", 2)
    for day in range(6):
        sent(article, f"Harbour {day}", MARCH + dt.timedelta(days=day))
    for most, last_page, shown in ((4, 2, ["Harbour 3", "Harbour 2"]), (6, 3, ["Harbour 1", "Harbour 0"])):
        monkeypatch.setattr(finding, "SEARCHED", most)
        assert listed(moderator, p=last_page) == shown
        assert f"{most} comments" in (said := moderator.page.text_content())
        assert ("Only the newest are listed" in said) is (most < 6)
        assert [link.text_content() for link in moderator.page.cssselect(".paginator li")][-1].strip() == str(last_page)


def test_only_a_search_has_results(article, moderator):
    sent(article, "Words", MARCH)
    listed(moderator)
    assert moderator.page.cssselect("#changelist-search .quiet") == []
    listed(moderator, q="words")
    assert "1 result" in moderator.page.cssselect("#changelist-search .quiet")[0].text_content()


def test_the_whole_table_is_not_counted(article, moderator):
    sent(article, "Words", MARCH)
    with CaptureQueriesContext(connection) as asked:
        listed(moderator)
    counts = [query["sql"] for query in asked if query["sql"].startswith("SELECT COUNT(*)")]
    counts = [sql for sql in counts if "comments_comment" in sql and "WHERE" not in sql]
    assert counts
    assert all("LIMIT 20001" in sql for sql in counts)


@pytest.mark.parametrize("value", ["", "x", "2025-13", "99999", "2025-", "-1", "²025", "0001"])
def test_a_time_that_is_none_is_no_filter(article, moderator, value):
    sent(article, "Words", MARCH)
    assert listed(moderator, sent=value) == ["Words"]


def test_filters_are_called_as_people_speak(article, moderator):
    sent(article, "Words", MARCH)
    moderator.open(f"{ALL}?sent=2025")
    told = moderator.page.cssselect("#changelist-filter")[0].text_content()
    assert "proven" in told
    assert "By is proven" not in told
    assert "only typed" in told
    assert "March 2025" in told
    assert "April 2025" not in told
    assert "Show counts" not in told
    assert listed(moderator, is_proven__exact="1") == []


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a plan of PostgreSQL")
def test_postgresql_reads_the_newest_off_an_index(article, moderator, monkeypatch):
    monkeypatch.setattr(finding, "SEARCHED", 50)
    writer = making.commenter()
    Comment.objects.bulk_create(
        Comment(article=article, commenter=writer, name="A", source="harbour " * 20, posted_at=MARCH - dt.timedelta(i))
        for i in range(4000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
        with CaptureQueriesContext(connection) as asked:
            assert len(listed(moderator, q="ferry")) == 0
        searches = [query["sql"] for query in asked if "LIKE" in query["sql"] or "OFFSET" in query["sql"]]
        assert len(searches) >= 2
        for sql in searches:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "comment_by_time" in plan, plan
            assert "Seq Scan on comments_comment " not in plan, plan
