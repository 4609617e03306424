import datetime as dt

import pytest
from django.utils import timezone
from lxml import html

from articles import months
from articles.embeds import snapshot
from articles.models import Article, Embed, Page
from articles.rendering import render_page
from articles.views.lists import LIST_SIZE, RIVER_SIZE
from foundation import clock
from tests import factories

HOUR = dt.timedelta(hours=1)


def headlines(response, css_class="card") -> list[str]:
    assert response.status_code == 200
    cards = html.fromstring(response.text).find_class(css_class)
    return [card.find_class("card__headline")[0].text_content().strip() for card in cards]


def link(response, direction: str) -> str | None:
    found = html.fromstring(response.text).find_class(f"pager__{direction}")
    return found[0].get("href") if found else None


@pytest.fixture
def section(db):
    return factories.section(name="War", slug="war")


@pytest.fixture
def many(section):
    """More than two pages of a list; the second and third newest share their second."""
    author = factories.author(slug="ines")
    tag = factories.tag(slug="bridges")
    now = clock.now()
    times = [now - max(n - 1, 0) * HOUR if n < 3 else now - n * HOUR for n in range(2 * LIST_SIZE + 3)]
    return [
        factories.published(headline=f"No {n}", section=section, authors=[author], tags=[tag], at=at)
        for n, at in enumerate(times)
    ]


LISTS = ["/section/war/", "/author/ines/", "/tag/bridges/", "/"]


@pytest.mark.parametrize("address", LISTS)
def test_paging_back_and_forth_meets_every_article_once_and_ends_where_it_began(client, many, address):
    seen, page = [], client.get(address)
    steps = 0
    while True:
        seen += headlines(page, "card--river")
        steps += 1
        if not (older := link(page, "older")):
            break
        page = client.get(address + older)
    expected = {article.headline for article in many}
    if address == "/":
        expected.remove(headlines(client.get("/"), "card--lead")[0])
    assert len(seen) == len(set(seen))
    assert set(seen) == expected
    for _ in range(steps - 1):
        newer = link(page, "newer")
        page = client.get(newer if newer.startswith("/") else address + newer)
    assert page.request["QUERY_STRING"] == ""


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "before=x", "before=", "before=0", "before=-1", "before=1.5", "before=999999", "before=99999999999999999999",
        "before=%00", "before=1%002", "before=٣", "before= 1", "before=1e3",
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_is_not_found(client, many, address, query):
    assert client.get(f"{address}?{query}").status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_a_page_has_one_address(client, many, address):
    pk = many[3].pk
    assert client.get(f"{address}?before={pk}").status_code == 200
    for other in (f"before=0{pk}", f"before={pk}&before={pk}", f"before=+{pk}"):
        assert client.get(f"{address}?{other}").status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_there_is_no_page_after_the_oldest(client, many, address):
    assert client.get(f"{address}?before={many[-1].pk}").status_code == 404


def test_nobody_pages_from_what_is_not_in_the_list(client, many):
    others = [factories.draft(), factories.withdrawn(), factories.published(at=clock.now() + HOUR)]
    elsewhere = factories.published()
    for article in [*others, elsewhere]:
        assert client.get(f"/section/war/?before={article.pk}").status_code == 404


def test_a_page_of_home_stays_when_the_article_it_begins_after_is_pinned(client, many):
    Article.objects.filter(pk=many[5].pk).update(is_pinned=True)
    response = client.get(f"/?before={many[5].pk}")
    assert headlines(response)[0] == "No 6"


class TestHome:
    def test_the_newest_leads_and_stands_nowhere_else_in_the_river(self, client, many):
        response = client.get("/")
        (lead,) = headlines(response, "card--lead")
        assert lead not in headlines(response, "card--river")
        assert len(headlines(response, "card--river")) == RIVER_SIZE

    def test_a_pinned_article_leads_until_it_is_withdrawn(self, client, many):
        Article.objects.filter(pk=many[9].pk).update(is_pinned=True)
        assert headlines(client.get("/"), "card--lead") == ["No 9"]
        assert "No 9" not in headlines(client.get("/"), "card--river")
        Article.objects.filter(pk=many[9].pk).update(status=Article.Status.WITHDRAWN, withdrawn_at=clock.now())
        assert headlines(client.get("/"), "card--lead") != ["No 9"]

    def test_a_scheduled_pinned_article_waits_for_its_time(self, client, many, time_machine):
        later = factories.published(headline="Later", at=clock.now() + HOUR, is_pinned=True)
        assert "Later" not in headlines(client.get("/"))
        time_machine.move_to(later.published_at)
        assert headlines(client.get("/"), "card--lead") == ["Later"]

    def test_bands_show_what_the_page_does_not_show_yet(self, client, many):
        response = client.get("/")
        cards = headlines(response)
        assert len(cards) == len(set(cards))
        assert "band-war" in response.text

    def test_a_section_without_anything_more_has_no_band(self, client, db):
        factories.published(section=factories.section(slug="lonely"))
        factories.section(slug="empty")
        response = client.get("/")
        assert "band-lonely" not in response.text
        assert "band-empty" not in response.text

    def test_an_empty_site_says_so(self, client, db):
        response = client.get("/")
        assert response.status_code == 200
        assert "Nothing is published yet" in response.text

    def test_new_addenda_of_live_articles_are_listed(self, client, db):
        article = factories.published(headline="Grown", at=clock.now() - HOUR)
        factories.addendum(article)
        factories.addendum(article, at=clock.now() + HOUR)
        gone = factories.published(headline="Gone", at=clock.now() - HOUR)
        factories.addendum(gone)
        Article.objects.filter(pk=gone.pk).update(status=Article.Status.WITHDRAWN, withdrawn_at=clock.now())
        assert self.additions(client) == [f"{article.get_absolute_url()}#update-1"]

    def test_an_article_stands_among_the_additions_once_with_its_latest(self, client, db):
        first, second = (factories.published(at=clock.now() - 9 * HOUR) for _ in range(2))
        for article, age in ((first, 5), (second, 4), (first, 3), (first, 2)):
            factories.addendum(article, at=clock.now() - age * HOUR)
        expected = [f"{first.get_absolute_url()}#update-3", f"{second.get_absolute_url()}#update-1"]
        assert self.additions(client) == expected

    def additions(self, client) -> list[str]:
        return html.fromstring(client.get("/").text).xpath("//*[@class='additions__headline']/a/@href")


