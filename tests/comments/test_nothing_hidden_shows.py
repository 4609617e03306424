"""
G40: of what waits, was spam, was hidden, withdrawn or removed, no byte is public: not its words, not its author's name,
not that it exists. Every public address of the site is fetched, all that they link to, and the addresses of the
comments themselves; the same search finds what is public.
"""

import datetime as dt
import itertools
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from articles import publishing
from comments import moderation, places
from comments.models import Comment
from foundation import clock
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db
Status = Comment.Status
HIDDEN = [status for status in Status if status != Status.PUBLIC]
ALSO_READ = ["/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/news-sitemap.xml", "/favicon.ico", "/comments/"]
_count = itertools.count(1)
PARTS = ["", "yours/", "edit/", "withdraw/", "recommend/", "report/"]


def words_of(status: str) -> str:
    return f"Zqxwords{status}"


def name_of(status: str) -> str:
    return f"Zqxname {status}"


def in_status(article, status: str, *, parent: Comment | None = None) -> Comment:
    """By the verb that leads there."""
    writer = making.commenter(name=name_of(status), email=f"zqx.{status}.{next(_count)}@example.org")
    comment = making.waiting(
        article,
        commenter=writer,
        name=name_of(status),
        source=f"{words_of(status)} https://zqx-{status}.example/",
        parent=parent,
    )
    if status in (Status.PUBLIC, Status.HIDDEN, Status.WITHDRAWN, Status.REMOVED, Status.HELD):
        moderation.approve(comment, None)
    if status == Status.SPAM:
        moderation.mark_spam(comment, None)
    elif status == Status.REJECTED:
        moderation.reject(comment, None)
    elif status == Status.HIDDEN:
        moderation.hide(comment, None)
    elif status == Status.REMOVED:
        moderation.remove(comment, None)
    elif status == Status.WITHDRAWN:
        moderation.withdraw(comment, writer)
    elif status == Status.HELD:
        for reader in ("a", "b", "c"):
            moderation.report(comment, reader * 64, "abuse")
    comment.refresh_from_db()
    assert comment.status == status
    return comment


@pytest.fixture
def article():
    return factories.published(at=clock.now() - dt.timedelta(hours=2), tags=[factories.tag()])


@pytest.fixture
def comments(article) -> dict[str, Comment]:
    """One of each status alone, one of each as an answer, and one of each on an article that is gone since."""
    root = making.public(article, source="A root that everybody reads.")
    found = {status: in_status(article, status) for status in Status}
    for status in Status:
        in_status(article, status, parent=root)
    return found


def crawl(*starts: str) -> dict[str, str]:
    """Everything a stranger can reach by links: address to what was answered, headers and all."""
    client, found, waiting = Client(), {}, list(starts)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        cache.clear()
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[address] = f"{response.headers} {body.decode(errors='replace')}"
        if target := response.headers.get("Location"):
            waiting.append(on_site(target, address))
        if "html" in response.headers.get("Content-Type", "") and body:
            links = html.fromstring(body).xpath("//@href | //form/@action")
            waiting += filter(None, (on_site(link, address) for link in links))
    return found


def on_site(link: str, page: str) -> str:
    """The path with its query; nothing for another site, and for what is no page."""
    parts = urlsplit(urljoin(f"http://testserver{page}", link))
    is_page = parts.netloc == "testserver" and not parts.path.startswith(
        ("/static/", "/admin/", "/support/", "/do-not-")
    )
    return f"{parts.path}?{parts.query}".rstrip("?") if is_page else ""


def starts(article, comments) -> list[str]:
    """Every route of reading that needs no argument, and those of the article and of each comment by name."""
    routes = get_resolver().reverse_dict
    plain = [reverse(name) for name in routes if isinstance(name, str) and _is_plain(name)]
    asked = [f"/search/?q={words_of(status)}" for status in Status] + [
        f"/search/?q=zqxname+{status}" for status in Status
    ]
    on = reverse("comments_on", args=[article.uid])
    orders = [f"{on}?sort={sort}" for sort in ("newest", "oldest", "recommended")] + [on, f"{on}yours/", f"{on}feed/"]
    write = reverse("comment_write", args=[article.uid])
    own = [
        address
        for comment in comments.values()
        for address in [*(f"/comments/{comment.uid}/{part}" for part in PARTS), f"{write}?parent={comment.uid}"]
    ]
    return [*plain, *ALSO_READ, article.get_absolute_url(), *asked, *orders, *own]


