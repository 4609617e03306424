"""The editors' form of an article as hands use it: typed, pasted, picked from lists."""

import re

from playwright.sync_api import Locator, Page, expect

POINTER_BUTTON = "Point at an update of this article"
PASTE = """(element, html) => {
  const clipboard = new DataTransfer()
  clipboard.setData("text/html", html)
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }))
}"""


class ArticleForm:
    def __init__(self, page: Page):
        self.page = page

    def open_new(self):
        self.page.goto("/admin/articles/article/add/")
        expect(self.editor("body")).to_be_editable()

    def editor(self, field: str) -> Locator:
        return self.page.locator(f".article-form__main > fieldset .field-{field} .tiptap")

    def type(self, field: str, *paragraphs: str):
        """Each line is followed by Enter, as a writer does."""
        self.editor(field).focus()
        for paragraph in paragraphs:
            self.page.keyboard.insert_text(paragraph)
            self.page.keyboard.press("Enter")

    def paste(self, field: str, html: str):
        """Pastes at the cursor and waits for the server to have cleaned what came."""
        editor = self.editor(field)
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).split()[-1]
        editor.evaluate(PASTE, html)
        expect(editor).to_contain_text(words)

    def embed(self, *addresses: str):
        """Each address on a line of its own becomes a card once the cursor has left the line."""
        cards = self.editor("body").locator(".embed-card")
        for address in addresses:
            before = cards.count()
            self.type("body", address)
            expect(cards).to_have_count(before + 1)

    def pick(self, row: str, words: str):
        """Chooses from one of Django's searching lists."""
        self.page.locator(row).locator(".select2-selection").first.click()
        self.page.locator(".select2-search__field").last.fill(words)
        self.page.locator(".select2-results__option", has_text=words).click()

    def point_after(self, paragraph: str, *, choose: str):
        """Puts a pointer at the end of a paragraph."""
        place = self.editor("body").locator("p", has_text=paragraph)
        place.click()
        self.page.keyboard.press("End")
        self.page.locator(f".field-body [title='{POINTER_BUTTON}']").first.click()
        self.page.get_by_role("button", name=re.compile(choose)).click()

    def fill_addendum(self, kind: str, *paragraphs: str, quote: str = ""):
        """Writes the row that stands open last, and asks for it to be published on saving."""
        row = self.page.locator(".addendum-row:not(.empty-form)").last
        row.locator("select[name$=-kind]").select_option(label=kind)
        row.locator(".tiptap").focus()
        for paragraph in paragraphs:
            self.page.keyboard.insert_text(paragraph)
            self.page.keyboard.press("Enter")
        if quote:
            row.locator("[data-name=blockquote]").click()
            self.page.keyboard.insert_text(quote)
        row.get_by_label("publish it now").check()

    def press(self, button: str, *, expected: str):
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator(".messagelist")).to_contain_text(expected)