class TestBadge:
    def badges(self, client) -> int:
        return len(html.fromstring(client.get("/").text).find_class("card__badge"))

    def test_it_shows_only_on_what_was_updated_and_ages_out(self, client, db, time_machine):
        article = factories.published(at=clock.now() - 5 * HOUR)
        assert self.badges(client) == 0
        factories.addendum(article)
        assert self.badges(client) == 1
        time_machine.move_to(clock.now() + 48 * HOUR)
        assert self.badges(client) == 0


class TestEmptyAndUnknown:
    def test_an_empty_section_says_so(self, client, section):
        assert "Nothing is published here yet" in client.get("/section/war/").text

    def test_a_tag_of_drafts_only_is_not_told(self, client, db):
        tag = factories.tag(slug="secret-plan")
        article = factories.draft(tags=[tag])
        assert client.get("/tag/secret-plan/").status_code == 404
        factories.published(tags=[tag], section=article.section)
        assert client.get("/tag/secret-plan/").status_code == 200

    def test_an_author_of_drafts_only_is_not_told(self, client, db):
        ines = factories.author(slug="ines")
        draft = factories.draft(authors=[ines])
        factories.published(authors=[ines], section=draft.section, at=clock.now() + HOUR)
        assert client.get("/author/ines/").status_code == 404
        factories.published(authors=[ines], section=draft.section)
        assert client.get("/author/ines/").status_code == 200

    def test_an_author_of_an_addendum_has_the_page_that_its_name_leads_to(self, client, db):
        ines = factories.author(slug="ines")
        article = factories.published()
        factories.draft_addendum(article, author=ines)
        assert client.get("/author/ines/").status_code == 404
        factories.addendum(article, author=ines)
        assert "/author/ines/" in client.get(article.get_absolute_url()).text
        assert client.get("/author/ines/").status_code == 200

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles"])
    @pytest.mark.parametrize("month", ["0001-01", "0999-12", "1000-01", "2999-12", "3000-01", "9999-11", "9999-12"])
    def test_months_at_the_ends_of_the_calendar_are_not_found_in_any_zone(self, client, db, settings, zone, month):
        settings.TIME_ZONE = zone
        year_and_month = month.replace("-", "/")
        for address in (f"/archive/{year_and_month}/", f"/sitemap-{month}.xml", f"/{year_and_month}/"):
            assert client.get(address).status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            "/section/no/", "/tag/no/", "/author/no/", "/nothing/", "/section/%00/", "/%00/", "/2026/13/x/",
            "/2026/00/x/", "/2026/1/x/", "/26/01/x/", "/archive/2026/13/", "/archive/2026/00/", "/archive/0000/01/",
            "/archive/9999/12/", "/archive/2026/1/", "/archive/1999/01/", "/2026/01/a%00b/",
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_not_found(self, client, db, address):
        response = client.get(address)
        assert response.status_code == 404
        assert "There is no page at this address" in response.text

    def test_an_address_without_its_last_slash_leads_to_the_one_with_it(self, client, section):
        response = client.get("/section/war")
        assert (response.status_code, response["Location"]) == (301, "/section/war/")

    @pytest.mark.parametrize("address", ["/", "/search/", "/corrections/", "/archive/"])
    def test_pages_are_only_read(self, client, db, address):
        assert client.post(address).status_code == 405


