"""The editor in a real Chromium: what is pasted, dropped, typed and pressed, and what is stored of it."""

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from articles import html
from articles.models import Addendum, Article, Embed, Image
from tests import factories
from tests.browser.article_form import ArticleForm

SAMPLES = Path(__file__).parent.parent / "data" / "paste"
TWEET = "https://x.com/sample/status/1234567890123456789"
CODE = (
    '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Words</p>&mdash; Sample (@sample) '
    f'<a href="{TWEET}?ref_src=twsrc%5Etfw">May 1, 2020</a></blockquote> '
    '<script async src="https://platform.x.com/widgets.js" charset="utf-8"></script>'
)
LISTEN = """
window.violations = []
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
})
"""
CLIPBOARD = """(element, [kind, html, text, pictures]) => {
  const data = new DataTransfer()
  if (html) data.setData("text/html", html)
  if (text) data.setData("text/plain", text)
  for (const [name, content] of pictures) {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
    data.items.add(new File([bytes], name, { type: "image/png" }))
  }
  const common = { bubbles: true, cancelable: true }
  if (kind === "paste") return element.dispatchEvent(new ClipboardEvent("paste", { ...common, clipboardData: data }))
  const { left, top } = element.lastElementChild.getBoundingClientRect()
  element.dispatchEvent(new DragEvent("drop", { ...common, clientX: left + 5, clientY: top + 5, dataTransfer: data }))
}"""
DRAW = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 40 })
  canvas.getContext("2d").fillRect(8, 8, 30, 20)
  return canvas.toDataURL("image/png").split(",")[1]
}"""
# Milliseconds in which the editor takes over a new focus and a moved cursor; a made-up paste does not wait for either.
SETTLING = 80
NOT_A_PICTURE = "bm8gcGljdHVyZQ=="


class Body:
    """The editing area of an article's text."""

    def __init__(self, page: Page):
        self.page = page
        self.form = ArticleForm(page)
        self.area = self.form.editor("body")

    def paste(self, *, html="", text="", pictures=(), kind="paste"):
        self.area.evaluate(CLIPBOARD, [kind, html, text, list(pictures)])

    def press(self, name: str):
        self.page.locator(f".field-body [data-name={name}]").first.click()

    @property
    def source(self) -> str:
        return self.page.locator("#id_body").input_value()

    @property
    def notices(self):
        return self.page.locator(".field-body .editor-notice")

    @property
    def cards(self):
        return self.area.locator(".embed-card")

    def save(self):
        self.form.press("Save draft", expected="changed")
        expect(self.area).to_be_editable()


@pytest.fixture
def open_body(desk):
    """Opens the form of a draft with that text, watched for breaches of the content policy, the cursor at its end."""
    opened = []

    def open_body(text: str = "", **fields) -> Body:
        article = factories.draft(body=text, **fields)
        desk.add_init_script(LISTEN)
        desk.goto(f"/admin/articles/article/{article.pk}/change/")
        body = Body(desk)
        expect(body.area).to_be_editable()
        body.area.focus()
        desk.wait_for_timeout(SETTLING)
        desk.keyboard.press("Control+End")
        desk.wait_for_timeout(SETTLING)
        opened.append(body)
        return body

    yield open_body
    for body in opened:
        assert body.page.evaluate("window.violations") == []


def stored() -> str:
    return Article.objects.get().body


@pytest.mark.parametrize("name", ["word", "google-docs", "wordpress-classic", "wordpress-blocks"])
def test_a_real_clipboard_is_shown_and_stored_clean(open_body, name):
    body = open_body()
    clean = (SAMPLES / f"{name}.clean.html").read_text()
    body.paste(html=(SAMPLES / f"{name}.html").read_text())
    expect(body.area).to_contain_text(html.plain_text(clean).split("\n")[-1].strip())
    if name in ("word", "google-docs", "wordpress-classic"):
        expect(body.notices).to_contain_text("One picture was left out")

    body.save()

    assert html.plain_text(stored()).split() == html.plain_text(clean).split()
    assert not re.search(r"\b(style|class|id|width)=", stored())
    for tag in ("strong", "em", "li", "h2", "h3", "blockquote", "td", "figure", "div"):
        assert (tag, stored().count(f"<{tag}")) == (tag, clean.count(f"<{tag}"))


