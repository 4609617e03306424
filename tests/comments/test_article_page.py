"""The threads in the pages of an article: what they show, at what cost, and that they are the same for everybody."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from articles import dates
from comments import counting, moderation, places, stored, threads
from comments.models import Comment, Discussion, Mode
from foundation import clock
from tests import factories
from tests.comments import making
from tests.comments.reader import Reader

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def article():
    return factories.published(headline="The bridge", at=clock.now() - 30 * HOUR)


def tree_of(response):
    assert response.status_code == 200
    return html.fromstring(response.text)


def shown(tree) -> list[str]:
    """The words of each comment, in the order of the page."""
    return [
        node.text_content().strip()
        for node in tree.xpath("//*[@id='comments']//div[contains(@class, 'comment__text')]")
    ]


def place_of(comment: Comment) -> str:
    return f"//*[@id='{places.anchor_of(comment.uid)}']"


def test_threads_stand_in_the_page_with_replies_below_what_they_answer(article, client):
    first = making.public(article, source="First")
    making.public(article, source="Second")
    making.public(article, source="Answer", parent=first)
    tree = tree_of(client.get(article.get_absolute_url()))
    assert shown(tree) == ["First", "Answer", "Second"]
    assert tree.xpath(f"{place_of(first)}//li//div[contains(@class, 'comment__text')]/p/text()") == ["Answer"]
    assert tree.xpath("//h2[@id='comments-title']/text()") == ["3 comments"]


def test_a_comment_shows_who_when_and_what_may_be_done(article, client):
    comment = making.public(article, commenter=making.commenter(name="Zoë <b>"), name="Zoë <b>")
    Comment.objects.filter(pk=comment.pk).update(
        badge="author", is_backer=True, edited_at=clock.now(), recommends_shown=7, posted_at=clock.now() - 3 * HOUR
    )
    stored.write_all()
    comment.refresh_from_db()
    (node,) = tree_of(client.get(article.get_absolute_url())).xpath(place_of(comment))
    assert node.xpath(".//h3/text()") == ["Zoë <b>"]
    assert node.xpath(".//*[contains(@class, 'badge')]/text()") == ["Author", "Backer"]
    assert node.xpath(".//time/@datetime") == [
        moment.isoformat(timespec="seconds") for moment in (comment.posted_at, comment.edited_at)
    ]
    assert [link.text_content().split() for link in node.xpath(".//a[contains(@class, 'comment__act')]")] == [
        ["Reply", "to", "Zoë", "<b>"],
        ["Recommend", "7"],
        ["Report"],
    ]
    assert node.xpath(".//a[contains(@class, 'comment__time')]/@href") == [f"/comments/{comment.uid}/"]
    assert {link.get("rel") for link in node.xpath(".//a[contains(@class, 'comment__act')]")} == {"nofollow"}


def test_times_are_told_as_everywhere_else(article, client):
    comment = making.public(article)
    at = dt.datetime(2026, 3, 5, 7, 4, tzinfo=dt.UTC)
    Comment.objects.filter(pk=comment.pk).update(posted_at=at)
    stored.write_all()
    assert dates.day_and_time(at) in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))"]
)
def test_words_that_are_code_are_only_words(article, client, text):
    comment = making.public(article, source=f"Well: {text}")
    (node,) = tree_of(client.get(article.get_absolute_url())).xpath(f"{place_of(comment)}//div[@class='comment__text']")
    assert node.xpath(".//script | .//img | .//a") == []


def test_links_pass_nothing_on(article, client):
    comment = making.public(article, source="See https://example.org/a")
    tree = tree_of(client.get(article.get_absolute_url()))
    (rel,) = tree.xpath(f"{place_of(comment)}//div[@class='comment__text']//a/@rel")
    assert {"nofollow", "ugc", "noopener"} <= set(rel.split())


def test_beyond_what_a_phone_can_show_a_reply_says_whom_it_answers(article, client):
    chain = [making.public(article, source="0")]
    for number in range(1, threads.DEEPEST + 3):
        chain.append(making.public(article, source=str(number), parent=chain[-1]))
    tree = tree_of(client.get(article.get_absolute_url()))
    assert shown(tree) == [str(number) for number in range(len(chain))]
    levels = [len(tree.xpath(f"{place_of(each)}/ancestor::ol")) - 1 for each in chain]
    assert levels == [0, 1, 2, 3, 4, 4, 4]
    for each, parent in zip(chain[1:], chain, strict=False):
        told = tree.xpath(f"{place_of(each)}/div/p[@class='comment__to']/a/@href")
        assert told == ([f"#{places.anchor_of(parent.uid)}"] if each.depth > threads.DEEPEST else [])


def test_a_removed_comment_leaves_its_place_while_answers_stand_and_none_of_its_words(article, client):
    gone = making.public(article, source="Unspeakable", commenter=making.commenter(name="Gone Girl"))
    making.public(article, source="Answer", parent=gone)
    moderation.hide(gone, None)
    page = client.get(article.get_absolute_url())
    tree = tree_of(page)
    assert [node.text_content() for node in tree.xpath(f"{place_of(gone)}/p")] == ["Removed by a moderator."]
    assert shown(tree) == ["Answer"]
    assert "Unspeakable" not in page.text
    assert "Gone Girl" not in page.text
    assert tree.xpath("//h2[@id='comments-title']/text()") == ["1 comment"]
    moderation.hide(Comment.objects.get(source="Answer"), None)
    assert tree_of(client.get(article.get_absolute_url())).xpath(place_of(gone)) == []


def test_an_addendum_stands_among_the_comments_at_its_time(article, client):
    for hours, words in ((20, "Before"), (5, "After")):
        comment = making.public(article, source=words)
        Comment.objects.filter(pk=comment.pk).update(posted_at=clock.now() - hours * HOUR)
    stored.write_all()
    addendum = factories.addendum(article, at=clock.now() - 10 * HOUR)
    factories.addendum(article, at=clock.now() + HOUR)
    tree = tree_of(client.get(article.get_absolute_url()))
    kinds = [node.get("class") for node in tree.xpath("//ol[@class='thread']/li")]
    assert kinds == ["comment", "added", "comment"]
    assert tree.xpath("//li[@class='added']//a/@href") == [f"#{addendum.anchor}"]
    page = tree_of(client.get(f"{reverse('comments_on', args=[article.uid])}?sort=oldest"))
    assert page.xpath("//li[@class='added']//a/@href") == [f"{article.get_absolute_url()}#{addendum.anchor}"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("newest", "C B A"), ("oldest", "A B C"), ("recommended", "B C A")],
)
def test_other_orders_have_pages_of_their_own_that_nobody_indexes(article, client, sort, order):
    first = making.public(article, source="A")
    for words, parent, times in (("B", first, 5), ("C", None, 1)):
        comment = making.public(article, source=words, parent=parent)
        Comment.objects.filter(pk=comment.pk).update(recommends_shown=times)
    links = tree_of(client.get(article.get_absolute_url())).xpath("//nav[@class='comments__sorts']//a/@href")
    (address,) = [link for link in links if f"sort={sort}" in link]
    response = client.get(address)
    tree = tree_of(response)
    assert shown(tree) == order.split()
    assert response["X-Robots-Tag"] == "noindex"
    assert "noindex" in tree.xpath("//meta[@name='robots']/@content")[0]
    assert tree.xpath(
        f"//li[@id='{places.anchor_of(Comment.objects.get(source='B').uid)}']//p[@class='comment__to']/a/text()"
    ) == [first.name]
    assert tree.xpath("//nav[@class='comments__sorts']//a[@aria-current]/@href") == [address]


def test_the_articles_own_address_stays_the_canonical_one(article, client):
    making.public(article)
    tree = tree_of(client.get(article.get_absolute_url()))
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{article.get_absolute_url()}"]
    assert tree.xpath("//meta[@name='robots']") == []


@pytest.fixture
def many(article):
    """Written past the verbs, for the sake of time: 2,000 comments in threads of ten."""
    writer, now = making.commenter(), clock.now() - 20 * HOUR
    rows = [
        Comment(
            article=article, commenter=writer, name="Reader", source=f"<{n}>", body_html=f"<p>number {n}.</p>",
            status="public", posted_at=now + dt.timedelta(seconds=n), published_at=now, depth=n % 10 and 1,
        )
        for n in range(2_000)
    ]  # fmt: skip
    for row in rows:
        row.pk = row.parent_id = row.root_id = None
    heads = Comment.objects.bulk_create(rows[::10])
    for number, row in enumerate(rows):
        if number % 10:
            row.parent = row.root = heads[number // 10]
    Comment.objects.bulk_create([row for number, row in enumerate(rows) if number % 10])
    for head in heads:
        head.root = head
    Comment.objects.bulk_update(heads, ["root"])
    counting.recount()
    stored.write_all()
    return rows


def test_of_two_thousand_the_article_shows_whole_threads_and_says_how_many_more(many, article, client):
    tree = tree_of(client.get(article.get_absolute_url()))
    words = shown(tree)
    assert 190 <= len(words) <= 200
    assert len(words) % 10 == 0
    assert tree.xpath("//h2[@id='comments-title']/text()") == ["2,000 comments"]
    (more,) = tree.xpath("//nav[@class='comments__more']/a")
    assert more.text_content() == f"{2_000 - len(words):,} further comments"


def test_the_following_pages_hold_the_rest_once_each(many, article, client):
    seen, address = [], article.get_absolute_url()
    while address:
        tree = tree_of(client.get(address))
        seen += shown(tree)
        address = next(iter(tree.xpath("//nav[@class='comments__more']/a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen)) == 2_000


def test_a_permalink_leads_to_the_page_that_holds_it(many, article, client):
    for row in (many[3], many[1_234], many[-1]):
        uid = Comment.objects.get(source=row.source).uid
        response = client.get(reverse("comment", args=[uid]))
        assert response.status_code == 302
        page, _, anchor = response["Location"].partition("#")
        (node,) = tree_of(client.get(page)).xpath(f"//*[@id='{anchor}']/div/div/p")
        assert f"<p>{node.text}</p>" == row.body_html


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_more_comments_cost_no_more_queries(article, client, request):
    for _ in range(3):
        making.public(article, parent=making.public(article))
    factories.addendum(article)
    addresses = [article.get_absolute_url()]
    addresses += [f"{reverse('comments_on', args=[article.uid])}?sort={sort}" for sort in ("newest", "recommended")]
    with_few = [queries_of(client, address) for address in addresses]
    request.getfixturevalue("many")
    assert [queries_of(client, address) for address in addresses] == with_few


def test_the_page_is_the_same_for_everybody(article, client):
    """Ada has written, waits, recommends and is known; nothing of it shows in a page that a cache may keep."""
    comment = making.public(article)
    ada = Reader().is_known_as(making.trusted(article))
    ada.write(article, "A word of mine.")
    ada.open(reverse("comment_recommend", args=[comment.uid]))
    ada.send()
    address = article.get_absolute_url()
    pages = {re.sub(r"\s+", " ", reader.get(address).text) for reader in (ada.client, client, Client())}
    assert len(pages) == 1
    assert "csrf" not in pages.pop()
    assert not Client().get(address).cookies
    assert ada.client.get(address).cookies.output() == ""


def test_closed_comments_are_read_with_the_reason_and_nobody_is_offered_a_form(article, client):
    making.public(article, source="Said in time")
    Discussion.objects.filter(pk=article.pk).update(mode=Mode.CLOSED, closed_words="The trial begins on Monday.")
    page = client.get(article.get_absolute_url())
    assert "The trial begins on Monday." in page.text
    assert shown(tree_of(page)) == ["Said in time"]
    assert reverse("comment_write", args=[article.uid]) not in page.text
    form = client.get(reverse("comment_write", args=[article.uid]))
    assert "The trial begins on Monday." in form.text
    assert "<textarea" not in form.text


def test_without_comments_readers_are_invited(article, client):
    tree = tree_of(client.get(article.get_absolute_url()))
    assert "Nobody has written yet" in tree.xpath("string(//*[@id='comments'])")
    assert tree.xpath("//*[@id='comments']//a[@data-opens]/@href") == [reverse("comment_write", args=[article.uid])]


def test_a_thread_longer_than_a_page_goes_on_and_says_whose_it_is(article, client):
    head = making.public(article, source="The head")
    writer = making.commenter()
    Comment.objects.bulk_create(
        Comment(
            article=article, commenter=writer, name="Reader", source="x", body_html=f"<p>answer {n}.</p>", depth=1,
            status="public", published_at=clock.now(), parent=head, root=head,
        )
        for n in range(250)
    )  # fmt: skip
    Discussion.objects.filter(pk=article.pk).update(public_count=251)
    first = tree_of(client.get(article.get_absolute_url()))
    (more,) = first.xpath("//nav[@class='comments__more']/a")
    second = tree_of(client.get(more.get("href")))
    assert f"goes on with the thread that {head.name} began" in second.xpath("string(//*[@id='comments'])")
    assert shown(second)[0] == "The head"
    assert set(shown(first)) & set(shown(second)) == {"The head"}
    assert len(set(shown(first)) | set(shown(second))) == 251
    assert more.text_content() == f"{251 - len(shown(first))} further comments"
