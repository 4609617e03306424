"""A guest confirms an address by the letter, hears of an answer once, and is forgotten; without scripts as well."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments import moderation
from comments.models import Comment
from comments.screening import stamp
from foundation.models import Letter
from tests import factories
from tests.comments import making

ADA = "ada@example.org"


@pytest.fixture
def article(transactional_db, monkeypatch):
    monkeypatch.setattr(stamp, "SOONEST", 0)  # a machine types here
    return factories.published(headline="Bridges")


def link_in(letter: Letter, part: str) -> str:
    return re.search(rf"https?://\S+/comments/{part}/\S+", letter.text)[0]


def write(page, article):
    page.goto(f"/comments/write/{article.uid}/")
    page.get_by_label("Your comment").fill("A bridge is a promise.")
    page.get_by_label("Name").fill("Ada Abbot")
    page.get_by_label(re.compile("^E-mail")).fill(ADA)
    page.locator("[name=wants_replies]").check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/yours/")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_guest_confirms_hears_of_an_answer_and_is_forgotten(open_browser, article, run_tasks, scripts):
    page = open_browser(java_script_enabled=scripts, viewport={"width": 320, "height": 640})
    write(page, article)
    comment = Comment.objects.get()
    page.goto(link_in(Letter.objects.get(kind="comment-confirm"), "confirm"))
    expect(page.get_by_text("A bridge is a promise.")).to_be_visible()
    page.get_by_role("button", name="Yes, I wrote this").click()
    expect(page.get_by_text("This browser is known as yours now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    moderation.approve(comment, None)
    making.public(article, parent=Comment.objects.get(), name="Eve", source="And a debt.")
    run_tasks()
    letter = Letter.objects.get(kind="comment-reply")
    assert (letter.to, letter.sent_at is not None) == (ADA, True)
    page.goto(link_in(letter, "letters"))
    page.get_by_role("button", name="Mute this thread").click()
    expect(page.get_by_role("heading", name="This thread is muted")).to_be_visible()

    page.goto("/comments/mine/")
    page.get_by_role("link", name="Erase me as a commenter").click()
    page.get_by_role("button", name="Send me the letter").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(link_in(Letter.objects.get(kind="comment-erase"), "mine/erase"))
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_role("heading", name="You are forgotten")).to_be_visible()
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("And a debt.")).to_be_visible()
    expect(page.get_by_text("A bridge is a promise.")).to_have_count(0)


def test_the_page_of_ones_own_is_in_order_for_screen_readers(open_browser, article):
    page = open_browser(bypass_csp=True)
    write(page, article)
    found = {}
    for address in (link_in(Letter.objects.get(kind="comment-confirm"), "confirm"), None, "/comments/mine/erase/"):
        if address:
            page.goto(address)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[page.url] = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in violations]
        if "/confirm/" in page.url:
            page.get_by_role("button", name="Yes, I wrote this").click()
    assert found == {}
