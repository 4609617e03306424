"""Letters are read at the desk by those who may, and by everybody at the demo alone."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from foundation import letters
from foundation.models import Letter

LIST = "/admin/foundation/letter/"
LINK = "http://testserver/support/manage/abc:def/"


@pytest.fixture
def letter(db):
    words = f"Follow this:\n\n{LINK}\n<script>"
    return letters.post("manage:1", "ann@example.org", "Your <link>", words, '<p style="color:red">Hello</p>')


@pytest.fixture
def clerk(client, db):
    """Staff with the permissions named."""

    def sign_in(*names):
        user = User.objects.create_user("clerk@example.org", "a long password", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(user)
        return client

    return sign_in


def test_the_desk_lists_and_finds_letters(editor_client, letter):
    subject = "Your &lt;link&gt;"
    assert subject in editor_client.get(LIST).text
    assert subject in editor_client.get(LIST, {"q": "ann@example"}).text
    assert subject in editor_client.get(LIST, {"q": "manage:1"}).text
    assert subject not in editor_client.get(LIST, {"q": "bob@example"}).text


def test_the_log_offers_to_filter_by_what_it_names(editor_client, editor):
    page = editor_client.get("/admin/admin/logentry/").text
    assert "?content_type__id__exact" not in page
    LogEntry.objects.log_actions(editor.pk, User.objects.all(), 2, "renamed", single_object=True)
    LogEntry.objects.log_actions(editor.pk, Permission.objects.all()[:1], 2, "renamed", single_object=True)
    page = editor_client.get("/admin/admin/logentry/").text
    assert page.count("?content_type__id__exact") == 2


def test_background_work_is_named_by_what_was_to_be_done(editor_client, letter):
    task = DBTaskResult.objects.latest("enqueued_at")
    assert task.task_path in editor_client.get("/admin/django_tasks_database/dbtaskresult/").text
    page = editor_client.get(reverse("admin:django_tasks_database_dbtaskresult_change", args=[task.pk])).text
    assert f"<h2>{task.task_path}</h2>" in page


def test_a_letter_shows_text_and_html_and_cannot_be_changed(editor_client, letter):
    address = reverse("admin:foundation_letter_change", args=[letter.pk])
    page = editor_client.get(address).text
    assert LINK in page
    assert "<h2>Your &lt;link&gt;</h2>" in page
    assert f'<iframe class="letter-html" sandbox title="The letter as HTML" src="{LIST}{letter.pk}/html/">' in page
    assert 'name="_save"' not in page
    assert editor_client.post(address, {"to": "eve@example.org"}).status_code == 403
    assert editor_client.get(f"{LIST}add/").status_code == 403
    assert editor_client.post(f"{LIST}{letter.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_html_runs_nothing_and_loads_nothing(editor_client, letter):
    response = editor_client.get(reverse("admin:foundation_letter_html", args=[letter.pk]))
    assert response.text == letter.html
    parts = [part.strip() for part in response.headers["Content-Security-Policy"].split(";")]
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= set(parts)
    assert not any(part.startswith("script-src") for part in parts)
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response.headers["Cache-Control"]


def test_staff_without_the_permission_see_no_letter(clerk, letter):
    client = clerk("view_article")
    for address in (LIST, f"{LIST}{letter.pk}/change/", f"{LIST}{letter.pk}/html/"):
        assert client.get(address).status_code == 403


def ask_again(client, *chosen):
    return client.post(LIST, {"action": "try_again", "_selected_action": [row.pk for row in chosen]}, follow=True)


def test_what_was_not_sent_can_be_tried_again_and_what_was_sent_cannot(editor_client, letter):
    sent = letters.post("thanks:1", "ann@example.org", "Thanks", "Words", "")
    Letter.objects.filter(pk=sent.pk).update(sent_at=sent.created_at)
    DBTaskResult.objects.all().delete()
    page = ask_again(editor_client, letter, sent).text
    assert "Being sent again: manage:1." in page
    assert "1 not sent again" in page
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [[letter.pk]]


def test_reading_letters_does_not_let_anybody_send_them(clerk, letter):
    DBTaskResult.objects.all().delete()
    client = clerk("view_letter")
    assert "try_again" not in client.get(LIST).text
    ask_again(client, letter)
    assert DBTaskResult.objects.count() == 0


def test_the_demo_shows_letters_to_everybody_with_links_that_can_be_followed(client, letter, settings):
    settings.DEMO = True
    response = client.get("/demo/letters/")
    assert f'<a href="{LINK}" rel="nofollow">{LINK}</a>' in response.text
    assert "Your &lt;link&gt;" in response.text
    assert "&lt;script&gt;" in response.text
    assert "ann@example.org" in response.text
    assert "no-store" in response.headers["Cache-Control"]


def test_a_forgotten_persons_letter_says_nothing(client, letter, settings):
    settings.DEMO = True
    letters.forget("ann@example.org")
    page = client.get("/demo/letters/").text
    assert "A forgotten person’s letter" in page
    assert "ann@" not in page


def test_no_other_site_has_that_page(client, letter):
    assert client.get("/demo/letters/").status_code == 404


def test_a_page_of_letters_is_bounded(client, db, settings, monkeypatch):
    settings.DEMO = True
    assert "No letter has been written" in client.get("/demo/letters/").text
    monkeypatch.setattr("foundation.views.SHOWN", 2)
    for number in range(3):
        letters.post(f"thanks:{number}", "ann@example.org", f"Letter {number}", "Words", "")
    page = client.get("/demo/letters/").text
    assert "Letter 0" not in page
    assert "Older letters" in page
