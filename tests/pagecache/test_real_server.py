"""The whole site on the real server with two processes, asked over HTTP: pages in files, and in Redis."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bottrap.serving import PROJECT, running

EDIT = """
article = Article.objects.order_by("pk").first()
with transaction.atomic():
    Article.objects.filter(pk=article.pk).update(headline={headline!r})
    {purge}
"""
# Another process of this machine, as the worker is: does what it reads and says so.
WRITER = """
import sys
from articles.models import Article
from django.db import transaction
for line in sys.stdin:
    exec(eval(line))
    print("done", flush=True)
"""
pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "sqlite").startswith("sqlite"), reason="keeps its rows in SQLite in either run"
)

TAGS = "from articles.cache_tags import everywhere; tags = everywhere(article.pk)"
STALE = f"{TAGS}; from pagecache import purge_stale; purge_stale(*tags)"
GONE = f"{TAGS}; from pagecache import purge_gone; purge_gone(*tags)"


@pytest.fixture(scope="module", params=["files", "redis"])
def site(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    url = f"file://{folder / 'pages'}"
    if request.param == "redis":
        url = request.getfixturevalue("redis_server").url
    places = {"PAGE_CACHE_URL": url, "PAGE_CACHE_FOLDER": str(folder / "local")}
    with running(folder, target="tests.pagecache.patient", **places) as site, writing(site):
        site.notes = folder / ("pages" if request.param == "files" else "local") / "intents"
        site.article = re.search(r'href="(/\d{4}/\d\d/[^/]+/)"', ask(site, "/")[2])[1]
        yield site


def ask(site, path: str, method: str = "GET", **headers: str) -> tuple[int, dict, str]:
    request = urllib.request.Request(site.address + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, dict(response.headers), response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode(errors="replace")


@contextlib.contextmanager
def writing(site):
    site.writer = None
    try:
        yield
    finally:
        end_writer(site)


def edit(site, headline: str, purge: str = STALE) -> None:
    """Raises BrokenPipeError when the process that writes has died of it."""
    if site.writer is None:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", WRITER]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        site.writer = subprocess.Popen(command, cwd=PROJECT, env=site.environ, **pipes)
    site.writer.stdin.write(repr(EDIT.format(headline=headline, purge=purge)) + "\n")
    site.writer.stdin.flush()
    if site.writer.stdout.readline() != "done\n":
        end_writer(site)
        raise BrokenPipeError


def end_writer(site) -> None:
    if site.writer is not None:
        site.writer.communicate(timeout=30)
        site.writer = None


def seen_by_both(site, path: str = "/", times: int = 12) -> set[str]:
    """
    What the two processes answer, asked often enough to meet either. The first of them waits for the new page, since
    the old one may be shown only while somebody makes it.
    """
    ask(site, path)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda _: ask(site, path)[2], range(times))
    return {word for text in found for word in re.findall(r"Canary\d+", text)}


@pytest.mark.parametrize("purge", [STALE, GONE])
def test_what_another_process_wrote_is_read_at_once_from_both(site, purge):
    edit(site, "Canary1")
    for count in range(2, 5):
        assert seen_by_both(site) == {f"Canary{count - 1}"}
        edit(site, f"Canary{count}", purge)


def test_without_the_purge_the_old_page_stays(site):
    """So that the test above can fail."""
    edit(site, "Canary10")
    assert seen_by_both(site) == {"Canary10"}
    edit(site, "Canary11", "pass")
    assert seen_by_both(site) == {"Canary10"}
    edit(site, "Canary11")


def test_an_answer_from_the_store_carries_the_standard_headers(site):
    for _ in range(6):
        status, headers, text = ask(site, site.article)
        assert status == 200
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
        assert headers["vary"] == "Accept-Encoding"
        assert int(headers["content-length"]) == len(text.encode())
    assert ask(site, site.article, "HEAD")[1]["content-length"] == headers["content-length"]
    status, short, text = ask(site, site.article, **{"If-None-Match": headers["etag"]})
    assert (status, text) == (304, "")
    assert short["etag"] == headers["etag"]
    packed = ask(site, site.article, **{"Accept-Encoding": "gzip, br"})[1]
    assert packed["content-encoding"] == "br"
    assert int(packed["content-length"]) < int(headers["content-length"]) / 2


def test_a_process_that_dies_after_its_commit_loses_no_purge(site):
    """It is killed in the hook that comes before the purge; the note it left is carried out by the server."""
    edit(site, "Canary20")
    assert seen_by_both(site) == {"Canary20"}
    kill = "transaction.on_commit(lambda: __import__('os').kill(__import__('os').getpid(), 9)); " + STALE
    with pytest.raises(BrokenPipeError):
        edit(site, "Canary21", kill)
    (note,) = site.notes.glob("*.json")
    note.write_text(json.dumps(json.loads(note.read_text()) | {"due": 0}))  # some seconds later
    patience_ends = time.monotonic() + 30
    while seen_by_both(site, times=4) != {"Canary21"}:
        assert time.monotonic() < patience_ends
