"""
Reads a form of the admin as a browser would and posts it back changed, so that a test names only what an editor
touches and fails when a field is missing from the page.
"""

from lxml import html

ADD = "/admin/articles/article/add/"


def change(article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def open_form(client, path: str, form_id: str = "article_form") -> dict[str, list[str]]:
    """Every field of the form with the values that a browser would send, buttons left out."""
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return fields_of(response, form_id)


def fields_of(response, form_id: str = "article_form") -> dict[str, list[str]]:
    form = html.fromstring(response.content.decode()).get_element_by_id(form_id)
    fields: dict[str, list[str]] = {}
    for field in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        if "__prefix__" in field.name or field.get("disabled") is not None:
            continue
        for value in _values(field):
            fields.setdefault(field.name, []).append(value)
    return fields


def post(client, path: str, fields: dict, button: str = "_continue", **changes):
    """Posts a form with one button. `changes` replace fields; a value may be a string or a list."""
    data = {name: values for name, values in {**fields, **changes}.items() if values is not None}
    return client.post(path, {**data, button: data.get(button, "1")})


def with_row(fields: dict, prefix: str, **row) -> dict:
    """The form with one more row of an inline, as the button "Add another" makes it."""
    number = int(fields[f"{prefix}-TOTAL_FORMS"][0])
    added = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {**fields, f"{prefix}-TOTAL_FORMS": str(number + 1), **added}


def options_of(response, name: str) -> list[str]:
    """The values that a list of choices offers."""
    return html.fromstring(response.content.decode()).xpath(f".//select[@name='{name}']/option/@value")


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def _values(field) -> list[str]:
    if field.tag == "textarea":
        return [(field.text or "").removeprefix("\n")]
    if field.tag == "select":
        return _chosen(field)
    if field.get("type") in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.get("checked") is not None else []
    if field.get("type") in ("submit", "button", "image"):
        return []
    return [field.get("value", "")]


def _chosen(select) -> list[str]:
    """A list that takes one shows its first option when none is marked; one that takes several shows none."""
    options = select.xpath(".//option")
    marked = [option.get("value") for option in options if option.get("selected") is not None]
    if marked or select.get("multiple") is not None:
        return marked
    return [options[0].get("value") or ""] if options else []
