"""Who gets to see a backer's own pages: whoever holds the letter's link, once, for half an hour."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donations import defence, manage_access
from donations.models import Backer, BackerKey
from foundation import clock, links
from foundation.models import Letter
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


@pytest.fixture
def reader(stand_in):
    return Reader(stand_in)


@pytest.fixture
def backer(reader):
    reader.give()
    reader.client.cookies.clear()
    return Backer.objects.get()


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind="manage-link").order_by("pk"))


def ask(reader, email: str):
    reader.open("/support/manage/")
    return reader.send(email=email)


def link_in(letter: Letter) -> str:
    return re.search(r"/support/manage/[\w.:-]+/", letter.text)[0]


def test_the_letters_link_opens_the_pages_once(reader, backer, run_tasks):
    ask(reader, "ada@example.org")
    run_tasks()
    (letter,) = letters()
    assert letter.to == "ada@example.org"
    link = link_in(letter)
    assert "Open my pages" in reader.open(link).text
    assert "Open my pages" in reader.open(link).text  # reading spends nothing
    assert reader.send().headers["Location"] == "/support/manage/pledges/"
    assert "$25 USD every quarter" in (reader.open("/support/manage/pledges/") and reader.said())
    for method in (reader.client.get, reader.client.post):
        assert method(link).status_code == 410


@pytest.mark.parametrize("spelling", ["ADA@example.org", " ada@Example.ORG ", "ａｄａ@example.org"])
def test_another_spelling_of_the_address_is_the_same(reader, backer, run_tasks, spelling):
    ask(reader, spelling)
    run_tasks()
    assert [letter.to for letter in letters()] == ["ada@example.org"]


def test_an_unknown_address_gets_the_same_answer_and_no_letter(reader, backer, run_tasks):
    pages, asked = [], []
    for email in ("ada@example.org", "bob@example.org"):
        with CaptureQueriesContext(connection) as queries:
            pages.append(ask(reader, email))
        asked.append([re.sub(r"'[^']*'|\d+", "?", each["sql"])[:60] for each in queries])
    known, unknown = (re.sub(r"\w+@example.org|csrfmiddlewaretoken.*", "", page.text) for page in pages)
    assert known == unknown
    assert asked[0] == asked[1]
    told = [{name: value for name, value in page.headers.items() if name != "Expires"} for page in pages]
    assert told[0] == told[1]
    run_tasks()
    assert [letter.to for letter in letters()] == ["ada@example.org"]


def test_three_letters_an_hour_are_enough(reader, backer, run_tasks):
    for _ in range(5):
        assert "Look into your mail" in (ask(reader, "ada@example.org") and reader.said())
    run_tasks()
    assert len(letters()) == 3
    assert len({link_in(letter) for letter in letters()}) == 3


def test_one_network_may_ask_for_ten(reader, backer, run_tasks):
    for n in range(12):
        ask(reader, f"reader{n}@example.org")
    ask(reader, "ada@example.org")
    run_tasks()
    assert letters() == []


NO_ADDRESSES = [
    *("", "x", "a@b", "a@b@c.org", "a\x00@example.org", "a@example.org\nBcc: b@example.org"),
    "x" * 300 + "@example.org",
]


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_refused_in_words(reader, email):
    page = ask(reader, email)
    assert page.status_code == 422
    assert 'id="email-error"' in page.text


def test_a_forgotten_person_is_written_no_letter(reader, backer, run_tasks):
    Backer.objects.update(forgotten_at=clock.now())
    ask(reader, "ada@example.org")
    run_tasks()
    assert letters() == []


def test_a_link_of_somebody_who_was_forgotten_since_opens_nothing(reader, backer):
    link = urlsplit(manage_access.link_for(backer)).path
    reader.open(link)
    Backer.objects.update(forgotten_at=clock.now())
    assert reader.send().status_code == 410


def test_an_expired_link_opens_nothing(reader, backer, stand_in):
    link = urlsplit(manage_access.link_for(backer)).path
    stand_in.do("clock", advance=3601)
    assert reader.client.get(link).status_code == 410
    assert reader.client.post(link).status_code == 410


def test_a_forged_link_opens_nothing(reader, backer):
    good = urlsplit(manage_access.link_for(backer)).path.split("/")[-2]
    other = links.sign("another.purpose", f"{backer.pk}:x", expires_at=clock.now() + dt.timedelta(hours=1))
    for token in (good[:-1], good[1:], good.swapcase(), other, "x", "1:abc", "%00", "a" * 3000):
        assert reader.client.get(f"/support/manage/{token}/").status_code == 410
        assert reader.client.post(f"/support/manage/{token}/").status_code == 410
    assert manage_access.COOKIE not in reader.client.cookies


def test_the_link_is_told_to_no_other_site_and_stored_nowhere(reader, backer):
    page = reader.open(urlsplit(manage_access.link_for(backer)).path)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]


def test_the_cookie_goes_to_these_pages_alone_and_ends(reader, backer, time_machine):
    reader.come_in()
    cookie = reader.client.cookies[manage_access.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/support/manage/", True, "Lax")
    assert cookie["max-age"] == 1800
    assert cookie.value.partition(":")[0] == str(backer.pk)  # the rest is a stamp and a signature
    assert reader.open("/support/manage/").headers["Location"] == "/support/manage/pledges/"
    time_machine.move_to(clock.real_now() + dt.timedelta(minutes=31))
    assert reader.open("/support/manage/pledges/").headers["Location"] == "/support/manage/?over=1"
    assert "closed again" in reader.open("/support/manage/?over=1").text


def test_the_cookie_of_one_backer_cannot_be_made_into_anothers(reader, backer):
    reader.come_in()
    value = reader.client.cookies[manage_access.COOKIE].value
    for forged in (value.replace(str(backer.pk), str(backer.pk + 1), 1), value[:-1], "1", ""):
        reader.client.cookies[manage_access.COOKIE] = forged
        assert reader.client.get("/support/manage/pledges/").status_code == 302


def test_leaving_closes_the_pages(reader, backer):
    reader.come_in()
    reader.client.post("/support/manage/leave/")
    assert reader.open("/support/manage/pledges/").status_code == 302


INSIDE = [
    *("pledges/", "pledges/1/amount/", "pledges/1/end/", "pledges/1/currency/", "pledges/1/currency/eur/", "new/usd/"),
    *("history/", "history/1/receipt/", "names/00000000-0000-0000-0000-000000000000/", "export.json"),
]
ACTS = ["pledges/1/keep/", "pledges/1/pause/", "pledges/1/resume/", "card/1/"]


@pytest.mark.parametrize("path", INSIDE)
def test_no_page_inside_opens_without_the_cookie(client, db, path):
    assert client.get(f"/support/manage/{path}").headers["Location"] == "/support/manage/?over=1"


@pytest.mark.parametrize("path", ["pledges/1/amount/", "pledges/1/end/", "pledges/1/currency/eur/", "new/usd/", *ACTS])
def test_no_act_inside_is_done_without_the_cookie(client, db, path):
    answer = client.post(f"/support/manage/{path}", {"choice": "2500"})
    assert answer.headers["Location"] == "/support/manage/?over=1"


@pytest.mark.parametrize("path", [*ACTS, "leave/"])
def test_acts_are_done_by_post_alone(reader, backer, path):
    reader.come_in()
    assert reader.client.get(f"/support/manage/{path}").status_code == 405


def test_the_way_in_asks_for_a_token(reader, backer):
    careful = Reader(enforce_csrf_checks=True)
    link = urlsplit(manage_access.link_for(backer)).path
    assert careful.client.post(link).status_code == 403
    careful.open(link)
    assert careful.send().status_code == 302


def test_test_mode_and_real_money_never_meet(reader, backer, settings):
    reader.come_in()
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    assert reader.client.get("/support/manage/pledges/").status_code == 302
    assert BackerKey.objects.get().livemode is False
