"""How long readers of warm pages wait while an editor publishes an article every second, and while nobody does."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.serving import crowd
from benchmarks.serving.goals import Outcome
from benchmarks.serving.measuring import percentile
from benchmarks.serving.site import Served
from tests.system.engines import PROJECT

MOST_TIMES = 3
# Another process, as the editor's is: a draft, published as the desk does it, every second.
EDITOR = """
import itertools, sys, time, uuid
from articles import publishing
from articles.models import Article, Author, Byline
first = Article.objects.published().order_by("-published_at")[0]
print("ready", flush=True)
sys.stdin.readline()
ends = time.monotonic() + float({seconds})
for number in itertools.count(1):
    began = time.monotonic()
    if began >= ends:
        break
    article = Article.objects.create(
        headline=f"Written in a hurry, part {{number}}", slug=f"written-in-a-hurry-{{uuid.uuid4().hex[:8]}}",
        standfirst="Published while many read.", body="<p>One paragraph.</p>", section=first.section,
    )
    Byline.objects.create(article=article, author=Author.objects.first(), position=0)
    publishing.publish(article, by=None)
    time.sleep(max(0.0, began + 1 - time.monotonic()))
print(number - 1, flush=True)
"""


@dataclass
class Publishing:
    quiet: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    published: int = 0

    @property
    def outcomes(self) -> list[Outcome]:
        times = percentile(self.busy, 0.99) / percentile(self.quiet, 0.99)
        return [Outcome("p99 of warm pages while an editor publishes every second, of p99 without", MOST_TIMES, times)]

    def __str__(self):
        quiet, busy = (
            [percentile(waited, share) * 1000 for share in (0.5, 0.99)] for waited in (self.quiet, self.busy)
        )
        return (
            f"{self.published} articles were published, one a second, while {crowd.PROCESSES * crowd.CONNECTIONS} "
            f"clients read without a pause: p50 {busy[0]:.1f} ms and p99 {busy[1]:.1f} ms of {len(self.busy):,} "
            f"answers; {quiet[0]:.1f} and {quiet[1]:.1f} ms of {len(self.quiet):,} without."
        )


def measure(site: Served, paths: list[str], *, host: str, seconds: float, rounds: int) -> Publishing:
    """In turns; the readers ask the processes themselves, where a page is new at once."""
    found = Publishing()
    ports, asked = (
        [app.port for app in site.apps],
        [{"path": path, "headers": {"Accept-Encoding": "gzip"}} for path in paths],
    )
    crowd.ask(ports, asked, host=host, times=10 * len(asked))
    for _ in range(rounds):
        found.quiet += crowd.ask(ports, asked, host=host, seconds=seconds).waited
        with _editor(site, seconds) as editor:
            found.busy += crowd.ask(ports, asked, host=host, seconds=seconds).waited
            found.published += int(editor.stdout.readline() or 0)
    if not found.published:
        raise SystemExit("Nothing was published: such a run says nothing.")
    return found


@contextlib.contextmanager
def _editor(site: Served, seconds: float) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", EDITOR.format(seconds=seconds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    editor = subprocess.Popen(command, cwd=PROJECT, env=site.environ, **pipes)
    try:
        editor.stdout.readline()
        editor.stdin.write("go\n")
        editor.stdin.flush()
        yield editor
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(editor.pid, signal.SIGTERM)
        editor.communicate()
