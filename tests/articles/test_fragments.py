import datetime as dt
import re

import pytest
import time_machine

from articles import publishing, rendering
from articles.fragments import Fragments
from articles.models import Embed
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
TWEET = "https://x.com/sample/status/1234567890123456789"


def article_pointing_at(key, **fields):
    body = f'<p>Russia was silent <a data-pointer="{key}" href="#">(UPDATED below)</a>. More.</p>'
    return factories.published(at=MAY, body=body, **fields)


def test_a_pointer_links_to_its_addendum_only_while_readers_see_it():
    key = "ab" * 16
    article = article_pointing_at(key)
    addendum = factories.draft_addendum(article, key=key)
    assert Fragments.of(article).body == "<p>Russia was silent. More.</p>"

    publishing.publish_addendum(addendum, at=MAY + dt.timedelta(hours=1))
    assert (
        Fragments.of(article).body
        == '<p>Russia was silent <a class="pointer" href="#update-1">(UPDATED below)</a>. More.</p>'
    )

    publishing.hide_addendum(addendum)
    assert Fragments.of(article).body == "<p>Russia was silent. More.</p>"


def test_a_pointer_to_a_scheduled_addendum_appears_the_instant_it_is_due():
    key = "cd" * 16
    article = article_pointing_at(key)
    factories.addendum(article, key=key, at=MAY + dt.timedelta(days=1))
    with time_machine.travel(MAY + dt.timedelta(hours=23), tick=False):
        assert "pointer" not in Fragments.of(article).body
    with time_machine.travel(MAY + dt.timedelta(days=1), tick=False):
        assert 'href="#update-1"' in Fragments.of(article).body


def test_a_pointer_to_nothing_never_dangles():
    article = article_pointing_at("ef" * 16)
    assert Fragments.of(article).body == "<p>Russia was silent. More.</p>"


@pytest.mark.parametrize("attributes", ['title="x" {}', '{} title="x"', 'title="x" {} href="/y/" title="z"'])
def test_a_pointer_with_other_attributes_follows_its_addendum_too(attributes):
    key = "ab" * 16
    link = f"<a {attributes.format(f'data-pointer="{key}"')}>(<em>below</em>)</a>"
    article = factories.published(at=MAY, body=f"<p>Silent {link}. <a href='/x/' title='t'>More</a></p>")
    assert 'title="x"' not in article.body_html
    rest = '. <a href="/x/" title="t">More</a></p>'
    assert Fragments.of(article).body == f"<p>Silent{rest}"
    factories.addendum(article, key=key)
    assert Fragments.of(article).body == f'<p>Silent <a class="pointer" href="#update-1">(below)</a>{rest}'


def test_a_stored_pointer_is_known_wherever_its_key_stands():
    """Rows rendered by an earlier release."""
    article = factories.published()
    article.body_html = f'<p>Silent <a title="x" data-pointer="{"ab" * 16}" href="#">(below)</a>.</p>'
    assert Fragments.of(article).body == "<p>Silent.</p>"


def test_a_pointer_cannot_reach_the_addendum_of_another_article():
    stranger = factories.addendum(factories.published(at=MAY))
    article = article_pointing_at(stranger.key)
    assert "pointer" not in Fragments.of(article).body


def test_an_embed_shows_what_its_row_says_now_without_rendering_again():
    article = factories.published(body=f"<p>Before</p><p>{TWEET}</p>")
    embed = article.embeds.get()
    Embed.objects.filter(pk=embed.pk).update(html="<blockquote>Saved words</blockquote>")
    assert "<blockquote>Saved words</blockquote>" in Fragments.of(article.__class__.objects.get()).body
    Embed.objects.filter(pk=embed.pk).update(choice=Embed.Choice.REMOVED)
    assert "Saved words" not in Fragments.of(article.__class__.objects.get()).body


def test_feeds_get_absolute_addresses():
    key = "ab" * 16
    article = article_pointing_at(key)
    factories.addendum(article, key=key, body='<p>See <a href="/about/">about</a>.</p>')
    fragments = Fragments.of(article, for_feed=True)
    assert f'href="http://testserver{article.get_absolute_url()}#update-1"' in fragments.body
    assert 'href="http://testserver/about/"' in fragments.addenda[0].text


def test_reading_costs_the_same_number_of_queries_however_much_there_is(django_assert_num_queries):
    article = factories.published(body=f"<p>{TWEET}</p>")
    with django_assert_num_queries(3):
        Fragments.of(article)
    crowded = factories.published(
        at=MAY, body="".join(f"<p>https://x.com/sample/status/{1234567890123456789 + n}</p>" for n in range(12))
    )
    for hour in range(9):
        factories.addendum(crowded, at=MAY + dt.timedelta(hours=hour), author=factories.author())
    with django_assert_num_queries(3):
        Fragments.of_many([crowded, article])


def test_headings_get_ids_that_cannot_clash_with_those_of_addenda():
    result = rendering.render("<h2>Update 1</h2><p>x</p><h2>Update 1</h2><h3>🚢</h3>")
    assert '<h2 id="s-update-1">' in result.html
    assert '<h2 id="s-update-1-2">' in result.html
    assert '<h3 id="s-heading">' in result.html


def test_thousands_of_headings_of_one_name_each_get_their_own():
    result = rendering.render("<h2>Part</h2><h2>Part 3</h2>" + "<h2>Part</h2>" * 5000)
    ids = re.findall(r'id="([^"]+)"', result.html)
    assert len(ids) == len(set(ids)) == 5002
    assert ids[:4] == ["s-part", "s-part-3", "s-part-2", "s-part-4"]


def test_right_to_left_words_get_their_direction():
    result = rendering.render("<blockquote><p>قال المسؤول إن المرفأ سيفتح غدا</p></blockquote><p>Latin</p>")
    assert '<blockquote dir="rtl"><p dir="rtl">' in result.html
    assert "<p>Latin</p>" in result.html


def test_a_picture_that_is_not_in_the_library_leaves_no_hole():
    result = rendering.render(
        '<p>a</p><figure><img src="/media/images/ab/abcdef0123456789/1200.jpg" alt="x">'
        "<figcaption>c</figcaption></figure>"
    )
    assert result.html == "<p>a</p>"
