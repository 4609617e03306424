"""Who may open and do what at the desk: every role against every page, and an author against the work of others."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from articles import autosave, publishing
from articles.models import Article, Autosave
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db

LISTS = {
    "articles_article": ("Editor", "Author", "Moderator"),
    "articles_author": ("Editor", "Author", "Moderator"),
    "articles_section": ("Editor", "Author", "Moderator"),
    "articles_tag": ("Editor", "Author"),
    "articles_image": ("Editor", "Author"),
    "articles_page": ("Editor",),
    "articles_redirect": ("Editor",),
    "articles_takedown": ("Editor",),
    "accounts_user": (),
    "auth_group": (),
}
ADDS = {
    "articles_article": ("Editor", "Author"),
    "articles_author": ("Editor",),
    "articles_section": ("Editor",),
    "articles_tag": ("Editor",),
    "articles_page": ("Editor",),
    "articles_redirect": ("Editor",),
    "articles_takedown": (),
    "articles_masthead": (),
    "accounts_user": (),
    "auth_group": (),
}
PAGES_OF_AN_ARTICLE = {
    "change": ("Editor", "Moderator"),
    "preview": ("Editor",),
    "versions": ("Editor",),
    "withdraw": ("Editor",),
    "move": ("Editor",),
    "takedown": (),
    "delete": (),
}
ROLES = ("Editor", "Author", "Moderator")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("model", "allowed"), LISTS.items())
def test_who_sees_which_list(at_desk, role, model, allowed):
    status = at_desk(factories.member_of(role)).get(reverse(f"admin:{model}_changelist")).status_code
    assert (status == 200) == (role in allowed)
    assert status in (200, 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("model", "allowed"), ADDS.items())
def test_who_may_add_what(at_desk, role, model, allowed):
    status = at_desk(factories.member_of(role)).get(reverse(f"admin:{model}_add")).status_code
    assert (status == 200) == (role in allowed)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("page", "allowed"), PAGES_OF_AN_ARTICLE.items())
def test_who_may_open_which_page_of_somebody_elses_article(at_desk, role, page, allowed):
    """For an author the article of another does not exist; the admin answers by leading away."""
    article = factories.published()
    path = reverse(f"admin:articles_article_{page}", args=[article.pk])
    assert (at_desk(factories.member_of(role)).get(path).status_code == 200) == (role in allowed)


def test_only_the_editor_changes_the_masthead(at_desk):
    path = reverse("admin:articles_masthead_change", args=[1])
    assert {role: at_desk(factories.member_of(role)).get(path).status_code for role in ROLES} == {
        "Editor": 200,
        "Author": 403,
        "Moderator": 403,
    }


def test_a_reader_with_a_login_is_asked_for_another_one(at_desk):
    user = factories.member_of("Editor")
    user.is_staff = False
    user.save()
    assert at_desk(user).get("/admin/").status_code == 302


def test_an_author_sees_own_drafts_and_those_that_carry_the_byline(at_desk, writer, ann):
    own = factories.draft(headline="Mine", created_by=writer)
    signed = factories.draft(headline="Signed", authors=[writer.author])
    factories.draft(headline="Of somebody else", created_by=ann)
    shown = forms.text_of(at_desk(writer).get("/admin/articles/article/"))
    assert "Mine" in shown
    assert "Signed" in shown
    assert "Of somebody else" not in shown
    for article in (own, signed):
        assert at_desk(writer).get(forms.change(article)).status_code == 200


def test_a_moderator_sees_what_readers_see_and_no_draft(at_desk):
    draft, public = factories.draft(headline="Not out yet"), factories.published(headline="Out already")
    moderator = at_desk(factories.member_of("Moderator"))
    shown = forms.text_of(moderator.get("/admin/articles/article/"))
    assert "Out already" in shown
    assert "Not out yet" not in shown
    assert moderator.get(forms.change(draft)).status_code == 302
    assert 'name="_continue"' not in moderator.get(forms.change(public)).content.decode()


def test_who_may_only_read_gets_prose_and_is_asked_nothing(at_desk, writer):
    article = factories.published(
        created_by=writer, lead_note="<p>A <em>note</em>.</p>", body="<p>The <strong>text</strong>.</p>"
    )
    factories.addendum(article, body="<p>What was <em>added</em>.</p>")
    for client in (at_desk(writer), at_desk(factories.member_of("Moderator"))):
        page = client.get(forms.change(article)).content.decode()
        assert "<p>A <em>note</em>.</p>" in page
        assert "<p>The <strong>text</strong>.</p>" in page
        assert "&lt;p&gt;" not in page
        assert "This save is" not in page
    assert "<p>What was <em>added</em>.</p>" in at_desk(writer).get(forms.change(article)).content.decode()


def test_pinning_is_shown_to_those_who_may(at_desk, writer, ann):
    article = factories.draft(created_by=writer)
    assert "Pinned to home" in forms.text_of(at_desk(ann).get(forms.change(article)))
    assert "Pinned to home" not in forms.text_of(at_desk(writer).get(forms.change(article)))


def test_an_author_cannot_change_the_draft_of_another_by_its_address(at_desk, writer, ann):
    article = factories.draft(body="<p>As it was.</p>")
    form = forms.open_form(at_desk(ann), forms.change(article))
    forms.post(at_desk(writer), forms.change(article), form, body="<p>Foreign.</p>")
    article.refresh_from_db()
    assert article.body == "<p>As it was.</p>"


def test_an_author_writes_under_the_own_name_without_asking(at_desk, writer):
    client = at_desk(writer)
    form = forms.open_form(client, forms.ADD)
    forms.post(client, forms.ADD, form, headline="Mine", section=str(factories.section().pk))
    article = Article.objects.get()
    assert [byline.author for byline in article.bylines.all()] == [writer.author]
    assert article.status == "draft"


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
def test_an_author_cannot_publish(at_desk, writer, button):
    client, article = at_desk(writer), factories.draft(created_by=writer)
    page = client.get(forms.change(article))
    assert f'name="{button}"' not in page.content.decode()
    refused = forms.post(client, forms.change(article), forms.fields_of(page), button, publish_at="2199-01-01T10:00")
    article.refresh_from_db()
    assert refused.status_code == 403
    assert article.status == "draft"


def test_an_author_reads_the_own_published_article_and_leaves_it_as_it_is(at_desk, writer, ann):
    article = factories.published(created_by=writer, body="<p>As it was.</p>")
    client = at_desk(writer)
    page = client.get(forms.change(article))
    assert page.status_code == 200
    assert 'name="_continue"' not in page.content.decode()
    form = forms.open_form(at_desk(ann), forms.change(article))
    assert forms.post(client, forms.change(article), form, body="<p>Changed.</p>").status_code == 403
    article.refresh_from_db()
    assert article.body == "<p>As it was.</p>"


def test_an_author_publishes_no_update_by_hand_written_fields(at_desk, writer):
    client, article = at_desk(writer), factories.draft(created_by=writer)
    form = forms.with_row(
        forms.open_form(client, forms.change(article)),
        "addenda",
        kind="update",
        act="now",
        key="d" * 32,
        body="<p>x</p>",
    )
    forms.post(client, forms.change(article), form)
    assert not article.addenda.filter(status="published").exists()


def test_related_articles_offered_to_an_author_are_own_or_public(at_desk, writer):
    factories.draft(headline="Foreign draft")
    factories.published(headline="Foreign public")
    factories.draft(headline="Own draft", created_by=writer)
    query = {"app_label": "articles", "model_name": "article", "field_name": "related", "term": "o"}
    found = {row["text"] for row in at_desk(writer).get("/admin/autocomplete/", query).json()["results"]}
    assert found == {"Foreign public", "Own draft"}


def test_making_the_groups_again_keeps_what_was_given_by_hand(db):
    from importlib import import_module

    from django.apps import apps
    from django.contrib.auth.models import Permission

    module = import_module("articles.migrations.0003_groups")
    group = Group.objects.get(name="Moderator")
    extra = Permission.objects.get(codename="change_tag")
    group.permissions.add(extra)
    before = {name: Group.objects.get(name=name).permissions.count() for name in module.GROUPS}
    module.make_groups(apps, None)
    assert {name: Group.objects.get(name=name).permissions.count() for name in module.GROUPS} == before
    assert extra in group.permissions.all()


def test_a_writer_whose_article_was_published_meanwhile_keeps_what_was_typed(at_desk, writer, ann):
    article = factories.draft(created_by=writer, body="<p>As it was.</p>")
    client, path = at_desk(writer), forms.change(article)
    form = forms.with_row(
        forms.open_form(client, path), "addenda", kind="update", act="keep", key="c" * 32, body="<p>And a row.</p>"
    )
    publishing.publish(article, by=ann)
    refused = forms.post(client, path, form, body="<p>An hour's <strong>work</strong><script>x()</script>.</p>")
    article.refresh_from_db()
    assert refused.status_code == 403
    assert article.body == "<p>As it was.</p>"
    shown = forms.text_of(refused)
    assert "this article is published by now" in shown
    assert "And a row." in shown
    assert "<p>An hour's <strong>work</strong>.</p>" in refused.content.decode()
    assert Autosave.objects.get(user=writer, article=article).data["addenda-0-body"] == ["<p>And a row.</p>"]
    assert "it was not saved" in forms.text_of(client.get(path))


def test_nothing_is_kept_for_who_could_never_change_the_article(at_desk, writer, ann):
    foreign, public = factories.draft(), factories.published()
    form = forms.open_form(at_desk(ann), forms.change(public))
    forms.post(at_desk(writer), forms.change(foreign), form)
    assert forms.post(at_desk(factories.member_of("Moderator")), forms.change(public), form).status_code == 403
    assert not Autosave.objects.exists()


def test_what_is_too_long_to_be_kept_is_shown_to_be_copied(at_desk, writer, ann, monkeypatch):
    monkeypatch.setattr(autosave, "MAX_BYTES", 10)
    article = factories.draft(created_by=writer)
    client, path = at_desk(writer), forms.change(article)
    form = forms.open_form(client, path)
    publishing.publish(article, by=ann)
    shown = forms.text_of(forms.post(client, path, form, body="<p>An hour's work.</p>"))
    assert "An hour's work." in shown
    assert "copy it before you leave this page" in shown
