"""
What a public page asks of the database does not grow with what stands on it. Each page is counted on a site with one
of everything and on one with many; the ceilings keep a page from becoming costly in small steps.
"""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from articles import editing
from articles.embeds import providers, snapshot
from articles.models import Addendum, Article, Author, Embed, FooterLink, Masthead, Section, Tag
from articles.rendering import render_article
from articles.views.lists import RIVER_SIZE
from foundation import clock
from tests import factories
from tests.comments import making

HOUR = dt.timedelta(hours=1)
CEILINGS = {
    "/": 16,
    "/section/war/": 8,
    "/author/ines/": 8,
    "/tag/bridges/": 8,
    "/archive/": 7,
    "/search/?q=wagons": 10,
    "/corrections/": 8,
    "article": 24,
    "updates.json": 3,
    "history/": 9,
}


def tweet(number: int) -> str:
    address = f"https://x.com/somebody/status/{1233333333333333333 + number}"
    embed = snapshot.remember(providers.recognise(address))
    embed.state, embed.text = Embed.State.BY_HAND, "Words"
    embed.save()
    snapshot.write_html(embed)
    return f'<div data-embed="{address}"><a href="{address}">{address}</a></div>'


def grow(number: int) -> Article:
    """A site with `number` of everything; returns an article that has as many of everything too."""
    war, ines, bridges = factories.section(slug="war"), factories.author(slug="ines"), factories.tag(slug="bridges")
    masthead = Masthead.load()
    masthead.save()
    for n in range(number):
        FooterLink.objects.create(masthead=masthead, label=f"Link {n}", address="/")
        section = factories.section()
        # More than the river of the home page holds, so that something is left for the bands below it.
        for age in range(RIVER_SIZE + 2):
            factories.published(section=section, at=clock.now() - (20 + age) * HOUR)
    others = [
        factories.published(
            section=war, authors=[ines, factories.author()], tags=[bridges, factories.tag()], body=f"<p>Wagons {n}</p>",
            at=clock.now() - (n + 1) * HOUR,
        )
        for n in range(number + 2)
    ]  # fmt: skip
    authors = [ines, *(factories.author() for _ in range(number))]
    article = factories.published(
        section=war, authors=authors, tags=[bridges, factories.tag()], at=clock.now() - 30 * HOUR
    )
    article.body = "<p>Wagons</p>" + "".join(tweet(n) for n in range(number))
    editing.save(article, by=None, meaningful=True, at=clock.now() - 29 * HOUR)
    article.related.set(others[:number])
    for n in range(number):
        for kind in (Addendum.Kind.UPDATE, Addendum.Kind.CORRECTION):
            body = f"<p>Wagons</p>{tweet(100 + n)}"
            factories.addendum(article, kind=kind, author=ines, body=body, at=clock.now() - (n + 1) * HOUR)
    render_article(article)
    for _ in range(number):
        making.public(article, parent=making.public(article))
    return article


def counted(client, article: Article) -> dict[str, int]:
    parts = {"article": "", "updates.json": "updates.json", "history/": "history/"}
    found = {}
    for name in CEILINGS:
        address = article.get_absolute_url() + parts[name] if name in parts else name
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, address
        found[name] = len(queries)
    return found


@pytest.fixture
def counts(client, db):
    """Counts on a small site first, then on the same site grown."""
    with_few = counted(client, grow(1))
    Article.objects.update(is_pinned=False, status=Article.Status.WITHDRAWN, withdrawn_at=clock.now() + HOUR)
    for model in (Section, Author, Tag):
        model.objects.update(slug=Concat("slug", Value("-of-few")))
    return with_few, counted(client, grow(6))


def test_no_page_asks_more_of_a_site_with_more_on_it(counts):
    with_few, with_many = counts
    assert with_many == with_few


def test_no_page_asks_more_than_its_ceiling(counts):
    with_few, _ = counts
    assert {name: number for name, number in with_few.items() if number > CEILINGS[name]} == {}
