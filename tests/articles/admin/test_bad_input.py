"""Whatever is typed or sent comes back as a saved text or a clear sentence, never as a 500."""

import pytest

from articles.models import Article
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "headline",
    [
        "Rain 🌧️ in 🇹🇷",
        "العنوان الرئيسي للمقال",
        "x" * 500,
        "</script><script>alert(1)</script>",
        "{{ 7*7 }} {% now 'Y' %}",
        "‮ reversed",
    ],
)
def test_strange_headlines_are_published_and_read(at_desk, ann, client, headline):
    desk, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    forms.post(desk, path, forms.open_form(desk, path), "_publish", headline=headline)
    article.refresh_from_db()
    assert article.is_live
    assert article.headline == headline
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page
    assert "<script>alert(1)" not in desk.get(path).content.decode()
    assert desk.get("/admin/articles/article/").status_code == 200
    assert desk.get("/admin/").status_code == 200


def test_a_headline_that_is_too_long_is_refused_with_everything_typed(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    refused = forms.post(client, path, forms.open_form(client, path), headline="x" * 501, body="<p>Long work.</p>")
    kept = forms.fields_of(refused)
    assert "at most 500 characters" in forms.text_of(refused)
    assert kept["headline"] == ["x" * 501]
    assert kept["body"] == ["<p>Long work.</p>"]


@pytest.mark.parametrize("field", ["headline", "standfirst", "slug", "source_url", "seo_title"])
def test_a_nul_is_refused_in_words(at_desk, ann, field):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    response = forms.post(client, path, forms.open_form(client, path), **{field: "before\0after"})
    assert response.status_code == 200
    assert "Null characters are not allowed" in forms.text_of(response)


def test_a_nul_in_the_text_is_dropped(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    forms.post(client, path, forms.open_form(client, path), body="<p>be\0fore</p>")
    article.refresh_from_db()
    assert article.body == "<p>before</p>"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/articles/article/?q=a%00b",
        "/admin/articles/article/?stage=%00",
        "/admin/autocomplete/?app_label=articles&model_name=article&field_name=tags&term=%00",
        "/admin/live/slug/?words=%00",
    ],
)
def test_a_nul_in_an_address_is_a_bad_request(at_desk, ann, path):
    assert at_desk(ann).get(path).status_code == 400
    assert at_desk(ann).get(path.replace("%00", "a")).status_code in (200, 302)


@pytest.mark.parametrize("pk", ["0", "x", "99999999999999999999999", "-1", "%00", "1_2F"])
def test_an_article_that_does_not_exist_leads_away(at_desk, ann, pk):
    for path in (f"/admin/articles/article/{pk}/change/", f"/admin/articles/article/{pk}/preview/"):
        assert at_desk(ann).get(path).status_code in (302, 404)
        assert at_desk(ann).post(path).status_code in (302, 404)


def test_a_button_of_nobodys_autosave_is_not_found(at_desk, ann):
    path = forms.change(factories.draft())
    for value in ("x", "", "99999999999999999999999"):
        assert at_desk(ann).post(path, {"_restore": value}).status_code == 404


def test_a_form_without_its_management_fields_is_refused(at_desk, ann):
    article = factories.draft(body="<p>As it was.</p>")
    response = at_desk(ann).post(forms.change(article), {"headline": "Only this", "base_version": "0"})
    article.refresh_from_db()
    assert response.status_code == 200
    assert "Only this" in response.content.decode()
    assert article.headline != "Only this"


def test_colliding_slugs_are_told_while_typing_and_solved_at_publication(at_desk, ann):
    client, first = at_desk(ann), factories.published(headline="Same words")
    answer = client.get("/admin/live/slug/", {"words": "Same words"}).json()
    assert answer == {"slug": "same-words", "is_taken": True}
    own = client.get("/admin/live/slug/", {"words": "Same words", "article": first.pk}).json()
    assert own["is_taken"] is False
    second = factories.published(headline="Same words")
    assert Article.objects.filter(pk__in=[first.pk, second.pk]).values("public_path").distinct().count() == 2


def test_an_address_of_the_source_begins_with_http(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    response = forms.post(client, path, forms.open_form(client, path), source_url="javascript:alert(1)")
    assert response.status_code == 200
    article.refresh_from_db()
    assert article.source_url == ""
