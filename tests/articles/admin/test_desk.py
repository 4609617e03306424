"""The first page of the desk, the masthead, and what every page of the admin is sent with."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from articles import autosave, presence
from articles.images.renditions import make_renditions_of
from articles.models import Article, Embed, Masthead
from foundation import clock, desk
from foundation.models import TimerRun
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


def shown_to(client) -> str:
    return forms.text_of(client.get("/admin/"))


def test_it_shows_what_is_due_and_what_is_begun(at_desk, ann):
    factories.draft(headline="Half a piece")
    factories.published(headline="Due on Friday", at=clock.now() + dt.timedelta(days=2))
    factories.published(headline="Out already")
    text = shown_to(at_desk(ann))
    assert text.index("Scheduled, next first") < text.index("Due on Friday") < text.index("Half a piece")
    assert text.index("Recently changed") < text.index("Out already") < text.index("Add update")


def test_it_shows_colleagues_at_work_and_not_oneself(at_desk, ann, bob):
    article = factories.draft(headline="Half a piece")
    presence.note(article, ann)
    assert "open at" not in shown_to(at_desk(ann))
    presence.note(article, bob)
    assert "open at Bob’s desk" in shown_to(at_desk(ann))


def test_it_shows_what_one_typed_and_did_not_save(at_desk, ann, bob):
    typed = {"headline": ["Lost thoughts"]}
    kept = autosave.keep(ann, None, form_key="k", fields=forms_data(typed), base_version=0)
    assert "Lost thoughts" in shown_to(at_desk(ann))
    assert "Lost thoughts" not in shown_to(at_desk(bob))
    kept.delete()
    assert "Typed and not saved" not in shown_to(at_desk(ann))


def test_it_shows_posts_that_vanished_until_somebody_decides(at_desk, ann):
    embed = Embed.objects.create(
        provider="tweet",
        external_id="1",
        url="https://x.com/a/status/1",
        availability="gone",
        unavailable_since=clock.now(),
        author_handle="@gone",
    )
    assert "@gone" in shown_to(at_desk(ann))
    embed.decisions.create(choice="keep", reason="Evidence.", made_at=clock.now())
    assert "@gone" not in shown_to(at_desk(ann))


def test_it_says_when_nobody_does_the_background_work(at_desk, ann, writer):
    make_renditions_of.enqueue(1)
    assert "No worker is running" not in shown_to(at_desk(ann))
    with time_machine.travel(clock.now() + dt.timedelta(minutes=6)):
        assert "No worker is running" in shown_to(at_desk(ann))
        assert "No worker is running" not in shown_to(at_desk(writer))
    DBTaskResult.objects.update(status="FAILED", finished_at=clock.now())
    assert "Failed in the last week" in shown_to(at_desk(ann))
    everything = at_desk(factories.editor()).get("/admin/").content.decode()
    assert f"/dbtaskresult/{DBTaskResult.objects.get().pk}/change/" in everything


def test_the_demos_clock_makes_no_work_wait_longer(at_desk, ann, settings, tmp_path):
    file = tmp_path / "clock.json"
    settings.DEMO_CLOCK_FILE = str(file)
    make_renditions_of.enqueue(1)
    file.write_text(str(2 * 86_400))
    assert "No worker is running" not in shown_to(at_desk(ann))
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=6)):
        assert "No worker is running" in shown_to(at_desk(ann))


def test_it_says_which_timer_fails(at_desk, ann):
    register = TimerRun.objects.create(command="recheck_embeds", begun_at=clock.now(), failed_with="OSError: no space")
    assert "OSError: no space" in shown_to(at_desk(ann))
    TimerRun.objects.filter(pk=register.pk).update(failed_with="")
    assert "recheck_embeds" not in shown_to(at_desk(ann))


def test_an_author_sees_the_own_work_alone(at_desk, writer):
    factories.draft(headline="Of another")
    factories.draft(headline="My own", created_by=writer)
    text = shown_to(at_desk(writer))
    assert "My own" in text
    assert "Of another" not in text


def test_another_app_can_put_a_panel_on_the_desk(at_desk, ann, monkeypatch):
    monkeypatch.setattr(desk, "_panels", dict(desk._panels))
    desk.register(desk.Panel("extra", "From elsewhere", "admin/desk/_others.html", lambda request: {"rows": []}))
    desk.register(desk.Panel("empty", "Nothing here", "admin/desk/_others.html", lambda request: None))
    desk.register(
        desk.Panel("hidden", "For others", "admin/desk/_others.html", lambda request: {}, permission="no.such")
    )
    text = shown_to(at_desk(ann))
    assert "From elsewhere" in text
    assert "Nothing here" not in text
    assert "For others" not in text


@pytest.mark.parametrize("name", ["index", "login", "articles_article_changelist", "articles_article_add"])
def test_every_page_of_the_desk_is_strict_and_never_stored(at_desk, ann, client, name):
    response = (client if name == "login" else at_desk(ann)).get(reverse(f"admin:{name}"))
    policy = response["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "no-store" in response["Cache-Control"]


def test_no_page_of_the_desk_carries_an_inline_style_or_handler(at_desk, ann):
    article = factories.published()
    factories.addendum(article)
    for path in ("/admin/", "/admin/articles/article/", forms.change(article), forms.ADD):
        page = at_desk(ann).get(path).content.decode()
        assert "<style" not in page
        assert ' style="' not in page
        assert " onclick=" not in page


def test_the_masthead_is_one_row_that_is_always_there(at_desk, ann, client):
    desk_client = at_desk(ann)
    form_page = desk_client.get("/admin/articles/masthead/").url
    form = forms.open_form(desk_client, form_page, "masthead_form")
    forms.post(desk_client, form_page, form, "_save", site_name="The Strait Times", accent_colour="#005588")
    assert Masthead.objects.get().site_name == "The Strait Times"
    assert "The Strait Times" in desk_client.get("/admin/").content.decode()
    assert desk_client.get("/admin/articles/masthead/add/").status_code == 403
    assert desk_client.post("/admin/articles/masthead/1/delete/", {"post": "yes"}).status_code == 403


def test_a_new_accent_has_a_new_address_on_the_next_page(at_desk, ann, client):
    desk_client, path = at_desk(ann), "/admin/articles/masthead/1/change/"

    def stylesheet():
        page = client.get("/").content.decode()
        return page.partition('href="/theme/')[2].partition('"')[0]

    before = stylesheet()
    form = forms.open_form(desk_client, path, "masthead_form")
    forms.post(desk_client, path, form, "_save", accent_colour="#005588")
    assert stylesheet() != before


def test_a_page_of_its_own_is_written_with_the_same_rules(at_desk, ann, client):
    path = "/admin/articles/page/add/"
    form = forms.open_form(at_desk(ann), path, "page_form")
    body = "<p>We are <script>alert(1)</script>few.</p>"
    forms.post(at_desk(ann), path, form, "_save", title="Who we are", slug="who-we-are", body=body)
    page = client.get("/who-we-are/").content.decode()
    assert "We are few." in page
    assert not Article.objects.exists()


def forms_data(fields):
    from django.utils.datastructures import MultiValueDict

    return MultiValueDict(fields)