def _is_plain(name: str) -> bool:
    if name.startswith(("support", "manage", "stop_news", "stripe", "demo", "account")):
        return False
    return any(
        not parameters for possibility in get_resolver().reverse_dict.getlist(name) for _, parameters in possibility[0]
    )


def feeds(article) -> list[str]:
    return [reverse("comments_feed"), reverse("comments_feed_on", args=[article.uid])]


def leaks(found: dict[str, str], status: str) -> dict[str, list[str]]:
    """Where words, name, address or link of a comment in this status stand, except in the asking address itself."""
    pattern = re.compile(rf"{words_of(status)}|{name_of(status)}|zqx[.-]{status}", re.IGNORECASE)
    told = {}
    for address, answer in found.items():
        hits = pattern.findall(answer) if address.startswith("/search/") is False else _hits_of_search(pattern, answer)
        if hits:
            told[address] = hits
    return told


def _hits_of_search(pattern: re.Pattern, answer: str) -> list[str]:
    """The page of a search repeats what was asked for; what was found stands in its list."""
    hits = html.fromstring(answer).xpath("//*[contains(@class, 'hits')]")
    return pattern.findall("".join(html.tostring(node).decode() for node in hits))


def test_nothing_that_is_not_public_stands_anywhere_and_what_is_public_is_found(article, comments):
    found = crawl(*starts(article, comments))
    assert len(found) > 60
    assert {status: told for status in HIDDEN if (told := leaks(found, status))} == {}
    told = leaks(found, Status.PUBLIC)
    assert article.get_absolute_url() in told
    assert any("sort=newest" in address for address in told)
    assert set(feeds(article)) <= told.keys()


@pytest.mark.parametrize("part", PARTS)
def test_the_address_of_what_is_not_public_answers_like_nonsense(comments, part):
    client = Client()
    nonsense = client.get(f"/comments/00000000-0000-0000-0000-000000000007/{part}")
    plain = re.sub("00000000-0000-0000-0000-000000000007", "UID", nonsense.text)
    for status in HIDDEN:
        uid = str(comments[status].uid)
        response = client.get(f"/comments/{uid}/{part}")
        assert (response.status_code, response.text.replace(uid, "UID")) == (404, plain), status
        assert dict(response.headers) == dict(nonsense.headers)


def test_the_address_of_what_is_public_answers_otherwise(comments):
    uid = comments[Status.PUBLIC].uid
    answers = {part: Client().get(f"/comments/{uid}/{part}").status_code for part in PARTS}
    assert answers == {"": 302, "yours/": 404, "edit/": 404, "withdraw/": 404, "recommend/": 200, "report/": 200}


def test_no_count_counts_it(article, comments, client):
    """A root, one alone and one as an answer are public."""
    page = html.fromstring(client.get(article.get_absolute_url()).text)
    assert page.xpath("//h2[@id='comments-title']/text()") == ["3 comments"]
    assert article.discussion.public_count == 3


def test_no_number_in_the_page_tells_how_many_there_are(article, comments, client):
    """Were comments named by their running number, gaps would tell how many nobody was shown."""
    page = html.fromstring(client.get(article.get_absolute_url()).text)
    names = {node.get("id") for node in page.xpath("//li[contains(@class, 'comment')]")}
    assert names == {places.anchor_of(comment.uid) for comment in Comment.objects.public()}
    assert {len(name) for name in names} == {len("comment-") + 12}


def test_a_comment_is_gone_with_its_article_and_back_with_it(article, client):
    comment = making.public(article, source=words_of("public"))
    publishing.withdraw(article, by=None)
    for address in (f"/comments/{comment.uid}/", f"/comments/on/{article.uid}/?sort=newest", *feeds(article)):
        response = client.get(address)
        assert words_of("public") not in response.text
        assert response.status_code != 200 or address in feeds(article)
    assert words_of("public") not in client.get(article.get_absolute_url()).text


def test_one_taken_down_leaves_every_page_at_once(article, client):
    comment = making.public(article, source=words_of("public"))
    address = article.get_absolute_url()
    assert words_of("public") in client.get(address).text
    moderation.hide(comment, None)
    assert words_of("public") not in client.get(address).text
