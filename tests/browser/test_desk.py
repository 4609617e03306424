"""
The desk as it is used: what is typed is kept, colleagues notice each other, the form fills in what it can. Every page
opened here fails its test if the content policy is broken.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import Article, Autosave
from tests import factories
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

TO_READ = [
    "/admin/",
    "/admin/articles/article/",
    "/admin/articles/article/{pk}/change/",
    "/admin/articles/tag/{tag}/delete/",
]
# The name of what has the focus, and by how much the row of buttons covers all of it; the row's own do not count.
BEHIND_THE_ROW = """() => {
  const focused = document.activeElement, row = document.querySelector(".submit-row")
  const place = (focused.closest(".select2-container") ?? focused).getBoundingClientRect()
  const isWriting = focused.isContentEditable
  const covered = row.contains(focused) || isWriting ? 0 : place.bottom - row.getBoundingClientRect().top
  return [focused.innerText || focused.title || focused.name || focused.id, covered]
}"""
PAGES = [
    "/admin/",
    "/admin/articles/article/",
    "/admin/articles/article/add/",
    "/admin/articles/article/{pk}/change/",
    "/admin/articles/article/{pk}/versions/",
    "/admin/articles/article/{pk}/takedown/",
    "/admin/articles/article/{pk}/move/",
    "/admin/articles/article/{pk}/withdraw/",
    "/admin/articles/article/{pk}/preview/",
    "/admin/articles/article/{pk}/history/",
    "/admin/articles/masthead/1/change/",
    "/admin/articles/author/",
    "/admin/articles/section/{section}/delete/",
    "/admin/accounts/user/add/",
    "/admin/foundation/letter/",
    "/admin/django_tasks_database/dbtaskresult/",
    "/admin/articles/page/add/",
    "/admin/articles/redirect/add/",
    "/admin/accounts/user/add/",
]
# The admin's own pages and the editor's toolbar have findings of their own; these concern what is ours.
OF_DJANGO = {"exclude": [[".select2-search__field"]]}
AXE = {"runOnly": ["color-contrast", "label", "button-name", "link-name", "aria-allowed-attr", "image-alt", "list"]}


@pytest.fixture
def article():
    row = factories.published(headline="The map that was final", body="<p>It was printed.</p>")
    factories.addendum(row, kind="correction")
    factories.draft_addendum(row)
    return row


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_page_fits_its_window_and_breaks_no_policy(desk, article, width, scheme):
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme=scheme)
    for path in PAGES:
        assert desk.goto(path.format(pk=article.pk, section=article.section_id)).status == 200, path
        desk.wait_for_load_state("networkidle")
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", TO_READ)
def test_the_desk_can_be_read_and_named(desk, article, path, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.goto(path.format(pk=article.pk, tag=factories.tag().pk))
    desk.wait_for_load_state("networkidle")
    found = Axe().run(desk, context=OF_DJANGO, options=AXE).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


def test_slug_and_counts_are_filled_in_while_typing(desk):
    factories.published(headline="Water rises")
    desk.goto("/admin/articles/article/add/")
    desk.fill("#id_headline", "Water rises")
    expect(desk.locator("#id_slug")).to_have_value("water-rises")
    expect(desk.locator(".field-headline .count")).to_have_text("11 of 90 characters")
    expect(desk.locator(".field-slug .count")).to_contain_text("Another article has these words")
    desk.fill("#id_slug", "by-hand")
    desk.fill("#id_headline", "Water falls")
    desk.locator(".field-body .tiptap").click()
    desk.keyboard.type("Three short words")
    expect(desk.locator(".field-body .count")).to_contain_text("3 words")
    expect(desk.locator("#id_slug")).to_have_value("by-hand")
    desk.keyboard.press("Enter")
    desk.keyboard.type("https://x.com/sample/status/1234567890123456789")
    desk.keyboard.press("Enter")
    expect(desk.locator(".field-body .embed-card")).to_be_visible()
    desk.keyboard.type("and four more words")
    expect(desk.locator(".field-body .count")).to_contain_text("7 words")  # the card's own are not the article's


def test_what_was_typed_survives_a_closed_window(desk):
    desk.goto("/admin/articles/article/add/")
    desk.fill("#id_headline", "Half a headline")
    desk.locator(".field-body .tiptap").click()
    desk.keyboard.type("Half a text.")
    expect(desk.locator("#autosave-state")).to_contain_text("not saved yet", timeout=20_000)
    desk.goto("/admin/articles/article/add/")
    desk.get_by_role("button", name="Restore what you typed").click()
    expect(desk.locator("#id_headline")).to_have_value("Half a headline")
    expect(desk.locator(".field-body .tiptap")).to_contain_text("Half a text.")
    assert not Article.objects.exists()


def test_a_form_that_nobody_touched_keeps_nothing(desk, article):
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    desk.locator(".article-form__main > fieldset .field-body .tiptap").click()
    desk.wait_for_timeout(4_000)
    assert not Autosave.objects.exists()


def test_the_later_of_two_editors_is_warned_and_chooses(desk, open_browser, article):
    path = f"/admin/articles/article/{article.pk}/change/"
    desk.goto(path)
    other = open_browser()
    other.goto(f"/admin/login/?next={path}")
    other.fill("[name=username]", factories.editor(name="Bea").email)
    other.fill("[name=password]", PASSWORD)
    other.click("[type=submit]")
    expect(other.locator("#presence")).to_contain_text("is editing this too")
    other.fill("#id_standfirst", "What Bea wrote.")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator(".messagelist .success")).to_be_visible()

    desk.fill("#id_standfirst", "What I wrote.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".notice--conflict")).to_contain_text("Bea saved this article")
    expect(desk.locator("#id_standfirst")).to_have_value("What I wrote.")
    desk.locator(".notice--conflict").get_by_role("button", name="Save mine over it").click()
    expect(desk.locator(".messagelist")).to_contain_text("stands among the versions")
    article.refresh_from_db()
    assert article.standfirst == "What I wrote."


def test_add_update_opens_a_fresh_row_with_the_cursor_in_it(desk, article):
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    desk.get_by_role("link", name="Add update").click()
    row = desk.locator(".addendum-row:not(.empty-form):not(.has_original)")
    expect(row.locator(".tiptap")).to_be_focused()
    desk.keyboard.type("It was reprinted.")
    expect(row.locator(".field-publish_at")).to_be_hidden()
    row.get_by_label("publish it at …").check()
    expect(row.locator(".field-publish_at")).to_be_visible()
    row.get_by_label("publish it now").check()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert article.addenda.get(body="<p>It was reprinted.</p>").is_visible


def test_who_was_signed_out_meanwhile_keeps_the_text_and_saves_it_after_signing_in(desk, article):
    path = f"/admin/articles/article/{article.pk}/change/"
    desk.goto(path)
    desk.fill("#id_standfirst", "Written over lunch.")
    desk.context.clear_cookies()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("#autosave-state")).to_contain_text("You are signed out")
    expect(desk.locator("#id_standfirst")).to_have_value("Written over lunch.")

    tab = desk.context.new_page()
    tab.goto("/admin/")
    tab.fill("[name=username]", factories.editor().email)
    tab.fill("[name=password]", PASSWORD)
    tab.click("[type=submit]")
    tab.wait_for_selector("#logout-form", state="attached")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.standfirst == "Written over lunch."


def test_the_room_in_which_one_stands_is_marked_and_no_other(desk):
    desk.goto("/admin/articles/image/")
    line_of = "links => links.map(link => [link.text, getComputedStyle(link).textDecorationLine])"
    lines = desk.eval_on_selector_all(".desk-nav a", line_of)
    assert [name for name, line in lines if line == "underline"] == ["Images"]


def test_long_names_without_a_space_widen_no_page_of_a_telephone(desk):
    author = factories.author(name="x" * 100, slug="x")
    desk.set_viewport_size({"width": 320, "height": 700})
    for page in ("change", "history"):
        desk.goto(f"/admin/articles/author/{author.pk}/{page}/")
        assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [1280, 390])
def test_what_the_keyboard_reaches_is_never_behind_the_row_of_buttons(desk, width):
    desk.set_viewport_size({"width": width, "height": 700})
    desk.goto("/admin/articles/article/add/")
    expect(desk.locator(".field-body .tiptap").first).to_be_editable()
    hidden, reached = [], ""
    for _ in range(90):
        desk.keyboard.press("Tab")
        reached, overlap = desk.evaluate(BEHIND_THE_ROW)
        if overlap > 0:
            hidden.append(reached)
        if reached == "Publish now":
            break
    assert reached == "Publish now"
    assert hidden == []
