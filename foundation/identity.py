"""The site's name, for whatever speaks without a page around it, like letters. The app that keeps it says so once."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

_asked: list[Callable[[], str]] = []


def register(site_name: Callable[[], str]) -> None:
    _asked[:] = [site_name]


def site_name() -> str:
    """The name, or the host's while nobody keeps one."""
    return _asked[0]() if _asked else urlsplit(settings.SITE_URL).netloc
