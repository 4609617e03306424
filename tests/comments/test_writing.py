"""The form: what a guest and a known reader are asked for, what becomes of it, and who is told."""

import datetime as dt

import pytest
from django.urls import reverse
from lxml import html

from accounts.models import User
from articles.models import Author
from comments import identity, moderation, places
from comments.models import Comment, Commenter, CommentSettings, Mode
from comments.screening import pace, stamp
from foundation import clock, standing
from tests import factories
from tests.comments import making
from tests.comments.reader import Reader, errors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """The tests type faster than anybody reads."""
    monkeypatch.setattr(stamp, "SOONEST", 0)


@pytest.fixture
def article():
    return factories.published(headline="The bridge", at=clock.now() - dt.timedelta(days=1))


@pytest.fixture
def ada():
    return Reader()


@pytest.fixture
def known(article):
    """A browser that is somebody's of whom a comment was approved."""
    return Reader().is_known_as(making.trusted(article, name="Cleo Carr"))


def test_a_guests_comment_waits_and_only_its_author_is_told(article, ada, client):
    response = ada.write(article, "It was the river.")
    comment = Comment.objects.get()
    assert (comment.status, comment.source, comment.name) == ("pending", "It was the river.", "Ada Abbot")
    assert (comment.is_proven, comment.commenter.email) == (False, "ada@example.org")
    assert response.status_code == 303
    page = ada.client.get(response["Location"])
    assert "Your comment waits for a moderator" in page.text
    assert "It was the river." in page.text
    assert client.get(response["Location"]).status_code == 404
    assert "river" not in client.get(article.get_absolute_url()).text


def test_the_form_is_stored_nowhere_and_found_by_nobody(article, client):
    page = client.get(reverse("comment_write", args=[article.uid]))
    assert {"no-store", "private"} <= set(page["Cache-Control"].replace(" ", "").split(","))
    assert page["X-Robots-Tag"] == "noindex"
    assert set(client.cookies) == {"csrftoken"}


def test_people_do_not_meet_the_trap(article, client):
    (field,) = html.fromstring(client.get(reverse("comment_write", args=[article.uid])).text).xpath(
        "//input[@name='website']"
    )
    assert field.get("tabindex") == "-1"
    assert field.xpath("ancestor::*[@aria-hidden='true' and contains(@class, 'trap')]")


def test_two_forms_have_two_names(article, client):
    address = reverse("comment_write", args=[article.uid])
    names = {html.fromstring(client.get(address).text).xpath("//input[@name='submission']/@value")[0] for _ in range(3)}
    assert len(names) == 3


def test_a_known_reader_is_asked_for_neither_name_nor_address_and_posts_at_once(article, known, client):
    page = known.open_form(article)
    assert "You write as" in page.text
    assert "Cleo Carr" in page.text
    assert known.fields.keys().isdisjoint({"name", "email"})
    response = known.send(text="At once.")
    comment = Comment.objects.get(source="At once.")
    assert (comment.status, comment.is_proven, comment.name) == ("public", True, "Cleo Carr")
    assert response["Location"] == f"{article.get_absolute_url()}#{places.anchor_of(comment.uid)}"
    assert "At once." in client.get(article.get_absolute_url()).text


def test_typing_a_trusted_readers_address_earns_nothing(article, ada):
    digest = identity.address_digest("cleo@example.org")
    trusted = making.trusted(article, email="cleo@example.org", address_digest=digest)
    ada.write(article, "As if I were.", email="Cleo@example.org")
    comment = Comment.objects.get(source="As if I were.")
    assert (comment.commenter, comment.status, comment.is_proven) == (trusted, "pending", False)


def test_a_known_readers_form_takes_no_other_name(article, known):
    known.open_form(article)
    known.send(text="Who am I?", name="Editor", email="editor@example.org")
    comment = Comment.objects.get(source="Who am I?")
    assert (comment.name, comment.commenter.name) == ("Cleo Carr", "Cleo Carr")


def test_an_answer_stands_below_what_it_answers(article, known):
    parent = making.public(article)
    page = known.open_form(article, parent)
    assert parent.source in page.text
    known.send(text="Below.")
    comment = Comment.objects.get(source="Below.")
    assert (comment.parent, comment.root, comment.depth) == (parent, parent, 1)


def test_a_preview_asks_for_no_name_and_sending_does(article, ada):
    ada.open_form(article)
    page = ada.send(text="It was *the river*.", preview="1", name="", email="")
    assert page.status_code == 200
    assert "<em>the river</em>" in page.text
    assert ada.send(text="It was *the river*.", name="", email="").status_code == 422
    assert not Comment.objects.exists()


