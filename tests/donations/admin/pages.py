"""Reading and sending the forms of the treasurer's pages as a browser would."""

from django.contrib.admin.models import LogEntry
from django.urls import reverse
from lxml import html

from tests.articles.admin import forms

text_of = forms.text_of
options_of = forms.options_of


def address(model: str, name: str, *args) -> str:
    return reverse(f"admin:donations_{model}_{name}", args=args)


def fields_of(response) -> dict[str, list[str]]:
    """Of the page's own form: neither the search's nor the theme's nor the one that signs out."""
    page = html.fromstring(response.content.decode())
    (form,) = page.xpath("//div[@id='content']//form[@method='post'][not(contains(@action, 'fetch'))]")
    form.set("id", "the-form")
    response.content = html.tostring(page)
    return forms.fields_of(response, "the-form")


def send(client, path: str, *, button: str = "", follow: bool = True, **typed):
    """Opens the page, fills in what is typed, presses the button."""
    opened = client.get(path)
    assert opened.status_code == 200, opened.status_code
    return again(client, path, opened, button=button, follow=follow, **typed)


def again(client, path: str, response, *, button: str = "", follow: bool = True, **typed):
    """The same from a page that was answered before."""
    fields = fields_of(response)
    unknown = set(typed) - set(fields) - {"customers", "gifts", "is_sure", "thank", "payment"}
    assert not unknown, unknown
    data = {name: value for name, value in {**fields, **typed}.items() if value is not None}
    return client.post(path, {**data, **({button: "1"} if button else {})}, follow=follow)


def rows_of(response) -> list[list[str]]:
    """Every row of every table, cell by cell."""
    rows = html.fromstring(response.content.decode()).xpath("//table//tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")] for row in rows]


def run_action(client, model: str, action: str, *rows):
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows], "index": "0"}
    return client.post(address(model, "changelist"), data, follow=True)


def log_of(row) -> list[str]:
    found = LogEntry.objects.filter(object_id=str(row.pk)).order_by("pk")
    return [entry.get_change_message() for entry in found if entry.content_type.model == row._meta.model_name]
