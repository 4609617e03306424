"""
Names of addresses and addresses of names, with a time limit that the resolver itself does not know. Asked only by
background work: nothing that a reader waits for looks up a name.
"""

import queue
import socket
import threading
from collections.abc import Callable

TIME_LIMIT = 3.0
# What the resolver says when it is certain that there is no such name: HOST_NOT_FOUND and NO_DATA.
_NO_NAME = {1, 4}
_NO_ADDRESS = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class NoAnswer(Exception):
    """The resolver failed or was too slow: nothing is known, and asking again may help."""


def names_of(address: str, *, time_limit: float = TIME_LIMIT) -> list[str]:
    """Whatever the owner of the address calls it, in small letters; none when it has no name. Raises NoAnswer."""

    def ask() -> list[str]:
        try:
            name, others, _addresses = socket.gethostbyaddr(address)
        except socket.herror as error:
            if error.errno in _NO_NAME:
                return []
            raise
        return [found.rstrip(".").lower() for found in (name, *others)]

    return _in_time(ask, time_limit)


def addresses_of(name: str, *, time_limit: float = TIME_LIMIT) -> list[str]:
    """Every address of the name; none when there is no such name. Raises NoAnswer."""

    def ask() -> list[str]:
        try:
            rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno in _NO_ADDRESS:
                return []
            raise
        return list(dict.fromkeys(row[4][0] for row in rows))

    return _in_time(ask, time_limit)


def _in_time(ask: Callable[[], list[str]], time_limit: float) -> list[str]:
    """The question is asked in a thread that we stop waiting for."""
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=work, daemon=True, name="outbound-dns").start()
    try:
        answer = answers.get(timeout=time_limit)
    except queue.Empty as error:
        raise NoAnswer("the resolver was too slow") from error
    if isinstance(answer, Exception):
        raise NoAnswer("the resolver failed") from answer
    return answer
