"""HTML that cannot be left unescaped: every text is escaped on its way in unless it was made here."""

import html

VOID = {"br", "hr", "input", "link", "meta"}


class Safe(str):
    """Text that is HTML already. Only this module makes it."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Safe:
    """
    An element. A child may be text, an element, a list of such, or nothing (None). An attribute that is None or False
    is left out, one that is True stands bare; `class_` and `for_` lose their last sign, `data_id` becomes `data-id`.
    """
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Safe(opened if name in VOID else f"{opened}{join(children)}</{name}>")


def join(children: object) -> Safe:
    """Several pieces behind one another."""
    if children is None or children is False:
        return Safe("")
    if isinstance(children, Safe):
        return children
    if isinstance(children, list | tuple):
        return Safe("".join(join(child) for child in children))
    return Safe(html.escape(str(children)))


def document(title: str, *body: object, styles: list[str]) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="icon", href="data:,"),
        [tag("link", rel="stylesheet", href=style) for style in styles],
    )
    return "<!doctype html>\n" + tag("html", head, tag("body", *body), lang="en")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'
