"""
A stand-in for any service that the site asks, over real HTTP on 127.0.0.1. A test says what it answers: recorded
answers of platforms stand in `tests/data/oembed/` (their accounts and words are invented), trouble is made on demand.
"""

import contextlib
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

RECORDED = Path(__file__).parents[1] / "data" / "oembed"


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    seconds_before: float = 0.0
    seconds_per_byte: float = 0.0
    raw: bytes | None = None  # instead of everything above


@dataclass
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)  # of a POST


NOT_FOUND = Reply(status=404, body=b'{"error": "not found"}')


class FakeService:
    def __init__(self, otherwise: Reply = NOT_FOUND):
        self.requests: list[Request] = []
        self._otherwise = otherwise
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def replies(self, name: str, *replies: Reply | str) -> None:
        """What is answered at `/name` and below it, or at `/version/name`, one after another; the last is repeated.
        Text names a recorded answer."""
        self._replies[name] = [
            Reply(body=(RECORDED / reply).read_bytes()) if isinstance(reply, str) else reply for reply in replies
        ]

    def forms(self, name: str) -> list[dict[str, str]]:
        """What was sent there."""
        return [request.form for request in self.requests if request.path.endswith(f"/{name}")]

    def next_reply(self, path: str) -> Reply:
        parts = path.strip("/").split("/")
        waiting = self._replies.get(parts[0]) or self._replies.get(parts[-1])
        if not waiting:
            return self._otherwise
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _handler_for(service: FakeService):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):  # noqa: N802
            self._answer({})

        def do_POST(self):  # noqa: N802
            self._answer(_first_of(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _answer(self, form: dict[str, str]):
            parts = urlsplit(self.path)
            service.requests.append(Request(parts.path, _first_of(parts.query), dict(self.headers), form))
            with contextlib.suppress(OSError):  # the client hung up, which is what some tests are about
                self._send(service.next_reply(parts.path))
            self.close_connection = True

        def _send(self, reply: Reply):
            time.sleep(reply.seconds_before)
            if reply.raw is not None:
                self.wfile.write(reply.raw)
                return
            self.send_response(reply.status)
            headers = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body)), **reply.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if not reply.seconds_per_byte:
                self.wfile.write(reply.body)
                return
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(reply.seconds_per_byte)

        def log_message(self, *arguments):
            pass

    return Handler


def _first_of(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded).items()}
