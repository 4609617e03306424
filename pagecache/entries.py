"""A stored page: its answer in every encoding, what it shows, and when its making began. As bytes for any store."""

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
    size: int = field(default=0, compare=False)

    def __post_init__(self):
        self.size = sum(map(len, self.bodies.values())) + 2000

    def to_bytes(self) -> bytes:
        told = {name: value for name, value in vars(self).items() if name not in ("bodies", "size")}
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


def encoded(body: bytes) -> dict[str, bytes]:
    """The body, and its compressed forms where they are smaller."""
    bodies = {"identity": body}
    if len(body) < SMALLEST_COMPRESSED:
        return bodies
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    smaller = {
        "gzip": compressor.compress(body) + compressor.flush(),
        "br": brotli.compress(body, quality=BROTLI_QUALITY),
    }
    return bodies | {encoding: packed for encoding, packed in smaller.items() if len(packed) < len(body)}


def etag(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()
