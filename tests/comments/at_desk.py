"""A moderator at the desk: opens pages and presses their buttons. Everything travels as the page wrote it."""

from django.test import Client
from django.urls import reverse
from lxml import html

from tests import factories

QUEUE = reverse("admin:comments_comment_changelist")


class Moderator:
    def __init__(self, group: str = "Moderator", **fields):
        self.user = factories.member_of(group, **fields)
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(self.user)
        self.status, self.page = 0, None

    def open(self, address: str = QUEUE):
        return self._keep(self.client.get(address, follow=True))

    def press(self, words: str, *, on=None, ticked=(), twice: bool = False, **typed):
        """A button of the page, or of the entry of the comment `on`; `typed` is filled in before."""
        button = self._button(words, on)
        form = button.getparent()
        while form.tag != "form":
            form = form.getparent()
        fields = dict(form.form_values())
        data = {**fields, "ticked": [comment.pk for comment in ticked], **typed}
        if button.get("name"):
            data[button.get("name")] = button.get("value")
        action = form.get("action") or self.address
        if twice:
            self.client.post(action, data)
        return self._keep(self.client.post(action, data, follow=True))

    def press_save(self, **typed):
        """Of a form that the admin made."""
        form = self.page.cssselect("form[id$=_form]")[0]
        data = {**dict(form.form_values()), **typed, "_save": "Save"}
        return self._keep(self.client.post(self.address, data, follow=True))

    def _button(self, words, on):
        place = self.page if on is None else self.page.get_element_by_id(f"comment-{on.pk}")
        found = [button for button in place.iter("button") if " ".join(button.text_content().split()) == words]
        if on is None:
            found = [button for button in found if not _is_in_an_entry(button)] or found
        assert found, f"No button “{words}”"
        return found[0]

    def buttons(self, on) -> list[str]:
        place = self.page.get_element_by_id(f"comment-{on.pk}")
        return [" ".join(button.text_content().split()) for button in place.iter("button")]

    @property
    def entries(self) -> list[int]:
        return [int(entry.get("id").partition("-")[2]) for entry in self.page.cssselect("[data-entry]")]

    @property
    def told(self) -> str:
        return " ".join(" ".join(part.text_content().split()) for part in self.page.cssselect(".told__words"))

    @property
    def messages(self) -> str:
        return " ".join(" ".join(part.text_content().split()) for part in self.page.cssselect(".messagelist li"))

    @property
    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def _keep(self, response):
        self.status = response.status_code
        self.address = response.request["PATH_INFO"]
        self.landed = response.redirect_chain[-1][0] if response.redirect_chain else ""
        if response.get("Content-Type", "").startswith("text/html"):
            self.page = html.document_fromstring(response.content.decode())
        return response


def _is_in_an_entry(button) -> bool:
    return any(parent.get("data-entry") is not None for parent in button.iterancestors())
