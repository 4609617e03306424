"""What every page of the site shows about the site itself. Lazy: a page that shows none of it asks for none of it."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles import theme
from articles.metadata import PageMetadata
from articles.models import Masthead, Section


def identity(request: HttpRequest) -> dict:
    """For templates: the masthead, the address part of its accent, the sections in the order of the navigation."""
    masthead = masthead_of(request)
    return {
        "masthead": masthead,
        "theme_fingerprint": SimpleLazyObject(lambda: theme.fingerprint(masthead.accent_colour)),
        "site_sections": SimpleLazyObject(lambda: list(Section.objects.all())),
    }


def masthead_of(request: HttpRequest) -> Masthead:
    """The masthead, asked for once however many parts of the page need it."""
    if not hasattr(request, "masthead"):
        request.masthead = SimpleLazyObject(Masthead.load)
    return request.masthead


def page_metadata(request: HttpRequest, **said) -> PageMetadata:
    """Of a page that is no article. Its address is told without whatever does not choose what is shown."""
    before = request.GET.get("before")
    path = f"{request.path}?before={before}" if before else request.path
    return PageMetadata.of_list(path, masthead=masthead_of(request), **said)
