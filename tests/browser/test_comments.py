"""Comments in Chromium: from a guest's first words to the mail about an answer, with scripts and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Page, expect

from comments import moderation, places
from comments.models import Comment, Discussion, Mode
from comments.screening import stamp
from tests import factories
from tests.browser.conftest import PASSWORD
from tests.browser.test_pages import AXE, LONG_WORD, overflow
from tests.comments import making

FIRST, ANSWER = "It was the river, and nobody measured it.", "I did, in March."
CONFIRM = re.compile(r"/comments/confirm/[\w.:-]+/")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Chromium types faster than anybody reads."""
    monkeypatch.setattr(stamp, "SOONEST", 0)


@pytest.fixture
def article(transactional_db):
    return factories.published(headline="The bridge")


@pytest.fixture
def threads(article):
    """Deep, long, removed, with badges, and with something added to the article."""
    parent = making.public(article, source=f"{LONG_WORD * 2}\n\n> a quotation\n\nhttps://example.org/{'a' * 90}")
    Comment.objects.filter(pk=parent.pk).update(badge="author", is_backer=True, recommends_shown=12)
    for number in range(7):
        parent = making.public(article, source=f"Answer {number}. " + "Words that run on. " * 6, parent=parent)
    gone = making.public(article, source="Gone")
    making.public(article, source="مرحبا بكم جميعا", parent=gone)
    moderation.hide(gone, None)
    factories.addendum(article)
    return article


def write(page: Page, text: str, **typed: str) -> None:
    page.fill("[name=text]", text)
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)


def approve_at_the_desk(page: Page, comment: Comment) -> None:
    page.goto("/admin/")
    page.fill("[name=username]", factories.member_of("Moderator", name="Ann").email)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.goto("/admin/comments/comment/")
    page.locator(f"#comment-{comment.pk}").get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".told")).to_contain_text("Approved 1.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_a_guests_first_words_to_the_mail_about_an_answer(open_browser, article, run_tasks, scripts):
    options = {"java_script_enabled": scripts, "viewport": {"width": 390, "height": 844}}
    ada, reader = open_browser(**options), open_browser(**options)

    ada.goto(article.get_absolute_url())
    expect(ada.locator("#comments")).to_contain_text("Nobody has written yet")
    ada.get_by_role("link", name="Write a comment").click()
    write(ada, FIRST, name="Ada Abbot", email="ada@example.org")
    ada.locator("[name=wants_replies]").check()
    ada.get_by_role("button", name="Preview").click()
    expect(ada.locator("[data-preview]")).to_contain_text(FIRST)
    ada.get_by_role("button", name="Send").click()
    expect(ada.get_by_text("appears under the article when a moderator has read it")).to_be_visible()
    assert ("/yours/" in ada.url) is not scripts

    reader.goto(article.get_absolute_url())
    expect(reader.locator("main")).not_to_contain_text(FIRST)
    run_tasks()
    ada.goto(CONFIRM.search(mail.outbox[0].body)[0])
    ada.get_by_role("button").first.click()

    approve_at_the_desk(open_browser(viewport={"width": 1280, "height": 900}), Comment.objects.get())
    reader.reload()
    expect(reader.locator(".comment__text")).to_have_text(FIRST)
    reader.get_by_role("link", name="Reply to Ada Abbot").click()
    write(reader, ANSWER, name="Ben Bolt", email="ben@example.org")
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_text("appears under the article when a moderator has read it")).to_be_visible()

    answer = Comment.objects.get(source=ANSWER)
    assert answer.parent.source == FIRST
    mail.outbox.clear()
    run_tasks()
    assert [letter for letter in mail.outbox if letter.to == ["ada@example.org"] and ANSWER in letter.body] == []
    moderation.approve(answer, None)
    run_tasks()
    (letter,) = [letter for letter in mail.outbox if letter.to == ["ada@example.org"] and ANSWER in letter.body]
    ada.goto(re.search(rf"/comments/{answer.uid}/", letter.body)[0])
    expect(ada.locator(f"#{places.anchor_of(answer.uid)}")).to_contain_text(ANSWER)
    expect(ada.locator(f"#{places.anchor_of(answer.uid)}")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_known_reader_posts_edits_and_withdraws(open_browser, article, scripts):
    moderation_free(article)
    page = open_browser(java_script_enabled=scripts)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Write a comment").click()
    write(page, "The first words.", name="Cleo", email="cleo@example.org")
    page.get_by_role("button", name="Send").click()
    comment = page.locator(".comment", has_text="The first words.")
    expect(comment).to_be_visible()
    assert "#comment-" in page.url
    expect(page.locator("#comments-title")).to_have_text("1 comment")

    if scripts:
        expect(comment).to_be_focused()
    else:
        page.get_by_role("link", name="Your own: edit or withdraw").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.fill("[name=text]", "The second words.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".comment", has_text="The second words.")).to_contain_text("edited")

    if not scripts:
        page.get_by_role("link", name="Your own: edit or withdraw").click()
    page.get_by_role("link", name="Withdraw", exact=True).click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Nobody can read it any more.").last).to_be_visible()
    page.goto(article.get_absolute_url())
    expect(page.locator(".comment")).to_have_count(0)


def moderation_free(article) -> None:
    Discussion.objects.update_or_create(pk=article.pk, defaults={"mode": Mode.NONE_WAITS})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_reader_recommends_and_reports(open_browser, article, scripts):
    comment = making.public(article, source="A word.")
    page = open_browser(java_script_enabled=scripts)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Recommend").click()
    if scripts:
        expect(page.get_by_role("link", name="Recommended 1")).to_be_visible()
        expect(page.get_by_role("status").first).to_have_text("You recommend this comment.")
    else:
        page.get_by_role("button", name="Recommend").click()
        expect(page.get_by_role("link", name="Recommend 1")).to_be_visible()
    page.get_by_role("link", name="Report").click()
    page.get_by_label("It is hateful").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("A moderator reads the comment and decides").last).to_be_visible()
    comment.refresh_from_db()
    assert (comment.recommends, comment.open_reports) == (1, 1)


def test_what_is_wrong_is_told_in_place_and_everything_typed_stays(page, article):
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Write a comment").click()
    expect(page.locator("[name=text]")).to_be_focused()
    write(page, FIRST, name="Editor", email="ada@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("belongs to somebody who works here")
    expect(page.locator("[name=text]")).to_have_value(FIRST)
    expect(page.locator("[name=email]")).to_have_value("ada@example.org")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("[name=name]")).to_be_focused()
    write(page, FIRST, name="Ada")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your comment waits for a moderator").last).to_be_attached()
    assert Comment.objects.get().name == "Ada"


@pytest.mark.parametrize(
    "answer", ["Promise.reject(new TypeError('offline'))", "Promise.resolve(new Response('', {status: 502}))"]
)
def test_a_connection_that_fails_loses_nothing(page, article, answer):
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Write a comment").click()
    write(page, FIRST, name="Ada", email="ada@example.org")
    page.evaluate(f"() => {{ window.online = window.fetch; window.fetch = () => {answer}; }}")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("[name=text]")).to_have_value(FIRST)
    page.evaluate("() => { window.fetch = window.online; }")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("appears under the article when")).to_be_visible()
    assert Comment.objects.count() == 1


