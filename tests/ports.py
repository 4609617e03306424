"""
Ports for servers that a test starts. One that the kernel names and gives back may be taken by whoever connects to
something before the server listens: these lie below those that it names, and each belongs to one process of tests on
this machine as long as it runs. The odd one above each is left to what the server itself starts beside it.
"""

import contextlib
import fcntl
import itertools
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

PORTS = range(20_000, 32_000, 2)
_folder = Path(tempfile.gettempdir()) / f"ports-of-tests-{os.getuid()}"
_held: list[int] = []


def _from_somewhere() -> Iterator[int]:
    """Each process begins elsewhere, so that one does not go through what all others have taken."""
    begin = os.getpid() * 37 % len(PORTS)
    return itertools.islice(itertools.cycle(PORTS), begin, None)


_ports = _from_somewhere()


def free_port() -> int:
    """Nobody listens there, and no other test is told of it."""
    for port in itertools.islice(_ports, len(PORTS)):
        if _take(port):
            return port
    raise AssertionError("Every port for tests is taken.")


def _take(port: int) -> bool:
    _folder.mkdir(exist_ok=True)
    held = os.open(_folder / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with contextlib.suppress(OSError), socket.socket() as probe:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        probe.bind(("127.0.0.1", port))
        _held.append(held)
        return True
    os.close(held)
    return False
