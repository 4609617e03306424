"""
A process of readers: connections that ask for one page after the other and write down what they were shown. Started by
the load with its plan in JSON; ends by itself when the time is over, and prints what it has seen.
"""

import gzip
import http.client
import itertools
import json
import random
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import brotli

REVISION = re.compile(rb"Revision (\d+) of the load")
SENTENCE = re.compile(rb'class="ask__sentence">([^<]*)<')
ENCODINGS = ("br", "gzip", "identity")
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
REVALIDATES = 0.15  # of the visits come with the ETag of the last one
TIMEOUT_SECONDS = 30
KEPT_TROUBLES = 50


@dataclass
class Seen:
    """By all readers of this process. Times are seconds of the wall clock."""

    statuses: Counter = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    watched: list[tuple] = field(default_factory=list)  # path, began, ended, status, revision
    figures: list[tuple] = field(default_factory=list)  # began, ended, sentence, of watched paths
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Reader(threading.Thread):
    def __init__(self, plan: dict, seen: Seen, number: int):
        super().__init__(daemon=True)
        self.plan, self.seen = plan, seen
        self.chance = random.Random(plan["seed"] * 1000 + number)
        self.source = (f"127.1.{number // 250}.{number % 250 + 1}", 0)  # each reader comes from an address of their own
        self.encoding = ENCODINGS[number % len(ENCODINGS)]
        self.tags: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.plan["paths"]) + 1)))
        while time.time() < self.plan["until"]:
            path = self.chance.choices(self.plan["paths"], cum_weights=weights)[0]
            try:
                self.read(path)
            except (OSError, http.client.HTTPException) as error:
                self.connection = None
                self.note_trouble(f"{path}: {error!r}")

    def read(self, path: str) -> None:
        headers = {"Accept-Encoding": self.encoding, "Host": self.plan["host"]}
        if path in self.tags and self.chance.random() < REVALIDATES:
            headers["If-None-Match"] = self.tags[path]
        if self.connection is None:
            where = ("127.0.0.1", self.plan["port"])
            self.connection = http.client.HTTPConnection(*where, timeout=TIMEOUT_SECONDS, source_address=self.source)
        began = time.time()
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        packed = answer.read()
        ended = time.time()
        if answer.status == http.client.OK and answer.headers["ETag"]:
            self.tags[path] = answer.headers["ETag"]
        self.note(path, began, ended, answer, packed)

    def note(self, path: str, began: float, ended: float, answer, packed: bytes) -> None:
        seen, is_watched = self.seen, path in self.plan["watched"]
        body = b""
        # To unpack every page would measure this process.
        if packed and (is_watched or self.chance.random() < 0.02):
            body = UNPACK[answer.headers.get("Content-Encoding", "identity")](packed)
        sentences = {found.decode() for found in SENTENCE.findall(body)}
        with seen.lock:
            seen.statuses[answer.status] += 1
            seen.seconds.append(ended - began)
            if answer.status >= http.client.INTERNAL_SERVER_ERROR:
                self.note_trouble(f"{path}: {answer.status}", locked=True)
            if len(sentences) > 1:
                self.note_trouble(f"{path}: several figures on one page: {sorted(sentences)}", locked=True)
            if is_watched and answer.status != http.client.NOT_MODIFIED:
                revisions = [int(number) for number in REVISION.findall(body)]
                seen.watched.append((path, began, ended, answer.status, max(revisions, default=0)))
            seen.figures.extend((began, ended, sentence) for sentence in sentences)

    def note_trouble(self, words: str, *, locked: bool = False) -> None:
        if locked:
            if len(self.seen.troubles) < KEPT_TROUBLES:
                self.seen.troubles.append(words)
            return
        with self.seen.lock:
            self.note_trouble(words, locked=True)


def main() -> None:
    plan = json.loads(sys.argv[1])
    seen = Seen()
    readers = [Reader(plan, seen, number) for number in range(plan["readers"])]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(timeout=plan["until"] - time.time() + 2 * TIMEOUT_SECONDS)
    seconds = sorted(seen.seconds)
    json.dump(
        {
            "statuses": seen.statuses,
            "troubles": seen.troubles,
            "watched": seen.watched,
            "figures": seen.figures,
            "p50": seconds[len(seconds) // 2] if seconds else None,
            "p99": seconds[len(seconds) * 99 // 100] if seconds else None,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