def test_the_content_policy_is_really_listened_to(chromium, live_server):
    """Without this the other tests could be deaf."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.add_init_script(LISTEN)
        page.goto(f"{live_server.url}/admin/login/")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
        assert len(page.evaluate("window.violations")) == 1


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ({"text": "https://mobile.twitter.com/sample/status/1234567890123456789?s=20&t=abc"}, TWEET),
        ({"text": CODE}, TWEET),
        ({"html": CODE, "text": "Words — Sample (@sample) May 1, 2020"}, TWEET),
        ({"text": "https://youtu.be/dQw4w9WgXcQ?si=x"}, "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        (
            {"text": '<iframe width="560" src="https://player.vimeo.com/video/76979871?h=8272103f6e"></iframe>'},
            "https://vimeo.com/76979871/8272103f6e",
        ),
    ],
    ids=["address", "code", "html", "video", "frame"],
)
def test_a_pasted_post_becomes_a_card(open_body, pasted, kept):
    body = open_body()
    body.paste(**pasted)
    expect(body.cards).to_have_count(1)
    expect(body.cards).to_contain_text("Kept as our own copy when you save.")

    body.page.keyboard.type("Below")
    body.save()

    assert stored() == f'<div data-embed="{kept}"><a href="{kept}">{kept}</a></div><p>Below</p>'


def test_a_typed_address_becomes_a_card_when_the_cursor_leaves_its_line(open_body):
    Embed.objects.create(
        provider="tweet", external_id="1234567890123456789", url=TWEET, state="captured", text="Kept words."
    )
    body = open_body()
    body.page.keyboard.type(TWEET.replace("x.com", "twitter.com"))
    expect(body.cards).to_have_count(0)
    body.page.keyboard.press("Enter")
    expect(body.cards).to_contain_text("Kept words.")
    assert f'data-embed="{TWEET}"' in body.source

    body.page.keyboard.press("Control+z")
    expect(body.cards).to_have_count(0)
    expect(body.area).to_contain_text("twitter.com")


def test_the_embed_button_puts_a_post_into_the_text(open_body):
    body = open_body()
    body.press("embed")
    body.page.get_by_label("Address of the post").fill(TWEET)
    body.page.keyboard.press("Enter")
    expect(body.cards).to_have_count(1)
    expect(body.page.locator("dialog")).to_have_count(0)


def test_what_is_no_post_is_refused_where_it_was_written_and_can_be_put_right(open_body):
    body = open_body()
    body.press("embed")
    dialog = body.page.get_by_role("dialog", name="Embed a post")
    address = dialog.get_by_label("Address of the post")
    address.fill("https://example.org/")
    dialog.get_by_role("button", name="Embed", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("not the address of a post")
    expect(dialog.get_by_role("alert")).to_be_in_viewport()
    expect(address).to_be_focused()
    expect(body.cards).to_have_count(0)

    address.fill(TWEET)
    expect(dialog.get_by_role("alert")).to_be_empty()
    dialog.get_by_role("button", name="Embed", exact=True).click()
    expect(body.cards).to_have_count(1)
    expect(dialog).to_have_count(0)


def test_a_post_is_not_put_in_after_the_dialog_was_cancelled(open_body):
    body = open_body()
    held = []
    body.page.route("**/admin/editor/embed/*", lambda route: held.append(route))
    body.press("embed")
    body.page.get_by_label("Address of the post").fill(TWEET)
    body.page.keyboard.press("Enter")
    body.page.get_by_role("button", name="Cancel").click()
    with body.page.expect_response("**/admin/editor/embed/*"):
        held[0].continue_()
    body.page.wait_for_timeout(SETTLING)
    expect(body.cards).to_have_count(0)


def test_a_notice_is_said_in_sight_however_long_the_text(open_body):
    body = open_body("<p>Words.</p>" * 60)
    body.paste(pictures=[("notes.png", NOT_A_PICTURE)])
    expect(body.notices).to_be_in_viewport(ratio=1)
    toolbar = body.page.get_by_role("toolbar", name="Formatting of: Body").bounding_box()
    assert body.notices.bounding_box()["y"] >= toolbar["y"] + toolbar["height"] - 1


def test_an_address_pasted_among_words_stays_a_link(open_body):
    body = open_body("<p>As he wrote in</p>")
    body.page.keyboard.type(" ")
    body.paste(text=TWEET)
    expect(body.area.locator(f"a[href='{TWEET}']")).to_have_count(1)
    expect(body.cards).to_have_count(0)


def test_a_paste_loses_no_word_when_the_server_is_silent(open_body):
    body = open_body("<p>Before.</p>")
    body.page.route("**/admin/editor/paste/", lambda route: route.fulfill(status=404, body=""))
    body.paste(html='<p style="color:red" class="x">Pasted <b>words</b></p>', text="Pasted words")
    expect(body.notices).to_contain_text("as the browser read it")
    assert body.source == "<p>Before.Pasted <strong>words</strong></p>"


@pytest.mark.parametrize(
    ("key", "outcome"), [("Home", "Typed. More.Start.pasted"), ("End", "Start.pastedTyped. More.")]
)
def test_what_is_typed_while_a_paste_is_cleaned_stays_in_its_place(open_body, key, outcome):
    body = open_body("<p>Start.</p>")
    held = []
    body.page.route("**/admin/editor/paste/", lambda route: held.append(route))
    body.paste(html="<i>pasted</i>", text="pasted")
    body.page.keyboard.press(key)
    body.page.keyboard.type("Typed. ")
    assert len(held) == 1
    held[0].continue_()
    expect(body.area.locator("p").first).to_contain_text("pasted")
    body.page.keyboard.type("More.")
    assert html.plain_text(body.source) == outcome


def test_a_pointer_names_an_update_of_the_same_form_before_anything_is_saved(open_body):
    body = open_body("<p>Nothing was said.</p>")
    body.press("pointer")
    expect(body.page.locator("dialog")).to_contain_text("This article has no update yet.")
    body.page.get_by_role("button", name="Add an update and point at it").click()
    expect(body.area.locator("a[data-pointer]")).to_have_text("(UPDATED below)")
    body.form.fill_addendum("update", "The ministry has spoken.")
    body.save()

    assert f'<a data-pointer="{Addendum.objects.get().key}" href="#">(UPDATED below)</a>' in stored()


def test_a_pointer_can_lead_to_any_update_and_shows_when_it_leads_to_none(open_body):
    body = open_body("<p>Nothing was said. Later it was.</p>")
    article = Article.objects.get()
    first = factories.draft_addendum(article, body="<p>The first answer.</p>")
    factories.draft_addendum(article, body="<p>The second answer.</p>")
    body.page.reload()
    body.area.get_by_text("Later").select_text()
    body.press("pointer")
    body.page.get_by_role("button", name=re.compile("The first answer")).click()
    pointer = body.area.locator("a[data-pointer]")
    expect(pointer).to_have_text("Nothing was said. Later it was.")
    assert f'data-pointer="{first.key}"' in body.source
    expect(body.area.locator(".is-dangling")).to_have_count(0)

    body.page.locator("#id_addenda-0-DELETE").check()
    body.area.press("End")
    expect(body.area.locator(".is-dangling")).to_have_count(1)


def test_every_added_update_has_a_key_of_its_own_and_an_editor_that_works(open_body):
    body = open_body()
    for _ in range(3):
        body.page.locator("#addenda-group .add-row a").click()
    keys = body.page.locator("input[name^=addenda-][name$=-key]").evaluate_all("inputs => inputs.map(i => i.value)")
    assert len(set(keys)) == len(keys) == 4  # three rows, and the form they are copied from
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)

    body.page.locator("#addenda-2 .tiptap").focus()
    body.page.keyboard.type("Words of the third row")
    body.save()

    only = Addendum.objects.get()
    assert (only.key, only.body) == (keys[2], "<p>Words of the third row</p>")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_file_is_uploaded_and_stands_behind_its_paragraph(open_body, kind):
    body = open_body("<p>One.</p><p>Two.</p>")
    body.paste(kind=kind, pictures=[("harbour.png", body.page.evaluate(DRAW))])
    expect(body.area.locator("figure img")).to_have_count(1)
    body.page.keyboard.type("At noon")
    body.save()

    image = Image.objects.get()
    assert image.title.lower().startswith("harbour")
    assert re.fullmatch(
        rf'<p>One.</p><p>Two.</p><figure><img src="/media/images/../{image.key}/\d+\.\w+" alt="">'
        "<figcaption>At noon</figcaption></figure>",
        stored(),
    )


def test_a_refused_picture_is_explained_and_can_be_tried_again(open_body):
    body = open_body("<p>One.</p>")
    body.paste(pictures=[("notes.png", NOT_A_PICTURE)])
    expect(body.notices).to_contain_text("notes.png was not uploaded. This is not a picture")
    assert body.source == "<p>One.</p>"
    assert not Image.objects.exists()

    body.page.get_by_role("button", name="Try again").click()
    expect(body.notices).to_have_count(1)
    expect(body.area.locator(".editor-upload")).to_have_count(0)


def test_a_picture_is_chosen_from_the_library_without_leaving_the_text(open_body):
    body = open_body("<p>One.</p>")
    body.paste(pictures=[("harbour.png", body.page.evaluate(DRAW))])
    expect(body.area.locator("figure img")).to_have_count(1)
    body.area.locator("p").last.click()
    body.press("figure")
    expect(body.page.get_by_role("button", name="Choose or upload…")).to_be_focused()
    with body.page.context.expect_page() as opened:
        body.page.keyboard.press("Enter")
    opened.value.wait_for_load_state()  # the choices work once their script is there
    with contextlib.suppress(Error):  # the window closes itself, at times before the click has been told of
        opened.value.locator("[data-picker-choice]").click()
    # What the library says of the picture comes by another window, and would replace what is typed before.
    address = body.page.get_by_role("textbox", name=re.compile("address in our library"))
    expect(address).to_have_value(re.compile("^/media/"))
    body.page.get_by_role("textbox", name=re.compile("^Alternative text")).fill("A harbour")
    body.page.get_by_role("button", name="Insert", exact=True).click()
    expect(body.area.locator("figure img[alt='A harbour']")).to_have_count(1)


def test_the_area_is_a_field_with_a_name_and_a_spelling_check(open_body):
    body = open_body()
    field = body.page.get_by_role("textbox", name="Body", exact=True)
    expect(field).to_have_attribute("spellcheck", "true")
    expect(field).to_have_attribute("aria-multiline", "true")
    body.page.locator("label[for=id_standfirst]").click()
    body.page.locator("label[for=id_body]").click()
    expect(field).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_toolbar_stays_in_sight_and_the_form_fits_the_screen(open_body, width):
    body = open_body("<p>Words.</p>" * 60 + f"<p>{'long' * 60}</p>")
    body.page.set_viewport_size({"width": width, "height": 800})
    body.area.locator("p").nth(40).scroll_into_view_if_needed()
    toolbar = body.page.get_by_role("toolbar", name="Formatting of: Body")
    expect(toolbar).to_be_in_viewport()
    assert body.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
