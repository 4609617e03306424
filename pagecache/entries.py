"""
A stored page: its answer in the encodings that were asked for, each compressed once, what it shows, and when its making
began. As bytes for any store.
"""

import hashlib
import json
import struct
import zlib
from dataclasses import dataclass, field

import brotli

ENCODINGS = ("identity", "gzip", "br")
# Below that the header costs what compression gains.
SMALLEST_COMPRESSED = 500
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
_LENGTHS = struct.Struct(">4I")


class Unreadable(Exception):
    """Bytes that are no entry of this version."""


@dataclass
class Entry:
    key: str
    status: int
    reason: str
    headers: list[tuple[str, str]]  # without those that depend on the encoding or on the time
    bodies: dict[str, bytes]
    etag: str  # without quotes; of the identity encoding
    tags: list[str]
    began: int  # an instant of the store's clock
    made_at: float  # by the machine's clock, seconds since 1970
    fresh_until: float  # the same
    is_shared: bool = True  # whether caches on the way may keep it
    cache_control: str = ""  # a page's own, when it knows better
    tried: list[str] = field(default_factory=list)  # encodings that were compressed to, with or without a gain

    @property
    def size(self) -> int:
        """About what it takes in memory, with what may still be compressed."""
        return int(1.5 * len(self.bodies["identity"])) + 2000

    def pack(self, encoding: str) -> bool:
        """Compresses to it if that was never done and may gain something. Whether it was done now."""
        body = self.bodies["identity"]
        if encoding == "identity" or encoding in self.tried or len(body) < SMALLEST_COMPRESSED:
            return False
        packed = _PACK[encoding](body)
        if len(packed) < len(body):
            self.bodies[encoding] = packed
        self.tried.append(encoding)
        return True

    def to_bytes(self) -> bytes:
        told = {name: value for name, value in vars(self).items() if name != "bodies"}
        head = json.dumps(told).encode()
        bodies = [self.bodies.get(encoding, b"") for encoding in ENCODINGS]
        return b"".join([_LENGTHS.pack(len(head), *map(len, bodies)), head, *bodies])

    @classmethod
    def from_bytes(cls, data: bytes) -> "Entry":
        try:
            head, *lengths = _LENGTHS.unpack_from(data)
            place = _LENGTHS.size + head
            told = json.loads(data[_LENGTHS.size : place])
            bodies = {}
            for encoding, length in zip(ENCODINGS, lengths, strict=True):
                if length or encoding == "identity":
                    bodies[encoding] = data[place : place + length]
                place += length
            if place != len(data):
                raise Unreadable
            told["headers"] = [tuple(header) for header in told["headers"]]
            return cls(bodies=bodies, **told)
        except (struct.error, ValueError, TypeError, KeyError) as error:
            raise Unreadable from error


def _gzip(body: bytes) -> bytes:
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    return compressor.compress(body) + compressor.flush()


def _brotli(body: bytes) -> bytes:
    return brotli.compress(body, quality=BROTLI_QUALITY)


_PACK = {"gzip": _gzip, "br": _brotli}


def etag(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()
