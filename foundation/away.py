"""
What somebody is told whose page needs a database that cannot be reached: 503, in words that fit where they are, on a
page that needs none. What was typed waits in it to be sent again. An app whose words depend on more than the address
registers a page of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.cache import never_cache

# What a connection raises that cannot be made, breaks, or goes on after it broke.
UNREACHABLE = (OperationalError, InterfaceError, InternalError)
RETRY_AFTER_SECONDS = 60
# Never written into a page, not even into that of whoever typed it.
SECRET_FIELDS = ("password", "code", "credential")
CSRF_FIELD = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Words:
    title: str
    told: str


ANY = Words("We cannot show this page right now", "The trouble is on our side, and it was noted.")
COMMENTS = Words(
    "Comments are closed for the moment",
    "Nothing that was written is lost, and nothing new can be taken.",
)
DESK = Words(
    "The desk cannot be reached right now",
    "What readers see is not touched. What you sent last was not saved.",
)
ACCOUNT = Words("We cannot sign you in right now", "Your account is not touched.")
_WORDS = {"/admin/": DESK, "/comments/": COMMENTS, "/account/": ACCOUNT}

Page = Callable[[HttpRequest], HttpResponse]
_pages: dict[str, Page] = {}


def register(prefix: str, page: Page) -> None:
    """For every address that begins so."""
    _pages[prefix] = page


def is_why(error: BaseException | None) -> bool:
    return isinstance(error, UNREACHABLE)


def page(request: HttpRequest) -> HttpResponse:
    own = next((made for prefix, made in _pages.items() if request.path.startswith(prefix)), _plain)
    return own(request)


def _plain(request: HttpRequest) -> HttpResponse:
    return answer(request, next((words for prefix, words in _WORDS.items() if request.path.startswith(prefix)), ANY))


@never_cache
def answer(request: HttpRequest, words: Words) -> HttpResponse:
    """The one page, in these words."""
    context = {"words": words, "is_form": request.method == "POST", **_typed(request)}
    response = render(request, "foundation/away.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Referrer-Policy"] = "same-origin"  # some addresses hold a link that opens somebody's pages
    return response


def _typed(request: HttpRequest) -> dict:
    """What is carried over, and whether something has to be given again."""
    if request.method != "POST":
        return {}
    try:
        lists, has_files = list(request.POST.lists()), bool(request.FILES)
    except UnreadablePostError:
        return {}
    own = [(name, value) for name, values in lists if not _is_secret(name) for value in values]
    is_short = has_files or any(_is_secret(name) and name != CSRF_FIELD for name, _values in lists)
    return {"carried": own, "is_short": is_short}


def _is_secret(name: str) -> bool:
    return name == CSRF_FIELD or any(secret in name.lower() for secret in SECRET_FIELDS)
