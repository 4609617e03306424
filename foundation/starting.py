"""
Settings under which this site must not be served. They are checked by every command, and by the server before it
answers anybody: a secret that everybody knows works as well as a good one until somebody uses it.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from foundation.demo import OWN_MACHINE

# Checks with this tag are asked at every start.
START = "start"
SHORTEST_KEY, FEWEST_SIGNS = 32, 5
KNOWN_TO_ALL = ("only-for-debugging-", "django-insecure-", "change-me", "changeme", "secret")


def refuse() -> None:
    """Raises ImproperlyConfigured with everything that stands in the way, in words for whoever set it."""
    wrong = [found for found in checks.run_checks(tags=[START]) if found.is_serious()]
    if wrong:
        told = "\n".join(f"- {found.msg}{f' {found.hint}' if found.hint else ''}" for found in wrong)
        raise ImproperlyConfigured(f"The site does not start:\n{told}")


def settings_are_safe(app_configs, **kwargs) -> list[checks.CheckMessage]:
    return [*_debug()] if settings.DEBUG else [*_key(), *_hosts()]


def _debug() -> Iterable[checks.CheckMessage]:
    strangers = sorted(set(settings.ALLOWED_HOSTS) - OWN_MACHINE)
    if strangers or settings.HTTPS:
        yield checks.Error(
            "DEBUG is true on a site that others can reach: error pages would show them settings and rows.",
            hint="Set DEBUG=false, or keep to 127.0.0.1 and localhost without HTTPS.",
            id="foundation.E002",
        )


def _key() -> Iterable[checks.CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS or key.lower().startswith(KNOWN_TO_ALL):
        yield checks.Error(
            "SECRET_KEY is short, or one that is written in public: anybody could sign a session with it.",
            hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="foundation.E003",
        )


def _hosts() -> Iterable[checks.CheckMessage]:
    hosts = [host.strip() for host in settings.ALLOWED_HOSTS]
    if not hosts or not all(hosts):
        yield checks.Error(
            "ALLOWED_HOSTS is empty, or holds an empty name: the site would answer to no name at all.",
            hint="Name the host of SITE_URL there.",
            id="foundation.E004",
        )
    elif "*" in hosts:
        yield checks.Error(
            "ALLOWED_HOSTS lets the site answer to any name, so that a stranger's name could get into its pages.",
            hint="Name its hosts.",
            id="foundation.E005",
        )