def test_a_preview_shows_it_and_keeps_everything_and_sends_nothing(article, ada):
    ada.open_form(article)
    page = ada.send(text="It was *the river*.", preview="1", wants_replies="on", **ada.typed)
    tree = html.fromstring(page.text)
    assert tree.xpath("//*[@data-preview]//em/text()") == ["the river"]
    assert tree.xpath("//textarea/text()")[0].strip() == "It was *the river*."
    assert tree.xpath("//input[@name='wants_replies']/@checked")
    assert not Comment.objects.exists()
    assert ada.send(text="It was *the river*.", **ada.typed).status_code == 303
    assert Comment.objects.get().body_html.count("<em>") == 1


@pytest.mark.parametrize("wants", [True, False])
def test_mail_about_answers_comes_only_when_asked_for(article, ada, wants):
    ada.write(article, **({"wants_replies": "on"} if wants else {}))
    assert Comment.objects.get().wants_replies is wants


def test_somebody_banned_is_told_so_and_keeps_the_text(article, known):
    moderation.ban_person(Comment.objects.get().commenter, None, until=None, reason="Enough")
    known.open_form(article)
    response = known.send(text="Let me in.")
    assert response.status_code == 422
    assert "You cannot comment here" in errors(response)[0]
    assert "Let me in." in response.text


def test_nobody_learns_of_a_ban_by_typing_an_address(article, ada):
    answers = []
    for email in ("eve@example.org", "bob@example.org"):
        person = identity.commenter_for(email, "Somebody")
        if email.startswith("eve"):
            moderation.ban_person(person, None, reason="Enough")
        reader = Reader(name="Somebody", email=email)
        sent = reader.write(article, "Let me in.")
        page = reader.client.get(sent["Location"])
        answers.append((sent.status_code, page.status_code, "waits for a moderator" in page.text))
        edit = reader.open(reverse("comment_edit", args=[Comment.objects.latest("pk").uid]))
        answers[-1] += (edit.status_code, reader.send(text="Let me in, please.").status_code)
    assert answers[0] == answers[1] == (303, 200, True, 200, 303)
    assert set(Comment.objects.values_list("commenter__email", "status")) == {
        ("eve@example.org", "spam"),
        ("bob@example.org", "pending"),
    }


def test_where_only_backers_comment_others_are_told_before_they_type(article, ada, known, monkeypatch):
    CommentSettings.objects.create(pk=1, mode=Mode.BACKERS_ONLY)
    assert "Only backers of" in ada.open_form(article).text
    response = ada.write(article, "Not mine to say.")
    assert (response.status_code, "Not mine to say." in response.text) == (422, True)
    monkeypatch.setattr(standing, "_asked", [lambda address: True])
    assert known.write(article, "I give.").status_code == 303
    assert Comment.objects.filter(source="I give.", status="public").exists()


def test_staff_sign_with_their_badge(article):
    editor = factories.editor(name="Edith Orr")
    reader = Reader()
    reader.client.force_login(editor)
    reader.write(article, "From the desk.", **({"name": "Edith Orr"} if not editor.name else {}))
    comment = Comment.objects.get(source="From the desk.")
    assert (comment.badge, comment.status, comment.name) == ("staff", "public", "Edith Orr")
    assert User.objects.count() == 1


def test_our_script_is_told_the_place_instead_of_being_led(article, ada, known):
    waiting = ada.write(article, by_script=True)
    assert (waiting.status_code, waiting.json()["place"]) == (
        201,
        f"/comments/{Comment.objects.latest('pk').uid}/yours/",
    )
    public = known.write(article, "At once.", by_script=True)
    assert public.json()["place"].startswith(f"{article.get_absolute_url()}#comment-")


def test_the_browser_that_wrote_keeps_only_its_last_comments_names(article, ada, monkeypatch):
    monkeypatch.setattr(pace, "QUICK_LIMIT", 100)
    for number in range(14):
        ada.write(article, f"Words number {number}")
    oldest, newest = Comment.objects.earliest("pk"), Comment.objects.latest("pk")
    assert ada.client.get(reverse("comment_own", args=[newest.uid])).status_code == 200
    assert ada.client.get(reverse("comment_own", args=[oldest.uid])).status_code == 404
    cookie = ada.client.cookies["comments_written"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/comments/", True, "Lax")
    assert len(cookie.value) < 1_000


def test_somebody_known_whose_name_an_author_bears_by_now_signs_with_another(article, known):
    Author.objects.create(name="Cleo Carr", slug="cleo-carr")
    refused = known.write(article, "Still me.")
    assert (refused.status_code, len(errors(refused))) == (422, 1)
    assert "Still me." in refused.text
    assert known.send(text="Still me.", name="Cleo of the Quay").status_code == 303
    assert Comment.objects.get(source="Still me.").name == "Cleo of the Quay"
    assert Commenter.objects.get(name="Cleo of the Quay")
