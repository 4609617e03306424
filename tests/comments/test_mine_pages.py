"""The page of one's own comments: for the person this browser is, and for nobody else."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from comments import confirming, erasing, identity, persons
from comments.models import Comment, Commenter, Mute
from foundation import clock, standing
from foundation.models import Letter
from tests import factories
from tests.accounts.signing_in import sign_in
from tests.comments import making
from tests.comments.reader import Reader
from tests.site.test_headers import POLICY, directives, inline_code, loaded_from_elsewhere

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
MINE = "/comments/mine/"


@pytest.fixture
def article():
    return factories.published(headline="Bridges")


@pytest.fixture
def own(article):
    return making.waiting(article, commenter=identity.commenter_for(ADA, "Ada"), source="My words")


@pytest.fixture
def ada(own):
    """A browser that the letter's link made known."""
    client = Client()
    client.post(f"/comments/confirm/{confirming.token_for(own)}/", {"mine": "1"})
    return client


def test_one_sees_ones_own_waiting_and_published_and_nobody_elses(ada, own, article):
    making.public(article, commenter=own.commenter, is_proven=True, source="Published words")
    making.public(article, source="Somebody else's")
    page = ada.get(MINE).text
    assert "My words" in page
    assert "Published words" in page
    assert "Your comment waits for a moderator" in page
    assert "Your comment is published" in page
    assert "Somebody else" not in page
    assert "My words" not in Client().get(MINE).text


def test_a_guest_without_proof_sees_what_was_written_in_this_browser(article):
    reader = Reader()
    reader.write(article, "Typed here")
    page = reader.client.get(MINE).text
    assert "Typed here" in page
    assert "has not proven an address" in page
    assert "/account/sign-in/?next=%2Fcomments%2Fmine%2F" in page
    assert reader.typed["email"] not in page


def test_many_comments_are_paged(ada, own, article):
    for _ in range(51):
        making.waiting(article, commenter=own.commenter, is_proven=True)
    first = ada.get(MINE).text
    assert first.count('class="own"') == 50
    assert 'rel="next"' in first
    second = ada.get(f"{MINE}?page=2").text
    assert "My words" in second
    assert [ada.get(f"{MINE}?page={odd}").status_code for odd in ("0", "-1", "x", "9" * 30, "٣")] == [200] * 5


