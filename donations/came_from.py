"""
Which page of ours led somebody to the support page: told by the link's `from`, else by the browser's Referer. It
travels in the form and is kept with the intent; no cookie takes part. Only public addresses of this site are believed.
"""

import re
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

LONGEST = 500
# What an address of ours is written with. Whatever needs other characters has them escaped.
_PATH = re.compile(r"/(?!/)[\w.~!$&'()*+,;=:@%/-]*\Z", re.ASCII)
_NOT_A_SOURCE = ("/support/", "/admin/", "/preview/", "/media/", "/static/")


def of(request: HttpRequest) -> str:
    """The path, or nothing when the reader came from elsewhere or it cannot be told."""
    return checked(request.GET.get("from", "")) or _of_referer(request)


def checked(path: str) -> str:
    """The path if it is one that a reader of this site can have come from, else nothing."""
    if len(path) > LONGEST or not _PATH.match(path) or path.startswith(_NOT_A_SOURCE) or ".." in path:
        return ""
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


def _of_referer(request: HttpRequest) -> str:
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return checked(parts.path) if parts.netloc == request.get_host() else ""
