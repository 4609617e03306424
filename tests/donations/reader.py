"""Somebody at a browser: opens forms, sends them as they stand with some answers changed, pays at the stand-in."""

import re
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client
from lxml import html

from donations import manage_access
from donations.models import Backer, Intent

PAYS = "4242424242424242"


class Reader:
    def __init__(self, stand_in=None, *, address: str = "203.0.113.7", **checks):
        self.stand_in = stand_in
        self.client = Client(REMOTE_ADDR=address, **checks)
        self.page = None

    def open(self, path: str = "/support/", **headers):
        self.page = self.client.get(path, **headers)
        return self.page

    def form(self) -> dict[str, str]:
        """What the open page's own form would send if nothing were touched."""
        (form,) = html.fromstring(self.page.text).xpath("//main//form[@method='post'][.//button[@type='submit']]")[:1]
        told = {}
        for field in form.xpath(".//input[@name] | .//textarea[@name]"):
            kind = field.get("type", "text")
            if kind in ("radio", "checkbox") and field.get("checked") is None:
                continue
            told[field.get("name")] = _text(field) if field.tag == "textarea" else field.get("value", "on")
        return told

    def send(self, path: str | None = None, **answers):
        """An answer of None takes its field away."""
        path = path or self.page.request["PATH_INFO"]
        told = {name: value for name, value in {**self.form(), **answers}.items() if value is not None}
        self.page = self.client.post(path, told)
        return self.page

    def ask(self, path: str = "/support/", **answers):
        """Opens the form and sends it: by default 25 in the page's currency, every quarter."""
        self.open(path)
        return self.send(path, **{"kind": "quarterly", "choice": "2500", **answers})

    def confirm(self, path: str = "/support/"):
        """Takes the slower step: the answer, the page that stands behind it in the browser's history, and on."""
        self.answer(path)
        if self.page.status_code == 303:
            self.open(self.page.headers["Location"])
            self.send(path)
        return self.page

    def answer(self, path: str = "/support/", **answers):
        """Reads what was asked for, and chooses it among what the step offers."""
        main = html.fromstring(self.page.text).xpath("//main")[0]
        asked = [" ".join(each.text_content().split()) for each in main.xpath("//*[contains(@class, 'sum')]//strong")]
        for label in main.xpath("//label[input[@name='answer']]"):
            if " ".join(label.text_content().split()) == " ".join(asked[:2]):
                answers.setdefault("answer", label.xpath("input/@value")[0])
        return self.send(path, **answers)

    def session(self) -> str:
        """The payment page that the last answer leads to."""
        assert self.page.status_code == 303, (self.page.status_code, self.said())
        return re.search(r"cs_test_\w+", self.page.headers["Location"])[0]

    def said(self) -> str:
        """The words of the page's main part, as they are read."""
        (main,) = html.fromstring(self.page.text).xpath("//main")
        return " ".join(main.text_content().split())

    def pay(self, session: str, *, email: str = "ada@example.org", card: str = PAYS, **fields):
        return self.stand_in.do(f"checkout/{session}/complete", card=card, email=email, name="Ada Abbot", **fields)

    def thanks(self, session: str):
        return self.open(f"/support/thanks/?session_id={session}")

    def give(self, path: str = "/support/", *, email: str = "ada@example.org", **answers) -> Intent:
        """All of it: asks, pays, comes back."""
        self.ask(path, **answers)
        session = self.session()
        self.pay(session, email=email)
        assert self.thanks(session).status_code == 200
        return Intent.objects.get(session_id=session)

    def come_in(self, email: str = "ada@example.org"):
        """By a link as the letter would hold it."""
        backer = Backer.objects.get(email=email)
        self.open(urlsplit(manage_access.link_for(backer)).path)
        self.send()
        assert self.page.status_code == 302, self.page.status_code
        return self.open("/support/manage/pledges/")


def sent_links() -> list[str]:
    return [re.search(r"/support/manage/[\w.:-]+/", letter.body)[0] for letter in mail.outbox]


def hear(stand_in, reader: Reader, run_tasks) -> None:
    """Takes in what Stripe sends and does what follows, until nothing new comes of it."""
    while stand_in.take_deliveries(reader.client):
        run_tasks()
    run_tasks()


def _text(area) -> str:
    """A browser takes the line break right behind the tag for none of the text."""
    return (area.text or "").removeprefix("\n")
