"""The real server on a database of its own, behind one trusted proxy that the tests play."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 240
PREPARE = """
import datetime as dt
from bottrap import arming
from bottrap.models import TrapSettings
from foundation import clock
from tests import factories
for _ in range({articles}):
    factories.published()
TrapSettings.objects.create(pk=1, forbidden_since=clock.now() - dt.timedelta(days=4))
arming.note_forbidden()
"""


class Site:
    def __init__(self, folder: Path, **environ: str):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self.environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "CACHE_URL": f"filecache://{folder / 'cache'}",
            "SITE_URL": self.address,
            "TRUSTED_PROXY_COUNT": "1",
            **environ,
        }

    def manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code).strip()


@contextlib.contextmanager
def running(
    folder: Path, *, articles: int = 3, threads: int = 2, target: str = "antiempire.wsgi", **environ: str
) -> Iterator[Site]:
    site = Site(folder, **environ)
    site.manage("migrate", "--verbosity", "0")
    site.shell(PREPARE.format(articles=articles))
    command = ["-m", "antiempire.serve", "--workers", "2", "--blocking-threads", str(threads)]
    command += ["--host", "127.0.0.1", "--port", str(site.port), f"{target}:application"]
    with site.log.open("wb") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=PROJECT, env=site.environ, stdout=log, stderr=log)
    try:
        _wait_for(site, process)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(site: Site, process: subprocess.Popen) -> None:
    patience_ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience_ends:
        assert process.poll() is None, site.log.read_text()
        try:
            # As a proxy with TLS would ask, or a site with HTTPS leads elsewhere.
            asked = urllib.request.Request(f"{site.address}/robots.txt", headers={"X-Forwarded-Proto": "https"})
            urllib.request.urlopen(asked, timeout=30).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(site.log.read_text())