class TestArchive:
    def test_a_month_is_that_of_the_sites_zone(self, client, db, settings):
        settings.TIME_ZONE = "Europe/Berlin"
        factories.published(headline="Last of the year", at=dt.datetime(2025, 12, 31, 22, 59, tzinfo=dt.UTC))
        factories.published(headline="First of the year", at=dt.datetime(2025, 12, 31, 23, 0, tzinfo=dt.UTC))
        assert headlines(client.get("/archive/2025/12/")) == ["Last of the year"]
        assert headlines(client.get("/archive/2026/01/")) == ["First of the year"]

    def test_the_index_links_exactly_the_months_with_articles(self, client, db):
        for month in (1, 3, 3):
            factories.published(at=dt.datetime(2026, month, 10, tzinfo=dt.UTC))
        factories.published(at=clock.now() + 400 * 24 * HOUR)
        links = html.fromstring(client.get("/archive/").text).xpath("//*[@class='months__list']//@href")
        assert links == ["/archive/2026/03/", "/archive/2026/01/"]
        assert {client.get(address).status_code for address in links} == {200}

    @pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Pacific/Auckland"])
    def test_its_months_are_those_that_the_articles_themselves_tell(self, db, settings, monkeypatch, zone):
        """At both ends of each, over gaps of years, and asked for in several questions."""
        settings.TIME_ZONE = zone
        monkeypatch.setattr(months, "AT_ONCE", 7)
        assert months.with_articles() == []
        second = dt.timedelta(seconds=1)
        for year, month in ((1999, 12), (2004, 2), (2004, 7), (2023, 11), (2024, 3)):
            starts, ends = clock.local_month_bounds(year, month)
            factories.published(at=starts if year % 2 else ends - second)
        factories.withdrawn(at=dt.datetime(2010, 5, 5, tzinfo=dt.UTC))
        factories.published(at=clock.now() + 70 * 24 * HOUR)
        told = Article.objects.published().datetimes(
            "published_at", "month", order="DESC", tzinfo=timezone.get_default_timezone()
        )
        assert months.with_articles() == [moment.date() for moment in told]
        assert len(told) == 5


class TestPages:
    def test_a_page_is_tried_last_and_only_if_public(self, client, db):
        page = Page.objects.create(title="About us", slug="about", body="<p>We are few.</p><script>x</script>")
        render_page(page)
        Page.objects.create(title="Not the archive", slug="archive")
        response = client.get("/about/")
        assert "<p>We are few.</p>" in response.text
        assert "Not the archive" not in client.get("/archive/").text
        Page.objects.update(is_public=False)
        assert client.get("/about/").status_code == 404

    @pytest.mark.parametrize("slug", ["search", "feed", "atom", "archive", "corrections", "admin", "static", "media"])
    def test_a_page_that_nobody_could_reach_is_refused(self, editor_client, slug):
        response = editor_client.post("/admin/articles/page/add/", {"title": "A page", "slug": slug, "is_public": "on"})
        expected = f"The site itself answers at /{slug}/, so nobody could read this page. Choose another slug."
        assert response.context["adminform"].form.errors == {"slug": [expected]}
        assert not Page.objects.exists()

    @pytest.mark.parametrize("slug", ["about", "section", "feeds", "search-help"])
    def test_every_other_slug_makes_a_page(self, editor_client, client, slug):
        editor_client.post("/admin/articles/page/add/", {"title": "A page", "slug": slug, "is_public": "on"})
        assert client.get(f"/{slug}/").status_code == 200
        Page.objects.get().full_clean()

    def test_a_page_shows_saved_posts_as_articles_do(self, client, db):
        address = "https://x.com/somebody/status/1233333333333333333"
        page = Page.objects.create(title="About", slug="about", body=f"<p>{address}</p>")
        render_page(page)
        embed = Embed.objects.get()
        embed.state, embed.text = Embed.State.BY_HAND, "The words of the post."
        embed.save()
        snapshot.write_html(embed)
        assert "The words of the post." in client.get("/about/").text
        Embed.objects.update(choice=Embed.Choice.REMOVED)
        response = client.get("/about/")
        assert "The words of the post." not in response.text
        assert "data-embed" not in response.text


class TestSearch:
    def test_it_finds_and_says_how_many(self, client, db):
        factories.published(headline="The weighbridge", body="<p>Wagons at night</p>")
        response = client.get("/search/", {"q": "wagons"})
        assert "1 article<" in response.text
        assert "The weighbridge" in response.text
        assert response["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("query", ["", "\x00", "nothing-like-it", '"', "-", "a" * 5000, "%", "؟", "' OR 1=1 --"])
    def test_whatever_is_typed_gets_a_page(self, client, db, query):
        assert client.get("/search/", {"q": query}).status_code == 200

    @pytest.mark.parametrize("page", ["0", "1", "-1", "x", "02", "", "100", "٣", "\x00"])
    def test_a_page_number_has_one_form(self, client, db, page):
        assert client.get("/search/", {"q": "x", "page": page}).status_code == 404

    def test_the_question_is_shown_escaped(self, client, db):
        assert "<b>" not in client.get("/search/", {"q": "<b>x</b>"}).text

    def test_there_is_no_page_after_the_last_hit(self, client, db):
        factories.published(headline="Zebra")
        assert client.get("/search/", {"q": "zebra"}).status_code == 200
        assert client.get("/search/", {"q": "zebra", "page": "2"}).status_code == 404
