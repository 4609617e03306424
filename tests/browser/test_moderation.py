"""The moderators' queue in Chromium: by keys alone, by thumb on a phone, without scripts, and for a screen reader."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from comments import identity, moderation
from comments.findings import Finding
from comments.models import Comment, Commenter
from tests import factories
from tests.browser.conftest import PASSWORD
from tests.comments import making

QUEUE = "/admin/comments/comment/"
Status = Comment.Status
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
# What is pressed to get through the queue. Links within a sentence are as high as their lines.
PRESSED = ".tabs a, .entry button:visible, .entry summary.button, .entry__tick, .told button, .bulk a, .bulk button"


@pytest.fixture
def article(transactional_db):
    return factories.published(headline="A bridge that nobody ordered, and who paid for it")


@pytest.fixture
def five(article):
    parent = making.public(article, source="The first survey was in 1974.")
    found = [making.waiting(article, source=f"Words {number}", parent=parent) for number in range(4)]
    suspected = [Finding("links", "3 links; the rule allows 2")]
    longest = "https://example.org/" + "a" * 120
    return [*found, making.waiting(article, source=f"See {longest} and so on", suspicions=suspected)]


def sign_in(page: Page) -> Page:
    page.goto("/admin/")
    page.fill("[name=username]", factories.member_of("Moderator", name="Ann").email)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#logout-form", state="attached")
    return page


def states(comments) -> list[str]:
    return [Comment.objects.get(pk=comment.pk).status for comment in comments]


def press(page: Page, key: str) -> None:
    """A key that leads to another page, which is awaited."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_queue_is_worked_by_keyboard_alone(open_browser, five):
    page = sign_in(open_browser(viewport={"width": 1280, "height": 900}))
    page.goto(QUEUE)
    press(page, "a")
    expect(page.locator(".told")).to_contain_text("Approved 1.")
    expect(page.locator(f"#comment-{five[1].pk}")).to_be_focused()
    press(page, "s")
    page.keyboard.press("j")
    expect(page.locator(f"#comment-{five[3].pk}")).to_be_focused()
    page.keyboard.press("k")
    press(page, "r")
    assert states(five) == [Status.PUBLIC, Status.SPAM, Status.REJECTED, Status.PENDING, Status.PENDING]
    press(page, "u")
    expect(page.locator(".told")).to_contain_text("Taken back: rejected 1.")
    expect(page.locator(f"#comment-{five[2].pk}")).to_be_focused()
    assert states(five)[2] == Status.PENDING


def test_ticked_ones_are_decided_by_one_key(open_browser, five):
    page = sign_in(open_browser(viewport={"width": 1280, "height": 900}))
    page.goto(QUEUE)
    for key in ("x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator(".bulk__words")).to_have_text("2 ticked:")
    press(page, "a")
    assert states(five) == [Status.PUBLIC, Status.PUBLIC, Status.PENDING, Status.PENDING, Status.PENDING]


def test_a_ban_asks_how_long_and_why_and_keys_are_letters_there(open_browser, five):
    page = sign_in(open_browser(viewport={"width": 1280, "height": 900}))
    page.goto(QUEUE)
    page.keyboard.press("b")
    expect(page.locator("select:focus")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("shouting as usual")
    assert states(five) == [Status.PENDING] * 5
    page.get_by_role("button", name="Ban this person").click()
    expect(page.locator(".told")).to_contain_text("Banned 1 person; Rejected 1.")
    assert Commenter.objects.get(pk=five[0].commenter_id).ban_reason == "shouting as usual"


def test_help_opens_and_closes_and_decides_nothing(open_browser, five):
    page = sign_in(open_browser(viewport={"width": 1280, "height": 900}))
    page.goto(QUEUE)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    assert states(five) == [Status.PENDING] * 5


def test_without_scripts_everything_is_there_but_the_keys(open_browser, five):
    page = sign_in(open_browser(java_script_enabled=False, **PHONE))
    page.goto(QUEUE)
    page.locator(f"#comment-{five[0].pk}").get_by_role("button", name="Approve").click()
    expect(page.locator(".told")).to_contain_text("Approved 1.")
    page.get_by_role("link", name="Tick all").click()
    page.locator(".bulk").get_by_role("button", name="Reject").click()
    expect(page.locator(".told")).to_contain_text("Rejected 4.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-entry]")).to_have_count(4)


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_all_of_it_and_a_thumb_hits_it(open_browser, five, width):
    page = sign_in(open_browser(viewport={"width": width, "height": 844}, has_touch=True))
    page.goto(QUEUE)
    page.locator(f"#comment-{five[0].pk}").get_by_role("button", name="Approve").click()
    expect(page.locator(".told")).to_be_in_viewport()
    page.locator(f"#comment-{five[1].pk}").get_by_text("Ban…").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.locator(PRESSED).evaluate_all(
        "nodes => nodes.map(node => [node.getBoundingClientRect().height, node.textContent.trim()])"
    )
    assert len(sizes) > 15
    assert [(height, words) for height, words in sizes if height < 44] == []


def test_what_was_done_last_stays_in_sight(open_browser, article):
    comments = [making.waiting(article) for _ in range(12)]
    page = sign_in(open_browser(**PHONE))
    page.goto(QUEUE)
    page.locator(f"#comment-{comments[8].pk}").get_by_role("button", name="Approve").click()
    expect(page.locator(f"#comment-{comments[9].pk}")).to_be_in_viewport()
    expect(page.locator(".told").get_by_role("button", name="Undo")).to_be_in_viewport()


def test_lists_of_comments_and_people_fit_a_phone(open_browser, article):
    address = f"somebody.with.a.long.name@{'mail' * 9}.example.org"
    making.waiting(article, commenter=identity.commenter_for(address, "Wolfeschlegelsteinhausenbergerdorff"))
    page = sign_in(open_browser(**PHONE))
    for name in ("comment/all", "commenter"):
        page.goto(f"/admin/comments/{name}/")
        beyond = (
            "[...document.querySelectorAll('#result_list td')].filter(cell => cell.getBoundingClientRect().right > 390)"
        )
        assert page.locator("#result_list td").count() > 1
        assert page.evaluate(f"{beyond}.length") == 0, name


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_desks_pages_are_accessible(open_browser, five, scheme, width):
    moderation.report(making.public(five[0].article), "reader", "abuse")
    page = sign_in(open_browser(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}))
    page.goto(QUEUE)
    page.locator(f"#comment-{five[0].pk}").get_by_role("button", name="Approve").click()
    page.locator("details.ban summary").first.click()
    found = {}
    comment = five[4]
    for address in [
        page.url,
        f"{QUEUE}?tab=reported",
        f"{QUEUE}all/",
        f"{QUEUE}{comment.pk}/change/",
        f"/admin/comments/commenter/{comment.commenter_id}/change/",
        f"{QUEUE}letters/",
        "/admin/comments/commenter/",
    ]:
        if page.url != address:
            page.goto(address)
        axe = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
        if violations := axe.response["violations"]:
            found[address] = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in violations]
    assert not found, json.dumps(found, indent=1)
