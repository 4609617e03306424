"""The letter to a guest, its limits, and what its link does."""

import datetime as dt

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from comments import confirming, identity, moderation, written_here
from comments.findings import Finding
from comments.models import Comment, Commenter
from foundation import clock, links
from foundation.models import Letter
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def article():
    return factories.published(headline="Bridges")


def typed(article, email=ADA, **fields) -> Comment:
    return making.waiting(article, commenter=identity.commenter_for(email, "Ada"), **fields)


def address_of(comment: Comment) -> str:
    return f"/comments/confirm/{confirming.token_for(comment)}/"


def mailed(comment: Comment) -> bool:
    return confirming.send_confirmation(comment) is not None


def test_a_guest_gets_a_letter_when_the_comment_is_taken(article, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        comment = typed(article)
    letter = Letter.objects.get()
    assert (letter.to, letter.key) == (ADA, f"comment-confirm:{comment.uid}")
    assert address_of(comment) in letter.text
    assert address_of(comment) in letter.html


def test_the_letter_holds_nothing_that_a_stranger_typed(article):
    comment = typed(article, name="Buy Pills", source="Cheap pills at pills.example")
    letter = confirming.send_confirmation(comment)
    words = (letter.text + letter.html + letter.subject).replace(address_of(comment), "")  # whose signs may be any
    assert "pills" not in words.lower()
    assert "Bridges" in letter.text


def test_who_is_known_gets_none(article, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        typed(article, is_proven=True)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("why", ["banned", "stopped", "spam", "rejected", "erased"])
def test_none_goes_where_none_should(article, why):
    comment = typed(article, suspicions=[Finding("links", "Links", is_spam=True)] if why == "spam" else [])
    if why == "banned":
        comment.commenter.banned_at = clock.now()
    elif why == "stopped":
        comment.commenter.mails_stopped_at = clock.now()
    elif why == "erased":
        comment.commenter.email = ""
    elif why == "rejected":
        moderation.reject(comment, None)
    assert not mailed(comment)
    assert mailed(typed(article, email="eve@example.org"))


def test_one_comment_brings_one_letter(article):
    comment = typed(article)
    assert confirming.send_confirmation(comment) == confirming.send_confirmation(comment)
    assert Letter.objects.count() == 1


def test_an_address_is_not_bombed(article):
    sent = [mailed(typed(article)) for _ in range(confirming.PER_ADDRESS + 3)]
    assert sent.count(True) == confirming.PER_ADDRESS
    assert mailed(typed(article, email="eve@example.org"))


def test_an_address_is_not_bombed_in_other_spellings(article):
    sent = [
        mailed(typed(article, email=email)) for email in (ADA, "ADA@example.org", "Ada@Example.org", "aDa@example.org")
    ]
    assert sent.count(True) == confirming.PER_ADDRESS


@pytest.mark.parametrize(
    ("name", "limit"), [("network_digest", "PER_NETWORK"), ("neighbourhood_digest", "PER_NEIGHBOURHOOD")]
)
def test_a_network_and_its_neighbourhood_mail_only_so_much(article, name, limit, monkeypatch):
    monkeypatch.setattr(confirming, limit, 2)
    sent = [mailed(typed(article, email=f"a{n}@example.org", **{name: "a" * 64})) for n in range(4)]
    assert sent == [True, True, False, False]
    assert mailed(typed(article, email="eve@example.org", **{name: "b" * 64}))


def test_the_whole_site_mails_only_so_much(article, monkeypatch):
    monkeypatch.setattr(confirming, "SITE_WIDE", 2)
    assert [mailed(typed(article, email=f"a{n}@example.org")) for n in range(3)] == [True, True, False]


def test_who_is_over_a_limit_does_not_use_up_the_others(article, monkeypatch):
    monkeypatch.setattr(confirming, "SITE_WIDE", confirming.PER_ADDRESS + 1)
    for _ in range(10):
        mailed(typed(article))
    assert mailed(typed(article, email="eve@example.org"))


def test_opening_the_link_shows_the_comment_and_does_nothing(client, article):
    comment = typed(article, source="My *own* words")
    page = client.get(address_of(comment))
    assert page.status_code == 200
    assert "<em>own</em>" in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    comment.refresh_from_db()
    assert not comment.is_proven
    assert identity.COOKIE not in client.cookies


def test_saying_yes_makes_the_browser_known_and_the_comment_proven(client, article):
    comment = typed(article)
    answer = client.post(address_of(comment), {"mine": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/comments/mine/?confirmed=1")
    comment.refresh_from_db()
    assert comment.is_proven
    assert comment.commenter.confirmed_at
    assert comment.status == "pending"
    page = client.get("/comments/mine/?confirmed=1")
    assert "This browser is known as yours now" in page.text
    assert ADA in page.text
    assert ADA not in Client().get("/comments/mine/?confirmed=1").text


def test_the_name_is_that_of_the_proven_comment_whatever_others_typed(client, article):
    comment = typed(article, name="Ada")
    making.waiting(article, commenter=identity.commenter_for(ADA, "Fool"), name="Fool")
    client.post(address_of(comment), {"mine": "1"})
    assert Commenter.objects.get().name == "Ada"


def test_the_form_of_the_link_asks_for_a_token(article):
    comment = typed(article)
    assert Client(enforce_csrf_checks=True).post(address_of(comment), {"mine": "1"}).status_code == 403
    comment.refresh_from_db()
    assert not comment.is_proven


def test_a_trusted_person_who_confirms_need_not_wait(client, article):
    person = identity.commenter_for(ADA, "Ada")
    making.public(article, commenter=person, is_proven=True)
    comment, other = typed(article), typed(article, email="eve@example.org")
    client.post(address_of(comment), {"mine": "1"})
    client.post(address_of(other), {"mine": "1"})
    comment.refresh_from_db()
    other.refresh_from_db()
    assert (comment.status, other.status) == ("public", "pending")


def test_what_else_was_written_in_that_browser_is_proven_and_no_more(client, article):
    first, second, elsewhere = typed(article), typed(article), typed(article)
    response = HttpResponse()
    written_here.remember(RequestFactory().get("/"), response, second.uid)
    client.cookies[written_here.COOKIE] = response.cookies[written_here.COOKIE].value
    client.post(address_of(first), {"mine": "1"})
    proven = set(Comment.objects.filter(is_proven=True))
    assert proven == {first, second}
    assert elsewhere not in proven


def test_a_link_works_once(article):
    comment = typed(article)
    address = address_of(comment)
    Client().post(address, {"mine": "1"})
    thief = Client()
    assert [thief.get(address).status_code, thief.post(address, {"mine": "1"}).status_code] == [410, 410]
    assert identity.COOKIE not in thief.cookies


def test_a_link_is_good_for_a_week(client, article):
    comment = typed(article)
    address = address_of(comment)
    with time_machine.travel(clock.real_now() + dt.timedelta(days=8)):
        assert client.post(address, {"mine": "1"}).status_code == 410
    assert client.post(address, {"mine": "1"}).status_code == 303


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "x" * 3000])
def test_a_forged_link_leads_nowhere(client, token):
    assert client.get(f"/comments/confirm/{token}/").status_code == 410
    assert client.post(f"/comments/confirm/{token}/").status_code == 410


def test_a_link_made_for_something_else_leads_nowhere(client, article):
    comment = typed(article)
    value = links.read(confirming.PURPOSE, confirming.token_for(comment))
    for purpose in ("comments.letters", "comments.erase", "donations.manage"):
        token = links.sign(purpose, value, expires_at=clock.now() + dt.timedelta(days=1))
        assert client.post(f"/comments/confirm/{token}/").status_code == 410
    assert not Commenter.objects.filter(confirmed_at__isnull=False).exists()


def test_a_link_is_void_once_the_person_signed_out_everywhere(client, article):
    comment = typed(article)
    address = address_of(comment)
    identity.forget_everywhere(comment.commenter)
    assert client.post(address, {"mine": "1"}).status_code == 410


def test_whoever_did_not_write_it_takes_it_away_and_hears_no_more(client, article):
    comment = typed(article)
    page = client.post(address_of(comment), {"not_mine": "1"})
    assert "The comment is taken away" in page.text
    comment.refresh_from_db()
    assert (comment.status, comment.commenter.confirmed_at) == ("withdrawn", None)
    assert identity.COOKIE not in client.cookies
    assert not mailed(typed(article))


def test_a_banned_person_who_confirms_stays_banned(client, article):
    comment = typed(article)
    moderation.ban_person(comment.commenter, factories.editor(), reason="Insults")
    client.post(address_of(comment), {"mine": "1"})
    comment.refresh_from_db()
    assert comment.status != "public"
    assert "You cannot comment here" in client.get("/comments/mine/").text


def test_a_mail_programs_button_stops_such_letters_too(article):
    letter = confirming.send_confirmation(typed(article))
    assert Client(enforce_csrf_checks=True).post(letter.stop_url.removeprefix("http://testserver")).status_code == 200
    assert not mailed(typed(article))


def test_a_link_that_could_not_do_its_work_is_not_used_up(client, article, monkeypatch):
    comment = typed(article)

    def fail(comment):
        raise moderation.Refused("Not now.")

    with monkeypatch.context() as patch:
        patch.setattr(moderation, "prove", fail)
        assert "Not now." in client.post(address_of(comment), {"mine": "1"}).text
    assert client.post(address_of(comment), {"mine": "1"}).status_code == 303
