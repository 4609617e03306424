"""
A stand-in for the oEmbed endpoints of all platforms, over real HTTP on 127.0.0.1. A test says what it answers:
recorded answers stand in `tests/data/oembed/` (their accounts and words are invented), trouble is made on demand.
"""

import contextlib
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

RECORDED = Path(__file__).parent / "data" / "oembed"


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


class FakePlatform:
    def __init__(self):
        self.requests: list[Request] = []
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
        """What is answered at `/name`, one after another; the last is repeated. Text names a recorded answer."""
        self._replies[name] = [
            Reply(body=(RECORDED / reply).read_bytes()) if isinstance(reply, str) else reply for reply in replies
        ]

    def next_reply(self, name: str) -> Reply:
        waiting = self._replies[name]
        if not waiting:
            return Reply(status=404, body=b'{"error": "not found"}')
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _handler_for(platform: FakePlatform):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):  # noqa: N802
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            platform.requests.append(Request(parts.path, query, dict(self.headers)))
            with contextlib.suppress(OSError):  # the client hung up, which is what some tests are about
                self._send(platform.next_reply(parts.path.strip("/").partition("/")[0]))
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
