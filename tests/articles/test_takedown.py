import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError

from articles import editing, publishing, takedown
from articles.fragments import Fragments
from articles.models import Takedown
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def article():
    article = factories.published(
        at=MAY,
        headline="John Doe resigns",
        standfirst="Why john  doe left",
        body="<p>Mr <strong>John</strong> Doe left.<br>John<br>Doe said so.</p>"
        "<ul><li>John Doe<ul><li>again</li></ul></li></ul>",
    )
    factories.addendum(article, body="<p>John Doe denies it.</p>", at=MAY + dt.timedelta(hours=1))
    article.body += "<p>More.</p>"
    editing.save(article, by=None, meaningful=True, at=MAY + dt.timedelta(hours=2))
    return article


@time_machine.travel(MAY + dt.timedelta(days=3), tick=False)
def test_the_words_vanish_from_every_place_and_the_notice_stands_there(article):
    record = takedown.black_out(article, words="John Doe", reason="order of a court", by=None)

    article.refresh_from_db()
    page = Fragments.of(article)
    everything = [article.headline, article.standfirst, page.body, *[addendum.text for addendum in page.addenda]]
    for revision in article.revisions.all():
        everything += [revision.headline, revision.standfirst, revision.body]
    for text in everything:
        assert "doe" not in text.lower()
        assert "[removed on 23 May 2026: order of a court]" in text
    assert record.places >= len(everything)
    assert "Doe" not in str([vars(row) for row in Takedown.objects.all()])


def test_a_takedown_moves_no_date_that_readers_see(article):
    before = type(article).objects.with_updated_at().get(pk=article.pk).updated_at
    takedown.black_out(article, words="John Doe", reason="order of a court", by=None)
    assert type(article).objects.with_updated_at().get(pk=article.pk).updated_at == before


def test_counting_changes_nothing(article):
    places = takedown.count_places(article, words="John Doe")
    article.refresh_from_db()
    assert places > 3
    assert article.headline == "John Doe resigns"
    assert not Takedown.objects.exists()


def test_what_addenda_said_earlier_is_blacked_out_too(article):
    addendum = article.addenda.get()
    addendum.body = "<p>He denies it.</p>"
    publishing.edit_addendum(addendum, by=None)
    takedown.black_out(article, words="John Doe", reason="order of a court", by=None)
    assert "Doe" not in addendum.earlier_versions.get().body


@pytest.mark.parametrize(
    ("words", "reason", "message"),
    [
        ("Jane Roe", "order of a court", "stand nowhere"),
        ("J", "order of a court", "at least 3"),
        ("John Doe", " ", "Give a reason"),
        ("John Doe", "John Doe asked", "repeats the words"),
    ],
)
def test_what_cannot_be_taken_down_is_said(article, words, reason, message):
    with pytest.raises(ValidationError, match=message):
        takedown.black_out(article, words=words, reason=reason, by=None)
    assert not Takedown.objects.exists()
