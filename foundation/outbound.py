"""
The one door for outgoing HTTP. A caller names the hosts it means to talk to; everything else is refused before a
socket is opened: other hosts and ports, addresses inside our own network, a second redirect, answers that are too
big, too slow or of the wrong kind. Nothing is retried here and no cookie, proxy or credential is ever used.
"""

import contextlib
import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urljoin, urlsplit

TIME_LIMIT = 3.0  # seconds for everything: name, handshake, redirect and the last byte of the body
SIZE_LIMIT = 256 * 1024

_HEADERS = {
    "User-Agent": "Antiempire (embed snapshots)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE_IN_URL = "%/:=&?~+!$,;'@()*[]"


class OutboundError(Exception):
    """No usable answer. The message is a clause that fits after "because"."""


class Refused(OutboundError):
    """The address itself is not allowed. Asking again cannot help."""


class Unreachable(OutboundError):
    """No such name, no connection, or it broke. Ask again later."""


class TooSlow(OutboundError):
    """The time limit passed. Ask again later."""


class TooLarge(OutboundError):
    """The answer is bigger than anything we asked for. Asking again will hardly help."""


class BadAnswer(OutboundError):
    """An answer came that cannot be used; `status` says why, and 200 means its form is wrong."""

    def __init__(self, message: str, *, status: int):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Answer:
    url: str
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # names in any case


@dataclass(frozen=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str
    is_local: bool


class _Deadline:
    def __init__(self, seconds: float):
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain. Raises TooSlow instead of returning nought."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlow("it took too long to answer")
        return left


def get(
    url: str,
    *,
    hosts: Collection[str],
    content_types: Collection[str],
    local_origin: str | None = None,
    time_limit: float = TIME_LIMIT,
    size_limit: int = SIZE_LIMIT,
) -> Answer:
    """
    The body behind `url`, which must stand on one of `hosts`; one redirect is followed, under the same rules.

    `local_origin` ("http://127.0.0.1:9000") is the single origin that may be plain HTTP and inside our network: the
    stand-in that a setting names for tests and demonstrations. It does not extend to where that origin redirects.
    """
    deadline = _Deadline(time_limit)
    for may_redirect in (True, False):
        with _exchange(_checked(url, hosts, local_origin), deadline) as response:
            if response.status in _REDIRECTS and may_redirect:
                url = _redirect_target(url, response)
                continue
            _require_usable(response, content_types)
            content_type = response.headers.get_content_type()
            return Answer(url=url, content_type=content_type, body=_body(response, size_limit))
    raise AssertionError("unreachable: the second answer is either usable or refused")


def post(
    url: str,
    fields: Mapping[str, str],
    *,
    hosts: Collection[str],
    content_types: Collection[str],
    local_origin: str | None = None,
    time_limit: float = TIME_LIMIT,
    size_limit: int = SIZE_LIMIT,
) -> Answer:
    """Sends a form, once: what it holds is for that host alone, so no redirect is followed. Else as `get`."""
    with _exchange(_checked(url, hosts, local_origin), _Deadline(time_limit), fields) as response:
        if response.status in _REDIRECTS:
            raise Refused("it wants what was sent to go elsewhere")
        _require_usable(response, content_types)
        content_type = response.headers.get_content_type()
        return Answer(url, content_type, _body(response, size_limit), response.headers)


def destination(
    url: str, *, hosts: Collection[str], local_origin: str | None = None, time_limit: float = TIME_LIMIT
) -> str:
    """Where `url` redirects to, without going there: how a shortened address is read."""
    with _exchange(_checked(url, hosts, local_origin), _Deadline(time_limit)) as response:
        if response.status not in _REDIRECTS:
            raise BadAnswer("it does not lead anywhere", status=response.status)
        return _redirect_target(url, response)


def _checked(url: str, hosts: Collection[str], local_origin: str | None) -> _Target:
    """The parts of an address we may ask. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("the address is malformed") from error
    host = parts.hostname or ""
    path = quote(parts.path or "/", safe=_SAFE_IN_URL)
    if parts.query:
        path += "?" + quote(parts.query, safe=_SAFE_IN_URL)
    if local_origin is not None and f"{parts.scheme}://{parts.netloc}" == local_origin:
        return _Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path, is_local=True)
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        raise Refused("only plain https addresses are asked")
    if host not in hosts:
        raise Refused("it leads to a host that is not on our list")
    return _Target("https", host, 443, path, is_local=False)


@contextlib.contextmanager
def _exchange(
    target: _Target, deadline: _Deadline, fields: Mapping[str, str] | None = None
) -> Iterator[http.client.HTTPResponse]:
    """One request and its answer's head; the errors of sockets and of HTTP become ours, also while the body is read."""
    try:
        with contextlib.closing(_connected(target, deadline)) as sock:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = _TimedSocket(sock, deadline)
            headers = {"Host": target.host, **_HEADERS}
            if fields is None:
                connection.request("GET", target.path, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
                connection.request("POST", target.path, urlencode(fields).encode(), headers)
            yield connection.getresponse()
    except TimeoutError as error:
        raise TooSlow("it took too long to answer") from error
    except OSError as error:
        raise Unreachable("no connection could be made, or it broke") from error
    except http.client.HTTPException as error:
        raise BadAnswer("the answer is not proper HTTP", status=200) from error


def _connected(target: _Target, deadline: _Deadline) -> socket.socket:
    """A socket to an address that was checked: the name is looked up once, so it cannot change in between."""
    addresses = _addresses(target, deadline)
    for tries_left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            plain = socket.create_connection((address, target.port), timeout=deadline.left() / tries_left)
        except OSError:
            if tries_left == 1:
                raise
            continue
        return plain if target.scheme == "http" else _encrypted(plain, target.host, deadline)
    raise Unreachable("its name has no address")


def _encrypted(plain: socket.socket, host: str, deadline: _Deadline) -> ssl.SSLSocket:
    try:
        plain.settimeout(deadline.left())
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _addresses(target: _Target, deadline: _Deadline) -> list[str]:
    """Every address of the name, all of them public: one private address among them refuses the whole name."""
    found = _looked_up(target.host, target.port, deadline)
    if not target.is_local and not all(is_public(address) for address in found):
        raise Refused("its name points into a private network")
    return found


def _looked_up(host: str, port: int, deadline: _Deadline) -> list[str]:
    """The resolver knows no time limit of its own, so it works in a thread that we stop waiting for."""
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def ask():
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="outbound-resolver").start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty as error:
        raise TooSlow("its name could not be looked up in time") from error
    if isinstance(answer, Exception):
        raise Unreachable("its name could not be looked up") from answer
    return list(dict.fromkeys(row[4][0] for row in answer))


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet could reach, also when it hides an IPv4 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6:
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local or ip.scope_id:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)


def _redirect_target(url: str, response: http.client.HTTPResponse) -> str:
    location = response.headers.get("Location", "")
    if not location:
        raise BadAnswer("it redirects to nowhere", status=response.status)
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Refused("it redirects to a malformed address") from error


def _require_usable(response: http.client.HTTPResponse, content_types: Collection[str]) -> None:
    if response.status in _REDIRECTS:
        raise Refused("it redirects more than once")
    if response.status != 200:
        raise BadAnswer(f"it answered with status {response.status}", status=response.status)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadAnswer("the answer is compressed, which we did not ask for", status=200)
    if response.headers.get_content_type() not in content_types:
        raise BadAnswer("the answer is of another kind than expected", status=200)


def _body(response: http.client.HTTPResponse, size_limit: int) -> bytes:
    """At most `size_limit` bytes; the length the server claims is believed only where it is too much."""
    if (response.length or 0) > size_limit:
        raise TooLarge("the answer is too large")
    body = response.read(size_limit + 1)
    if len(body) > size_limit:
        raise TooLarge("the answer is too large")
    return body


class _TimedSocket:
    """What http.client needs of a socket, where each step may take only what is left of the whole time limit."""

    def __init__(self, sock: socket.socket, deadline: _Deadline):
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._deadline))

    def close(self) -> None:
        """Nothing: http.client lets go of its socket before the body is read, whoever opened it closes it."""


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: _Deadline):
        super().__init__()
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)