def test_a_long_list_asks_no_more_than_a_short_one(ada, own, article):
    def asked(number: int) -> int:
        for _ in range(number):
            making.public(article, commenter=own.commenter, is_proven=True)
        Comment.objects.update(posted_at=clock.now() - dt.timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(MINE).status_code == 200
        return len(queries)

    assert asked(2) == asked(20)


def test_of_a_comment_whose_article_is_gone_only_withdrawing_is_offered(ada, own, article):
    making.public(article, commenter=own.commenter, is_proven=True)
    offered = ["See it in its place", "/edit/", "/withdraw/"]
    assert [words for words in offered if words in ada.get(MINE).text] == offered
    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    page = ada.get(MINE).text
    assert "My words" in page
    assert [words for words in offered if words in page] == ["/withdraw/"]
    assert ada.get(f"/comments/{own.uid}/edit/").status_code == 404
    answer = ada.post(f"/comments/{own.uid}/withdraw/")
    assert answer.status_code == 303
    assert "You have withdrawn this comment" in ada.get(answer["Location"]).text
    own.refresh_from_db()
    assert own.status == "withdrawn"


def test_somebody_known_by_the_letter_changes_their_name_from_now_on(ada, own, article):
    assert "keeps the name it was signed with" in ada.get(MINE).text
    assert ada.post(f"{MINE}settings/", {"name": " Ada  Byron ", "mails": "on"}).status_code == 303
    own.refresh_from_db()
    assert (own.name, own.commenter.name) == ("Ada", "Ada Byron")
    assert "Ada Byron" in ada.get(f"/comments/write/{article.uid}/").text


@pytest.mark.parametrize("name", ["", "Editor", "Nadia Ost", "A\u202eb", "x" * 61])
def test_a_name_that_is_not_taken_is_refused_and_stands_to_be_mended(ada, own, name):
    factories.editor(name="Nadia Ost")
    answer = ada.post(f"{MINE}settings/", {"name": name, "mails": "on"})
    assert answer.status_code == 422
    assert 'id="mine-name-error"' in answer.text
    assert name in answer.text
    assert Commenter.objects.get().name == "Ada"


def ticked(page) -> set[str]:
    return set(re.findall(r'type="checkbox" name="([^"]+)" checked', page.text))


def test_beside_a_refused_name_the_boxes_stand_as_they_were_sent(ada, own, monkeypatch):
    monkeypatch.setattr(standing, "_asked", [lambda address: address == ADA])
    Mute.objects.create(commenter=own.commenter, root=own)
    assert ticked(ada.get(MINE)) == {"mails"}
    answer = ada.post(f"{MINE}settings/", {"name": "Editor", "badge": "on", f"hear-{own.uid}": "on"})
    assert (answer.status_code, ticked(answer)) == (422, {"badge", f"hear-{own.uid}"})
    assert Mute.objects.exists()
    assert Commenter.objects.get().mails_stopped_at is None
    answer = ada.post(f"{MINE}settings/", {"name": "", "mails": "on"})
    assert (answer.status_code, ticked(answer)) == (422, {"mails"})
    assert 'value="Ada"' not in answer.text


def test_what_is_wrong_with_a_name_is_said_of_the_name(ada):
    assert "The name holds a sign that turns" in ada.post(f"{MINE}settings/", {"name": "A\u202eb"}).text


def test_an_account_has_its_name_from_its_own_page(own):
    client = Client()
    sign_in(client, ADA)
    assert "mine-name" not in client.get(MINE).text
    client.post(f"{MINE}settings/", {"name": "Ada Byron", "mails": "on"})
    assert Commenter.objects.get().name == "Ada"


def test_mail_can_be_stopped_and_asked_for_again(ada):
    ada.post(f"{MINE}settings/", {})
    assert Commenter.objects.get().mails_stopped_at
    answer = ada.post(f"{MINE}settings/", {"mails": "on"})
    assert answer.headers["Location"] == f"{MINE}?saved=1"
    assert Commenter.objects.get().mails_stopped_at is None


def test_a_muted_thread_is_heard_again(ada, own):
    Mute.objects.create(commenter=own.commenter, root=own)
    assert "the muted thread" in ada.get(MINE).text
    ada.post(f"{MINE}settings/", {"mails": "on"})
    assert Mute.objects.exists()
    ada.post(f"{MINE}settings/", {"mails": "on", f"hear-{own.uid}": "on"})
    assert not Mute.objects.exists()


def test_the_badge_is_offered_to_backers_alone(ada, own, monkeypatch):
    monkeypatch.setattr(standing, "_asked", [lambda address: False])
    assert 'name="badge"' not in ada.get(MINE).text
    monkeypatch.setattr(standing, "_asked", [lambda address: address == ADA])
    assert 'name="badge"' in ada.get(MINE).text
    ada.post(f"{MINE}settings/", {"mails": "on", "badge": "on"})
    own.refresh_from_db()
    assert own.is_backer
    ada.post(f"{MINE}settings/", {"mails": "on"})
    own.refresh_from_db()
    assert not own.is_backer


def test_a_browser_signs_out_and_others_stay(ada, own):
    other = Client()
    other.cookies[identity.COOKIE] = ada.cookies[identity.COOKIE].value
    ada.post(f"{MINE}leave/")
    assert "has not proven" in ada.get(MINE).text
    assert ADA in other.get(MINE).text


def test_every_browser_signs_out_at_once(ada):
    other = Client()
    other.cookies[identity.COOKIE] = ada.cookies[identity.COOKIE].value
    assert ADA in other.get(MINE).text
    ada.post(f"{MINE}leave/", {"everywhere": "1"})
    assert "has not proven" in other.get(MINE).text


def test_what_was_written_here_is_forgotten_with_signing_out(article):
    reader = Reader()
    reader.write(article, "Typed here")
    reader.client.post(f"{MINE}leave/", {"csrfmiddlewaretoken": reader.client.cookies["csrftoken"].value})
    assert "Typed here" not in reader.client.get(MINE).text


def test_the_export_is_the_persons_own(ada):
    told = json.loads(ada.get(f"{MINE}export/").content)
    assert told["e-mail"] == ADA
    assert Client().get(f"{MINE}export/").status_code == 302


def link_in(letter: Letter) -> str:
    return re.search(r"http://testserver(/comments/mine/erase/\S+)", letter.text)[1]


def test_erasing_takes_a_letter_and_a_second_yes(ada, own):
    assert ada.get(f"{MINE}erase/").status_code == 200
    assert not Letter.objects.filter(kind="comment-erase").exists()
    assert ADA in ada.post(f"{MINE}erase/").text
    address = link_in(Letter.objects.get(kind="comment-erase"))
    browser = Client()
    assert "1 comment" in browser.get(address).text
    own.refresh_from_db()
    assert own.source == "My words"
    answer = browser.post(address, {"words": "erase"})
    assert answer.headers["Location"] == "/comments/mine/erased/"
    own.refresh_from_db()
    assert (own.source, own.status) == ("", "withdrawn")
    assert "has not proven" in ada.get(MINE).text
    assert browser.post(address).status_code == 410


def test_the_words_may_be_left_standing(ada, own):
    ada.post(f"{MINE}erase/")
    Client().post(link_in(Letter.objects.get(kind="comment-erase")), {"words": "keep"})
    own.refresh_from_db()
    assert (own.source, own.name) == ("My words", persons.UNSIGNED)


def test_only_some_such_letters_are_sent_in_a_day(ada):
    pages = [ada.post(f"{MINE}erase/").text for _ in range(erasing.PER_PERSON + 1)]
    assert Letter.objects.filter(kind="comment-erase").count() == erasing.PER_PERSON
    assert "Use the newest of them" in pages[-1]


def test_who_is_nobody_can_change_nothing(ada, own):
    stranger = Client()
    for path in ("settings/", "leave/", "erase/"):
        assert stranger.post(f"{MINE}{path}", {"everywhere": "1"}).status_code in (302, 303)
    assert ADA in ada.get(MINE).text
    assert Commenter.objects.get().mails_stopped_at is None
    assert not Letter.objects.filter(kind="comment-erase").exists()


def test_the_forms_ask_for_a_token(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[identity.COOKIE] = ada.cookies[identity.COOKIE].value
    for path in ("settings/", "leave/", "erase/"):
        assert strict.post(f"{MINE}{path}").status_code == 403


def test_who_is_signed_in_by_a_code_leaves_by_the_account(client, own):
    sign_in(client, ADA)
    page = client.get(MINE).text
    assert "My words" in page
    assert "Sign out of this browser" not in page
    assert 'href="/account/"' in page
    assert "Your comments" in client.get("/account/").text


def test_an_account_cannot_bear_the_name_of_an_author(client):
    factories.author(name="Ines Vale")
    sign_in(client, ADA)
    assert client.post("/account/", {"name": "Ines Vаle"}).status_code == 422  # with a Cyrillic а
    assert client.post("/account/", {"name": "Ada"}).status_code == 302


def test_every_page_is_closed_to_scripts_caches_and_crawlers(ada, own):
    ada.post(f"{MINE}erase/")
    waiting = making.waiting(own.article, commenter=identity.commenter_for("eve@example.org", "Eve"))
    addresses = [
        MINE,
        f"{MINE}erase/",
        f"{MINE}erased/",
        link_in(Letter.objects.get(kind="comment-erase")),
        f"/comments/confirm/{confirming.token_for(waiting)}/",
        "/comments/confirm/x/",
        reverse("comment_letters", args=["x"]),
    ]
    for address in addresses:
        page = ada.get(address)
        assert directives(page) >= POLICY, address
        assert "no-store" in page.headers["Cache-Control"], address
        assert 'content="noindex"' in page.text, address
        assert inline_code(page.text) == [], address
        assert loaded_from_elsewhere(page.text) == [], address


def test_a_banned_person_sees_that_it_is_so(ada, own):
    Commenter.objects.update(banned_at=clock.now())
    assert "You cannot comment here" in ada.get(MINE).text
    assert Comment.objects.count() == 1
