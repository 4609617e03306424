"""A person at the stand-in's pages without a browser: opens them and sends their real forms; follows no redirect."""

import html.parser
import http.client
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest

from tests.fakestripe.recorded import client
from tests.fakestripe.running import KEY


@dataclass
class Form:
    action: str
    method: str
    id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def offers(self, value: str) -> bool:
        return any(button.get("value") == value for button in self.buttons)


@dataclass
class Page:
    status: int
    headers: dict[str, str]
    text: str
    forms: list[Form]
    links: dict[str, str]

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class _Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self._select = ""
        self._href = ""

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given["action"], given["method"], given.get("id", "")))
        elif tag == "button":
            owners = [form for form in self.forms if form.id == given["form"]] if "form" in given else self.forms
            owners[-1].buttons.append(given)
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and ("selected" in given or self._select not in self.forms[-1].fields):
            self.forms[-1].fields[self._select] = given.get("value", "")
        elif tag == "a":
            self._href = given.get("href", "")

    def handle_data(self, data):
        self.words.append(data)
        if self._href:
            self.links[data], self._href = self._href, ""


class Visitor:
    def __init__(self, address: str):
        self.host = urlsplit(address).netloc

    def open(self, path: str) -> Page:
        return self._ask("GET", path)

    def send(self, path: str, *, headers: dict[str, str] | None = None, **fields: str) -> Page:
        """A form's POST, with what a browser says of itself unless told otherwise."""
        told = {"Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"} if headers is None else headers
        return self._ask("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded", **told})

    def fill(self, form: Form, *, button: str | None = None, **typed: str) -> Page:
        """Sends one of a page's forms as it stands, with what is typed, by its first button or one of another value."""
        pressed = form.buttons[0] if button is None else next(b for b in form.buttons if b.get("value") == button)
        named = {pressed["name"]: pressed["value"]} if "name" in pressed else {}
        address = pressed.get("formaction", form.action).partition("#")[0]
        return self.send(address, **{**form.fields, **typed, **named})

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Page:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(method, path.partition("#")[0], body, headers or {})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        reader = _Reader()
        if "text/html" in (answer.headers["Content-Type"] or ""):
            reader.feed(text)
        names = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.status, names, text, reader.forms, reader.links)


@pytest.fixture
def visitor(stand_in):
    return Visitor(stand_in.address)


@pytest.fixture
def api(stand_in):
    """What the site would see, by the real SDK."""
    return client(stand_in.address, KEY)[0]
