"""A reader with a browser: opens the form, types, sends. The form's own fields travel as the page wrote them."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import html

from comments import identity
from comments.models import Comment, Commenter
from foundation import clock


class Reader:
    def __init__(self, name: str = "Ada Abbot", email: str = "ada@example.org"):
        self.client = Client(enforce_csrf_checks=True)
        self.typed = {"name": name, "email": email}
        self.fields: dict[str, str] = {}
        self.action = ""

    def is_known_as(self, person: Commenter):
        """As after following the link in a letter: the cookie, and an address that was confirmed."""
        Commenter.objects.filter(pk=person.pk, confirmed_at=None).update(confirmed_at=clock.now())
        response = HttpResponse()
        identity.remember(response, person)
        self.client.cookies.update(response.cookies)
        return self

    def open(self, address: str):
        """The page of a form; keeps what stands in it."""
        return self._keep(self.client.get(address))

    def open_form(self, article, parent: Comment | None = None):
        address = reverse("comment_write", args=[article.uid])
        return self.open(f"{address}?parent={parent.uid}" if parent else address)

    def send(self, *, by_script: bool = False, keeps: bool = True, **typed):
        """Presses a button of the form that is open. A field of None is left out."""
        sent = {name: value for name, value in {**self.fields, **typed}.items() if value is not None}
        headers = {"X-Requested-With": "comments"} if by_script else {}
        response = self.client.post(self.action, sent, headers=headers)
        return self._keep(response) if keeps and response.status_code in (200, 422) else response

    def write(self, article, text: str = "Well said.", parent: Comment | None = None, **typed):
        self.open_form(article, parent)
        known = {name: value for name, value in self.typed.items() if name in self.fields}
        return self.send(text=text, **{**known, **typed})

    def _keep(self, response):
        forms = html.fromstring(response.text).xpath("//div[@data-part]//form")
        if forms:
            self.action = forms[0].get("action")
            self.fields = {
                field.name: field.value or ""
                for field in forms[0].inputs
                if field.name and field.get("type") not in ("checkbox", "radio", "submit")
            }
        return response


def errors(response) -> list[str]:
    """What the page says is wrong, as it says it."""
    return [
        node.text_content().strip()
        for node in html.fromstring(response.text).xpath("//*[@role='alert']//li | //*[@role='alert']/p[not(@class)]")
    ]
