"""
Pages in Redis, for several processes and machines. Instants are those of Redis' own clock; what must not be torn apart
by another process is one script. Every name begins with the run of the server it was written to: after a restart, which
may have forgotten purges, everything is unknown and nothing is shown. A stamp that was evicted is unknown as well.
"""

import contextlib
import hashlib
import secrets
import threading
import time

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from pagecache import redis_scripts, stores
from pagecache.entries import Entry, Unreadable
from pagecache.stamps import SECOND, Purge, Stamp, State, Verdict, judge

TIMEOUT_SECONDS = 0.5
LOCKED_MILLISECONDS = 5000
STAMPS_KEPT_SECONDS = 2 * stores.KEPT_SECONDS


class RedisPages:
    def __init__(self, url: str):
        self._site = hashlib.sha256(settings.SITE_URL.encode()).hexdigest()[:8]
        self._run = ""
        self._asking = threading.local()  # the run that this thread's question names
        # Nothing is tried twice: a new connection may lead to another run, whose keys have other names.
        pool = redis.ConnectionPool.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            redis_connect_func=self._connected,
        )
        self._client = redis.Redis(connection_pool=pool)
        self._instant = self._client.register_script(redis_scripts.INSTANT)
        self._write = self._client.register_script(redis_scripts.WRITE)
        self._purge = self._client.register_script(redis_scripts.PURGE)
        self._release = self._client.register_script(redis_scripts.RELEASE)

    def instant(self) -> int:
        with self._asked() as names:
            return int(self._instant(keys=[f"{names}last"], args=[names]))

    def read(self, key: str) -> Entry | None:
        return self.read_many([key])[0]

    def read_many(self, keys: list[str]) -> list[Entry | None]:
        with self._asked() as names:
            told = self._client.mget([_entry(names, key) for key in keys])
        return [_understood(key, data) for key, data in zip(keys, told, strict=True)]

    def judge(self, entry: Entry) -> Verdict:
        return self.judge_many([entry])[0]

    def judge_many(self, entries: list[Entry]) -> list[Verdict]:
        tags = sorted({tag for entry in entries for tag in entry.tags})
        with self._asked() as names:
            told = self._client.mget([f"{names}t:{tag}" for tag in tags])
        stamps = {tag: Stamp(*map(int, stamp.split())) for tag, stamp in zip(tags, told, strict=True) if stamp}
        now = time.time_ns() // 1000
        return [_judged(entry, stamps, now) for entry in entries]

    def write(self, entry: Entry) -> bool:
        with self._asked() as names:
            told = [_entry(names, entry.key), entry.to_bytes(), entry.began, *entry.tags]
            arguments = [names, STAMPS_KEPT_SECONDS, stores.KEPT_SECONDS, *told]
            return bool(self._write(keys=[f"{names}last"], args=arguments))

    def purge(self, purges: list[Purge]) -> None:
        with self._asked() as names:
            told = [part for purge in purges for part in (purge.tag, int(purge.is_gone), purge.every * SECOND)]
            self._purge(keys=[f"{names}last"], args=[names, STAMPS_KEPT_SECONDS, *told])

    def claim(self, key: str) -> str:
        token = secrets.token_hex(8)
        with self._asked() as names:
            return token if self._client.set(_lock(names, key), token, nx=True, px=LOCKED_MILLISECONDS) else ""

    def release(self, key: str, token: str) -> None:
        with self._asked() as names:
            self._release(keys=[_lock(names, key)], args=[token])

    def prune(self) -> None:
        """Redis forgets by itself."""

    def close(self) -> None:
        self._client.connection_pool.disconnect()

    @contextlib.contextmanager
    def _asked(self):
        """Yields what every name begins with."""
        try:
            if not self._run:
                self._client.ping()
            self._asking.run = run = self._run
            yield f"pages:{self._site}:{run}:"
        except redis.RedisError as error:
            raise stores.StoreAway from error

    def _connected(self, connection) -> None:
        """A new connection to another run ends the question that opened it, since its names are those of before."""
        connection.on_connect()
        connection.send_command("INFO", "server")
        told = connection.read_response()
        lines = (told.decode() if isinstance(told, bytes) else str(told)).splitlines()
        run = next(line.partition(":")[2] for line in lines if line.startswith("run_id:"))
        self._run = run = run[:16]
        if getattr(self._asking, "run", run) != run:
            raise redis.ConnectionError("Redis was started anew: what it kept counts no longer.")


def _understood(key: str, data: bytes | None) -> Entry | None:
    if data is None:
        return None
    try:
        entry = Entry.from_bytes(data)
    except Unreadable:
        return None
    return entry if entry.key == key else None


def _judged(entry: Entry, stamps: dict[str, Stamp], now: int) -> Verdict:
    """Whether a tag without a stamp was purged nobody knows any more."""
    if any(tag not in stamps for tag in entry.tags):
        return Verdict(State.GONE)
    return judge(entry.began, [stamps[tag] for tag in entry.tags], now)


def _entry(names: str, key: str) -> str:
    return f"{names}e:{_digest(key)}"


def _lock(names: str, key: str) -> str:
    return f"{names}l:{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
