"""A page that is shown because it cannot be made anew: marked in its headers, and in words for whoever reads it."""

import dataclasses
import datetime as dt
import time

from pagecache import entries
from pagecache.answers import FRONT_LIFETIME, Ready
from pagecache.entries import Entry
from pagecache.hot import Hot

_WORDS = (
    '<aside class="page quiet" role="status"><p>Our database does not answer. This page is as it was at '
    '<time datetime="{instant}">{words} UTC</time>; comments and pledges have to wait.</p></aside>'
)
_BEFORE = b"<main"
_SECONDS = 1.0
_MOST_BYTES = 4 * 1024 * 1024


class LastGood:
    """Made once a second, however many ask."""

    def __init__(self):
        self._ready = Hot(_MOST_BYTES)

    def of(self, entry: Entry) -> Ready:
        """`entry` was looked for in this very request: what is gone since never comes here."""
        ready = self._ready.get(entry.key)
        if ready is None or ready.generation != entry.began or time.monotonic() >= ready.good_until:
            # It bears the instant of what it shows in place of a generation, and is not what the store keeps.
            ends = time.monotonic() + _SECONDS
            ready = Ready(_marked(entry), headers=_headers(entry), generation=entry.began, good_until=ends)
            ready.is_stored = False
            self._ready.put(entry.key, ready)
        return ready


def _marked(entry: Entry) -> Entry:
    """Just above its main part; what is no page for people stays as it is."""
    body = entry.bodies["identity"]
    is_page = any(name.lower() == "content-type" and value.startswith("text/html") for name, value in entry.headers)
    if is_page and _BEFORE in body:
        made = dt.datetime.fromtimestamp(entry.made_at, dt.UTC)
        words = _WORDS.format(instant=made.strftime("%Y-%m-%dT%H:%MZ"), words=made.strftime("%H:%M, %d %B %Y"))
        body = body.replace(_BEFORE, words.encode() + _BEFORE, 1)
    return dataclasses.replace(entry, bodies={"identity": body}, tried=[], etag=entries.etag(body))


def _headers(entry: Entry) -> list[tuple[str, str]]:
    made = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(entry.made_at))
    marks = [("Age", str(max(0, int(time.time() - entry.made_at)))), ("X-Last-Good", made)]
    if not entry.is_shared:
        return [("Cache-Control", "private, no-cache"), *marks]
    return [("Cache-Control", "public, max-age=0, must-revalidate, s-maxage=1"), (FRONT_LIFETIME, "1"), *marks]
