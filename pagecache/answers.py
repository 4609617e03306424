"""
Answers that are ready to be sent: the lists of headers and bodies of an entry for every encoding, made once and used
for as long as the entry stands in this process's memory.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pagecache.entries import Entry

# For caches on the way: together never longer than five seconds, and never beyond the page's own end.
SHARED_SECONDS = 3
REVALIDATING_SECONDS = 2
_ALL = SHARED_SECONDS + REVALIDATING_SECONDS
# For our own front server, whose copies we can take away: it keeps only what says so, and does not pass this on.
FRONT_LIFETIME, FRONT_SECONDS = "X-Accel-Expires", 2
_TAG = re.compile(r'(?:W/)?("[^"]*")')


class Answer(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]
    etag: str
    short_headers: list[tuple[str, str]]  # of a 304


class Ready:
    """An entry as it is answered until `good_until` by the monotonic clock, if nothing is purged on this machine."""

    __slots__ = ("answers", "entry", "generation", "good_until", "headers", "is_stored", "is_used")

    def __init__(self, entry: Entry, *, headers: list[tuple[str, str]], generation: int = -1, good_until: float = 0.0):
        self.entry = entry
        self.headers = headers
        self.generation = generation
        self.good_until = good_until
        self.is_used = False
        self.is_stored = True
        self.answers: dict[str, Answer] = {}

    def prepare(self, encoding: str) -> Answer:
        """For who asks first in this encoding, which the entry has by now if it gains anything."""
        answer = self.answers[encoding] = _answer(self.entry, encoding, self.headers)
        return answer


def headers_until(entry: Entry, ends: float, instant: float) -> list[tuple[str, str]]:
    """How long others may keep what is sent before `instant` and is true until `ends`, in seconds since 1970."""
    if not entry.is_shared:
        return [("Cache-Control", "private, no-cache")]
    if entry.cache_control:
        return [("Cache-Control", entry.cache_control)]
    left = max(0, min(_ALL, int(ends - instant)))
    shared = min(SHARED_SECONDS, left)
    told = f"public, max-age=0, must-revalidate, s-maxage={shared}"
    if left > shared:
        told += f", stale-while-revalidate={left - shared}"
    return [("Cache-Control", told), (FRONT_LIFETIME, str(min(FRONT_SECONDS, left)))]


def _answer(entry: Entry, encoding: str, timely: list[tuple[str, str]]) -> Answer:
    if encoding not in entry.bodies:
        encoding = "identity"
    body = entry.bodies[encoding]
    etag = f'"{entry.etag}"' if encoding == "identity" else f'"{entry.etag}-{encoding}"'
    is_page = entry.status == 200
    short = [*timely, ("Vary", "Accept-Encoding"), *([("ETag", etag)] if is_page else [])]
    headers = [*entry.headers, *short, ("Content-Length", str(len(body)))]
    if encoding != "identity":
        headers.append(("Content-Encoding", encoding))
    named = [header for header in entry.headers if header[0].lower() not in ("content-type", "content-language")]
    return Answer(f"{entry.status} {entry.reason}", headers, [body], etag if is_page else "", [*named, *short])


def names_it(if_none_match: str, etag: str) -> bool:
    """Whether the reader has exactly this already. A proxy that recompressed may have made the tag a weak one."""
    return bool(etag) and (if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match))


@lru_cache(maxsize=512)
def encoding_for(accepted: str) -> str:
    """Brotli, else gzip, else as it is. What is refused by `q=0` is not chosen."""
    wanted = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        wanted[name.strip()] = not re.fullmatch(r"\s*q=0(\.0*)?\s*", parameters)
    for encoding in ("br", "gzip"):
        if wanted.get(encoding, wanted.get("*", False)):
            return encoding
    return "identity"
