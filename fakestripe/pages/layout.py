"""The frame around every page: the band that says what this is, the stand-in's date, and the guard of its forms."""

from urllib.parse import urlsplit

from fakestripe.pages import words
from fakestripe.pages.markup import Safe, document, tag
from fakestripe.web import Answer, Request, html

STYLES = ("/style.css", "/forms.css")
# No form-action: it would also stop the way back to the site, which is another origin.
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


def page(engine, title: str, *content: object, status: int = 200, styles: tuple[str, ...] = ()) -> Answer:
    """A whole page; `content` goes into its one column. `styles` are sheets beside the common one."""
    band = tag(
        "header",
        tag("strong", "Stand-in"),
        tag("span", "This is not Stripe. No money moves."),
        tag("span", f"Its clock: {words.moment(engine.now())}", class_="band__clock"),
        class_="band",
    )
    body = document(title, band, tag("main", *content), styles=[*STYLES, *styles])
    answer = html(body, status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def told(engine, title: str, *sentences: str, link: tuple[str, str | None] | None = None, status: int = 200) -> Answer:
    """A page that has only something to say, and at most one way on."""
    return page(
        engine,
        title,
        tag("section", tag("h1", title), [tag("p", sentence) for sentence in sentences], onward(link), class_="card"),
        status=status,
    )


def onward(link: tuple[str, str | None] | None) -> Safe | None:
    if link is None or words.web_address(link[1]) is None:
        return None
    return tag("p", tag("a", link[0], href=link[1], class_="button"))


def warning(message: str | None) -> Safe | None:
    return tag("p", message, class_="warning", role="alert") if message else None


def facts(*pairs: tuple[str, object]) -> Safe:
    """A list of names and what they are; a pair without a value is left out."""
    return tag("dl", [[tag("dt", name), tag("dd", value)] for name, value in pairs if value], class_="facts")


def field(label: str, name: str, value: str = "", **attributes: object) -> Safe:
    return tag(
        "label", tag("span", label, class_="label"), tag("input", name=name, value=value, **attributes), class_="field"
    )


def comes_from_elsewhere(request: Request) -> bool:
    """
    Whether another site's page sent this form. The site itself never does: it sends people here by a redirect, which is
    a GET. A client that says nothing about it (a test, a command line) is no browser and is let in.
    """
    origin = request.headers.get("origin")
    if origin and origin != "null":
        return urlsplit(origin).netloc != request.headers.get("host")
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
