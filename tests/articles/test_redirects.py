"""Old addresses: where they lead, and that they lead nowhere else."""

import datetime as dt

import pytest
import time_machine
from django.contrib.admin.sites import site as desk
from django.db import IntegrityError, transaction

from articles import publishing, redirects
from articles.models import Article, Page, Redirect
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def article_at(path: str, **fields) -> Article:
    """A live article with an address of our choice."""
    article = factories.published(**fields)
    Article.objects.filter(pk=article.pk).update(public_path=path)
    article.refresh_from_db()
    return article


def leads_to(client, address: str) -> str | None:
    """Where the one redirect goes; None where there is none."""
    response = client.get(address)
    if response.status_code == 301:
        return response["Location"]
    assert response.status_code in (200, 404)
    return None


class TestMovedArticles:
    def test_the_old_address_leads_to_the_new_one_in_one_step(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        publishing.move(article, by=None, year=2026, month=4, slug="port-closed")
        for old in ("/2026/03/harbour/", "/2026/03/port/"):
            assert leads_to(client, old) == "/2026/04/port-closed/"
        assert client.get("/2026/04/port-closed/").status_code == 200

    @pytest.mark.parametrize(
        ("part", "new_part"),
        [
            ("updates.json", "updates.json"),
            ("history/", "history/"),
            ("history/1/", "history/1/"),
            ("history/1/?utm_source=x", "history/1/"),
        ],
    )
    def test_what_stands_below_the_old_address_leads_below_the_new_one(self, client, part, new_part):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        publishing.move(article, by=None, year=2026, month=4, slug="port-closed")
        for old in ("/2026/03/harbour/", "/2026/03/port/", "/2026/03/Harbour/"):
            assert leads_to(client, f"{old}{part}") == f"/2026/04/port-closed/{new_part}"
        assert client.get(f"/2026/04/port-closed/{new_part}").status_code == 200

    def test_a_part_without_its_last_slash_is_led_to_the_end_at_once(self):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        assert redirects.new_address("/2026/03/harbour/history") == "/2026/03/port/history/"

    def test_an_open_page_goes_on_asking_what_is_new(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        factories.addendum(article)
        answer = client.get("/2026/03/harbour/updates.json", follow=True)
        assert [addendum["number"] for addendum in answer.json()["addenda"]] == [1]

    def test_only_parts_that_articles_have_are_led_on(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        Redirect.objects.create(old_path="/2020/01/gone/", new_path="/search/")
        for nowhere in (
            "/2026/03/harbour/other.json",
            "/2026/03/harbour/history/x/",
            "/2026/03/port/history/99/",
            "/2026/03/never/history/",
            "/2020/01/gone/history/",
        ):
            assert client.get(nowhere).status_code == 404, nowhere

    def test_the_parts_of_a_withdrawn_article_lead_to_its_notice(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        publishing.withdraw(article, by=None)
        assert leads_to(client, "/2026/03/harbour/updates.json") == "/2026/03/port/updates.json"
        assert client.get("/2026/03/port/updates.json").status_code == 410

    def test_an_address_that_comes_back_drops_its_redirect(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        publishing.move(article, by=None, year=2026, month=3, slug="harbour")
        assert client.get("/2026/03/harbour/").status_code == 200
        assert leads_to(client, "/2026/03/port/") == "/2026/03/harbour/"
        assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/2026/03/port/"]

    def test_an_article_that_nobody_has_seen_leaves_no_redirect(self):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(at=NOON + HOUR)
            publishing.move(article, by=None, year=2026, month=3, slug="elsewhere")
        assert not Redirect.objects.exists()

    def test_the_old_address_of_a_withdrawn_article_leads_to_its_notice(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        publishing.withdraw(article, by=None)
        assert leads_to(client, "/2026/03/harbour/") == "/2026/03/port/"
        assert client.get("/2026/03/port/").status_code == 410

    def test_an_address_that_another_article_gave_up_is_remembered_for_the_last_one(self):
        first, second = article_at("2026/03/one"), article_at("2026/03/two")
        redirects.remember_old_path(first, "/2026/03/zero/")
        redirects.remember_old_path(second, "/2026/03/zero/")
        assert Redirect.objects.get().article == second

    def test_moving_to_where_it_stands_remembers_nothing(self):
        article = article_at("2026/03/one")
        redirects.remember_old_path(article, "/2026/03/one/")
        assert not Redirect.objects.exists()

    def test_a_scheduled_or_drafted_article_is_not_told_of(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(at=NOON + HOUR)
            Redirect.objects.create(old_path="/?p=12", article=article)
            Redirect.objects.create(old_path="/old/", article=article)
            assert leads_to(client, "/old/") is None
            assert leads_to(client, "/?p=12") is None
            assert leads_to(client, article.get_absolute_url().upper()) is None
        with time_machine.travel(NOON + HOUR, tick=False):
            assert leads_to(client, "/old/") == article.get_absolute_url()
        with time_machine.travel(NOON, tick=False):
            never_seen = factories.published(at=NOON + HOUR)
            publishing.withdraw(never_seen, by=None)
            Redirect.objects.create(old_path="/never-seen/", article=never_seen)
        assert leads_to(client, "/never-seen/") is None
        Redirect.objects.create(old_path="/draft/", article=factories.draft())
        assert leads_to(client, "/draft/") is None


class TestOldShapes:
    @pytest.mark.parametrize(
        "address",
        [
            "/2026/03/harbour/feed/",
            "/2026/03/harbour/feed",
            "/2026/03/harbour/feed/atom/",
            "/2026/03/harbour/amp/",
            "/2026/03/harbour/embed/",
            "/2026/03/harbour/2/",
            "/2026/03/harbour/page/3/",
            "/2026/03/harbour/comment-page-2/",
            "/2026/03/harbour/comment-page-2/?utm_source=x",
            "/2026/03/14/harbour/",
            "/2026/03/14/harbour/amp/",
            "/2026/3/harbour/",
            "/2026/3/harbour",
            "/2026/03/Harbour/",
            "/2026/03/HARBOUR",
            "/2026/03/harbour).",
            "/2026/03//harbour/",
        ],
    )
    def test_leads_to_the_article(self, client, address):
        article_at("2026/03/harbour")
        assert leads_to(client, address) == "/2026/03/harbour/"

    def test_a_missing_slash_leads_to_the_article(self, client):
        article_at("2026/03/harbour")
        assert client.get("/2026/03/harbour")["Location"] == "/2026/03/harbour/"

    def test_a_shape_leads_on_from_an_old_address_too(self, client):
        article = article_at("2026/03/harbour")
        publishing.move(article, by=None, year=2026, month=3, slug="port")
        assert leads_to(client, "/2026/03/14/Harbour/amp/") == "/2026/03/port/"

    def test_a_shape_of_nothing_is_not_found(self, client):
        article_at("2026/03/harbour")
        for address in ("/2026/03/other/amp/", "/2025/03/harbour/", "/2026/13/harbour/amp/", "/2026/03/harbour/x/"):
            assert client.get(address).status_code == 404, address

    def test_a_withdrawn_article_is_led_to_its_notice(self, client):
        article = article_at("2026/03/harbour")
        publishing.withdraw(article, by=None)
        assert leads_to(client, "/2026/03/harbour/amp/") == "/2026/03/harbour/"

    @pytest.mark.parametrize(
        ("address", "target"),
        [
            ("/page/2/", "/"),
            ("/section/ports/page/2/", "/section/ports/"),
            ("/category/ports/", "/section/ports/"),
            ("/category/world/ports/page/3/", "/section/ports/"),
            ("/category/ports/feed/", "/section/ports/feed/"),
            ("/tag/sea/page/2/", "/tag/sea/"),
            ("/tag/sea/feed/", "/tag/sea/"),
            ("/author/ada/page/2/", "/author/ada/"),
            ("/2026/03/", "/archive/2026/03/"),
            ("/2026/03/14/", "/archive/2026/03/"),
            ("/2026/03/page/2/", "/archive/2026/03/"),
            ("/feed/rss2/", "/feed/"),
            ("/feed/atom/", "/atom/"),
            ("/wp-sitemap.xml", "/sitemap.xml"),
            ("/category/nothing/", None),
            ("/category/nothing/feed/", None),
            ("/tag/nothing/page/2/", None),
            ("/2025/03/", None),
            ("/2026/13/", None),
        ],
    )
    def test_lists_lead_to_their_new_place(self, client, address, target):
        factories.published(
            at=NOON,
            section=factories.section(slug="ports"),
            tags=[factories.tag(slug="sea")],
            authors=[factories.author(slug="ada")],
        )
        assert leads_to(client, address) == target
        if target:
            assert client.get(target).status_code == 200

    @pytest.mark.parametrize("address", ["/tag/secret/feed/", "/tag/secret/page/2/", "/author/ada/page/2/"])
    def test_what_only_drafts_have_leads_nowhere(self, client, address):
        draft = factories.draft(tags=[factories.tag(slug="secret")], authors=[factories.author(slug="ada")])
        assert leads_to(client, address) is None
        publishing.publish(draft, by=None)
        assert leads_to(client, address) is not None

    def test_numbers_of_the_old_site_lead_to_the_article(self, client):
        article = article_at("2026/03/harbour")
        Redirect.objects.create(old_path="/?p=12", article=article)
        assert leads_to(client, "/?p=12") == "/2026/03/harbour/"
        assert leads_to(client, "/?p=12&utm_source=x") == "/2026/03/harbour/"
        for other in ("/?p=13", "/?p=x", "/?p=", "/?p=12x", "/?p=%00", "/?q=12", "/?p=" + "9" * 1000):
            assert leads_to(client, other) is None, other


class TestRows:
    def test_a_path_with_its_query_comes_before_the_path(self, client):
        Redirect.objects.create(old_path="/old.php?id=1", new_path="/about/")
        Redirect.objects.create(old_path="/old.php", new_path="/privacy/")
        assert leads_to(client, "/old.php?id=1") == "/about/"
        assert leads_to(client, "/old.php?id=2") == "/privacy/"

    def test_the_last_slash_does_not_matter(self, client):
        Redirect.objects.create(old_path="/old", new_path="/about/")
        Redirect.objects.create(old_path="/older/", new_path="/about/")
        assert leads_to(client, "/old/") == leads_to(client, "/older/") == "/about/"

    def test_a_page_that_is_found_wins(self, client):
        Page.objects.create(title="About", slug="about")
        Redirect.objects.create(old_path="/about/", new_path="/privacy/")
        assert client.get("/about/").status_code == 200

    def test_a_chain_costs_the_reader_one_step(self, client):
        for old, new in (("/a/", "/b/"), ("/b/", "/c/"), ("/c/", "/d/")):
            Redirect.objects.create(old_path=old, new_path=new)
        assert leads_to(client, "/a/") == "/d/"
        article = article_at("2026/03/harbour")
        Redirect.objects.create(old_path="/d/", article=article)
        assert leads_to(client, "/a/") == "/2026/03/harbour/"

    @pytest.mark.parametrize(
        "rows",
        [
            [("/a/", "/a/")],
            [("/a/", "/b/"), ("/b/", "/a/")],
            [("/a/", "/b/"), ("/b/", "/c/"), ("/c/", "/b/")],
            [(f"/{name}/", f"/{chr(ord(name) + 1)}/") for name in "abcdefghijkl"],
        ],
        ids=["itself", "two", "a tail and a circle", "too long"],
    )
    def test_a_circle_leads_nowhere(self, client, rows):
        for old, new in rows:
            Redirect.objects.create(old_path=old, new_path=new)
        assert client.get("/a/").status_code == 404

    @pytest.mark.parametrize(
        "target",
        ["//evil.example/", "/\\evil.example/", "https://evil.example/", "javascript:alert(1)", "/\t/evil.example"],
    )
    def test_no_row_leads_to_another_site(self, client, target):
        Redirect.objects.create(old_path="/old/", new_path=target)
        assert client.get("/old/").status_code == 404

    @pytest.mark.parametrize(
        "address", ["//evil.example/page/2/", "//evil.example/2026/03/x/amp/", "/%5cevil.example/"]
    )
    def test_no_address_makes_us_lead_to_another_site(self, client, address):
        response = client.get(address)
        assert "evil.example" not in response.headers.get("Location", "")

    def test_a_row_leads_to_an_article_or_a_path_and_not_both(self):
        for fields in ({}, {"article": factories.published(), "new_path": "/x/"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Redirect.objects.create(old_path="/old/", **fields)


class TestRequests:
    @pytest.mark.parametrize(
        "address", ["/a%00b/", "/2026/03/a%00b/", "/%ff%fe/", "/" + "x" * 5000 + "/", "/?p=1%00", "/%0d%0aX:y/"]
    )
    def test_odd_addresses_are_not_found_and_nothing_worse(self, client, address):
        assert client.get(address).status_code in (200, 404)

    def test_only_reading_is_led_on(self, client):
        Redirect.objects.create(old_path="/old/deep/", new_path="/about/")
        assert client.post("/old/deep/").status_code == 404
        assert client.head("/old/deep/").status_code == 301

    def test_a_page_that_is_found_costs_no_query_more(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get("/favicon.ico")

    def test_an_address_that_is_nowhere_costs_few_queries(self, client, django_assert_max_num_queries):
        Redirect.objects.create(old_path="/old/", new_path="/about/")
        assert redirects.new_address("/nowhere/") is None
        with django_assert_max_num_queries(1):
            redirects.new_address("/nowhere/")
        with django_assert_max_num_queries(2):
            redirects.new_address("/2026/03/nowhere/amp/")


class TestDesk:
    def post(self, client, **fields):
        return client.post("/admin/articles/redirect/add/", {"old_path": "", "article": "", "new_path": "", **fields})

    def errors(self, response):
        assert response.status_code == 200
        form = response.context["adminform"].form
        return [error for errors in form.errors.values() for error in errors]

    def test_an_editor_adds_one(self, editor_client):
        article = article_at("2026/03/harbour")
        assert self.post(editor_client, old_path="/?p=12", article=article.pk).status_code == 302
        assert self.post(editor_client, old_path="http://testserver/old/", new_path="/about/").status_code == 302
        assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/?p=12", "/old/"}
        assert b"/2026/03/harbour/" in editor_client.get("/admin/articles/redirect/").content

    @pytest.mark.parametrize("old_path", ["/", "/search/", "/?q=1", "/2026/03/harbour/", "/section/ports/", "/about/"])
    def test_an_address_that_answers_is_refused(self, editor_client, old_path):
        article_at("2026/03/harbour", section=factories.section(slug="ports"))
        Page.objects.create(title="About", slug="about")
        (error,) = self.errors(self.post(editor_client, old_path=old_path, new_path="/elsewhere/"))
        assert error.startswith("Something answers at this address.")

    def test_an_address_that_nothing_answers_is_taken_though_its_shape_is_known(self, editor_client):
        for old_path in ("/2026/03/other/", "/section/other/", "/other/"):
            assert self.post(editor_client, old_path=old_path, new_path="/elsewhere/").status_code == 302

    @pytest.mark.parametrize("new_path", ["/a/", "/b/", "/c/"])
    def test_a_circle_is_refused(self, editor_client, new_path):
        Redirect.objects.create(old_path="/b/", new_path="/c/")
        Redirect.objects.create(old_path="/c/", new_path="/a/")
        assert self.errors(self.post(editor_client, old_path="/a/", new_path=new_path)) == [
            "This leads back to the old address. Choose where it ends."
        ]

    @pytest.mark.parametrize("new_path", ["//evil.example/", "/\\evil.example", "https://evil.example/", "about"])
    def test_another_site_is_refused(self, editor_client, new_path):
        assert self.errors(self.post(editor_client, old_path="/a/", new_path=new_path)) == [
            "An address on this site begins with one slash."
        ]

    def test_both_or_neither_target_is_refused(self, editor_client):
        both = {"article": article_at("2026/03/harbour").pk, "new_path": "/b/"}
        for fields, told in (
            ({}, "Choose the article it leads to, or write a path here."),
            (both, "Choose an article or write a new path, not both."),
        ):
            assert self.errors(self.post(editor_client, old_path="/a/", **fields)) == [told]

    def test_a_row_can_be_saved_again_unchanged(self, editor_client):
        row = Redirect.objects.create(old_path="/a/", new_path="/b/")
        fields = {"old_path": "/a/", "article": "", "new_path": "/b/"}
        assert editor_client.post(f"/admin/articles/redirect/{row.pk}/change/", fields).status_code == 302

    def test_it_stands_in_the_desk(self):
        assert Redirect in desk._registry