def test_a_draft_stays_through_a_closed_form_and_a_page_loaded_again(page, threads):
    page.goto(threads.get_absolute_url())
    opener = page.get_by_role("link", name="Reply").first
    opener.click()
    page.fill("[name=text]", "Half a thou")
    page.keyboard.press("Escape")
    expect(page.locator(".slot")).to_have_count(0)
    expect(opener).to_be_focused()
    page.get_by_role("link", name="Write a comment").click()
    expect(page.locator("[name=text]")).to_have_value("")
    page.reload()
    page.get_by_role("link", name="Reply").first.click()
    expect(page.locator("[name=text]")).to_have_value("Half a thou")


def test_what_waits_is_shown_to_its_author_when_the_page_is_loaded_again(open_browser, article):
    ada, other = open_browser(), open_browser()
    ada.goto(article.get_absolute_url())
    ada.get_by_role("link", name="Write a comment").click()
    write(ada, FIRST, name="Ada", email="ada@example.org")
    ada.get_by_role("button", name="Send").click()
    expect(ada.get_by_text("appears under the article when")).to_be_visible()
    ada.reload()
    expect(ada.locator(".own")).to_contain_text(FIRST)
    other.goto(article.get_absolute_url())
    expect(other.locator("#comments-title")).to_be_visible()
    expect(other.locator(".own")).to_have_count(0)


def test_pressed_twice_at_once_it_is_one_comment(page, article):
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Write a comment").click()
    write(page, FIRST, name="Ada", email="ada@example.org")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_text("appears under the article when")).to_be_visible()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_threads_and_forms_have_no_barrier_and_fit(open_browser, threads, width, scheme):
    page = open_browser(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844})
    shown = [threads.get_absolute_url(), f"/comments/on/{threads.uid}/?sort=newest", f"/comments/write/{threads.uid}/"]
    uid = Comment.objects.public().first().uid
    shown += [f"/comments/{uid}/recommend/", f"/comments/{uid}/report/", f"/comments/on/{threads.uid}/yours/"]
    found = {}
    for address in shown:
        page.goto(address)
        if address == threads.get_absolute_url():
            page.get_by_role("link", name="Reply").first.click()
            page.get_by_role("button", name="Preview").click()
            expect(page.get_by_role("alert")).to_be_visible()
        violations = (
            Axe().run(page, options={**AXE, "runOnly": [*AXE["runOnly"], "best-practice"]}).response["violations"]
        )
        if violations or overflow(page):
            found[address] = overflow(page), [(v["id"], v["nodes"][0]["html"][:200]) for v in violations]
    assert found == {}


def test_each_paragraph_of_a_comment_in_two_languages_runs_its_own_way(page, article):
    comment = making.public(article, source="ترجمتُ ثلاث قصاصات.\n\nI have translated three.")
    page.goto(places.address_of(comment))
    left_of_words = """node => {
        const words = document.createRange();
        words.selectNodeContents(node);
        return words.getBoundingClientRect().left - node.getBoundingClientRect().left;
    }"""
    arabic, english = page.locator(".comment__text p").all()
    assert arabic.evaluate(left_of_words) > 50
    assert english.evaluate(left_of_words) == 0


def test_what_is_pressed_with_a_finger_is_large_enough(open_browser, threads):
    page = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(threads.get_absolute_url())
    page.get_by_role("link", name="Write a comment").click()
    alone = (
        ".comment__act, .comments__sorts a, .comments__foot a, .comments .button, .slot button, .slot .check, .slot a"
    )
    heights = page.locator(alone).evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().height)")
    assert len(heights) > 20
    assert min(heights) >= 44


def test_a_person_cannot_see_or_reach_the_trap(page, article):
    page.goto(f"/comments/write/{article.uid}/")
    box = page.locator("[name=website]").evaluate("node => node.closest('.trap').getBoundingClientRect().toJSON()")
    assert (box["width"], box["height"]) <= (1, 1)
    page.locator("[name=text]").focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name"))
    assert "email" in reached
    assert "website" not in reached
