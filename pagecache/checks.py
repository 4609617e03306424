"""System checks: what processes must share is shared, and the store's address can be understood."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

OWN_TO_A_PROCESS = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)
SCHEMES = ("redis", "rediss", "unix", "file")


def caches_are_shared(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Bans and limits would hold in one process and not in the next."""
    return [
        checks.Error(
            f"The cache “{name}” is each process's own: with several of them, what one writes the others never see.",
            hint="Set CACHE_URL to redis://… or filecache://….",
            id="pagecache.E001",
        )
        for name, cache in settings.CACHES.items()
        if cache["BACKEND"] in OWN_TO_A_PROCESS
    ]


def store_is_usable(app_configs, **kwargs) -> list[checks.CheckMessage]:
    parts = urlsplit(settings.PAGE_CACHE_URL)
    if not settings.PAGE_CACHE_URL:
        return []
    if parts.scheme not in SCHEMES:
        hint = "Begin it with redis://, rediss://, unix:// or file://, or leave it empty to store no pages."
        return [checks.Error("PAGE_CACHE_URL cannot be understood.", hint=hint, id="pagecache.E002")]
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        hint = "Three slashes: file:///var/cache/antiempire/pages"
        return [checks.Error("PAGE_CACHE_URL does not name a folder of this machine.", hint=hint, id="pagecache.E003")]
    return []


def folder_can_be_written(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Purges would be lost in a process that cannot write there: better that it does not start."""
    if not settings.PAGE_CACHE_URL:
        return []
    url = urlsplit(settings.PAGE_CACHE_URL)
    folder = Path(url.path if url.scheme == "file" else settings.PAGE_CACHE_FOLDER)
    existing = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    hint = "Every process of the machine needs one and the same: PAGE_CACHE_FOLDER, or the path of file://…."
    return [checks.Error(f"The folder {folder} of stored pages cannot be written.", hint=hint, id="pagecache.E004")]
