"""
Style sheets and scripts that every reader needs, each kind as one file: small sources for whoever writes them, few
requests for whoever reads. A finder like Django's own, so that collecting, hashed names and development know no other.
"""

import atexit
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.files.storage import FileSystemStorage

# Nothing else imports from a bundle.
EXPORT = re.compile(r"^export (?=function |const |class )", re.MULTILINE)


class BundleFinder(BaseFinder):
    """Finds the bundles of `STATIC_BUNDLES` (path: sources in order), made in a folder that ends with the process."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.bundles: dict[str, list[str]] = settings.STATIC_BUNDLES

    def check(self, **kwargs) -> list[checks.CheckMessage]:
        return [
            checks.Error(f"There is no {source}, which is part of {path}.", id="foundation.E020")
            for path, sources in self.bundles.items()
            for source in sources
            if _found(source) is None
        ]

    def find(self, path: str, find_all: bool = False, **kwargs):
        if path not in self.bundles:
            return []
        found = self._written(path)
        return [found] if find_all else found

    def list(self, ignore_patterns) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in self.bundles:
            self._written(path)
            yield path, FileSystemStorage(location=_folder())

    def _written(self, path: str) -> str:
        """Only where something has changed: who serves the file may be reading it."""
        target = Path(_folder(), path)
        content = "".join(joined(source, _found(source).read_text()) for source in self.bundles[path])
        if not target.exists() or target.read_text() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f"{target.name}.{threading.get_ident()}")
            draft.write_text(content)
            draft.replace(target)
        return str(target)


@cache
def _folder() -> str:
    """Of this process, and gone with it."""
    folder = tempfile.mkdtemp(prefix="antiempire-bundles-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def text_of(path: str) -> str:
    """What readers are sent under this name: as it was collected, in development as its sources are now."""
    if not settings.DEBUG and staticfiles_storage.exists(path):
        with staticfiles_storage.open(path) as file:
            return file.read().decode()
    return Path(finders.find(path)).read_text()


def joined(source: str, content: str) -> str:
    """A sheet for print stays for print; a script keeps its names to itself, as a module of its own would."""
    if source.endswith(".js"):
        return f"// {source}\n{{\n{EXPORT.sub('', content)}}}\n"
    if Path(source).stem == "print":
        return f"/* {source} */\n@media print {{\n{content}}}\n"
    return f"/* {source} */\n{content}\n"


def _found(source: str) -> Path | None:
    """Among the sources, which the finders before this one know."""
    for finder in finders.get_finders():
        if not isinstance(finder, BundleFinder) and (path := finder.find(source)):
            return Path(path)
    return None
