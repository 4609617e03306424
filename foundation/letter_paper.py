"""
What letters are written on. A template's first line is the subject; the same name with .html holds the same words with
links and extends `letters/_letter.html`. Who is told what, and when, is decided by the apps.
"""

from typing import NamedTuple

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.urls import reverse

from foundation import identity

_STYLE = "letters/letter.css"


class Words(NamedTuple):
    subject: str
    text: str
    html: str


def render(template: str, **facts) -> Words:
    """The letter of that name, `comments/letters/reply` say, told with these facts."""
    context = {"site_name": identity.site_name(), "site_url": f"{settings.SITE_URL}/", **facts}
    subject, _, text = render_to_string(f"{template}.txt", context).strip().partition("\n")
    html = render_to_string(f"{template}.html", {**context, "subject": subject})
    return Words(subject.strip(), _squeezed(text), _with_style(html))


def address(name: str, *args) -> str:
    """A page of ours, as a letter must write it."""
    return settings.SITE_URL + reverse(name, args=args)


def _squeezed(text: str) -> str:
    """Conditions leave empty lines behind; one between two paragraphs is enough."""
    paragraphs = [part.strip() for part in text.strip().split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _with_style(html: str) -> str:
    """Mail programs load no style sheet, so the letter carries it. Our templates hold none themselves."""
    style = get_template(_STYLE).template.source
    return html.strip().replace("</head>", f"<style>\n{style}</style>\n</head>", 1) + "\n"
