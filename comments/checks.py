"""System checks: a spam service must stand where it can be asked, or every comment would wait for it in vain."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

ON_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def service_can_be_asked(app_configs, **kwargs) -> list[checks.CheckMessage]:
    parts = urlsplit(settings.AKISMET_URL)
    is_local = parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE
    if not settings.AKISMET_KEY or is_local or (parts.scheme == "https" and parts.hostname):
        return []
    return [checks.Error("AKISMET_URL must begin with https: readers’ addresses are sent there.", id="comments.E001")]
