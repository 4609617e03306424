"""
Starts granian with the site: `python -m antiempire.serve --port 8001 --workers 2`. Several workers are forked from a
process that has imported the site, so that they share what it takes in memory; a worker that died is forked anew. One
worker has nobody to share with and imports for itself. HUP replaces workers by new ones with the same code: new code
comes with a new start.
"""

import argparse
import gc
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

SITE = "antiempire.wsgi:application"
# Nobody's page: looking for it reads every pattern of an address.
NOWHERE = ("/no-such-page/", "/admin/no-such-page/")


def main() -> None:
    options = read_arguments()
    server = Granian(
        options.target,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=options.workers,
        blocking_threads=options.blocking_threads,
        respawn_failed_workers=options.respawn_failed_workers,
        workers_kill_timeout=options.workers_kill_timeout,
        http1_settings=HTTP1Settings(),
        log_level=LogLevels(options.log_level),
    )
    if options.workers > 1:
        multiprocessing.set_start_method("fork")
        server.on_startup(lambda: prepare(options.target))
    server.serve(target_loader=imported)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m antiempire.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--blocking-threads", type=int, default=4)
    parser.add_argument("--respawn-failed-workers", action="store_true")
    parser.add_argument("--workers-kill-timeout", type=int, help="seconds for a worker to end what it is at")
    parser.add_argument("--log-level", choices=[level.value for level in LogLevels], default=LogLevels.info.value)
    parser.add_argument("target", nargs="?", default=SITE, help="module:application")
    return parser.parse_args()


def prepare(target: str) -> None:
    """All that is the same in every worker. Nothing that belongs to one process may be open afterwards."""
    open_before = descriptors()
    imported(target)
    warm()
    put_away()
    if held := [*unshareable(open_before)]:
        raise RuntimeError(f"Workers would share what importing the site left open: {', '.join(held)}")
    gc.collect()
    gc.freeze()


def imported(target: str) -> Callable:
    from django.utils.module_loading import import_string

    return import_string(target.replace(":", "."))


def warm() -> None:
    """What is read or compiled at first need, as far as no database, cache or page is asked."""
    from django.conf import settings
    from django.core.cache import caches
    from django.template import engines
    from django.template.loader import get_template
    from django.urls import Resolver404, resolve, reverse
    from django.utils import formats, translation

    with translation.override(settings.LANGUAGE_CODE):
        translation.gettext("Yes")
        formats.get_format("DATE_FORMAT")
    for alias in settings.CACHES:
        caches[alias]
    reverse("admin:index")
    for path in NOWHERE:
        with suppress(Resolver404):
            resolve(path)
    for folder in engines["django"].engine.dirs:
        for file in Path(folder).rglob("*.html"):
            get_template(str(file.relative_to(folder)))


def put_away() -> None:
    """What the site opens to see that it can be opened."""
    from pagecache import stores

    stores.forget()


def unshareable(open_before: set[str]) -> Iterator[str]:
    """Threads are not forked, and what two processes say through one connection, or lock in one file, is mixed up."""
    yield from (f"thread {each.name}" for each in threading.enumerate() if each is not threading.main_thread())
    yield from sorted(descriptors() - open_before)


def descriptors() -> set[str]:
    """What is open, by name."""
    found = set()
    for descriptor in list(Path("/dev/fd").iterdir()):
        with suppress(OSError):  # the one that listed them
            found.add(str(descriptor.readlink()))
    return found


if __name__ == "__main__":
    main()
