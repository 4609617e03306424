"""A stand-in that speaks Akismet's protocol over real HTTP on 127.0.0.1, and misbehaves when a test says so."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class Reply:
    body: str = "false"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds_before: float = 0.0
    content_type: str = "text/plain; charset=utf-8"


class FakeAkismet:
    def __init__(self):
        self.asked: list[tuple[str, dict[str, str]]] = []  # which of the addresses, and the form that was sent
        self.replies: dict[str, Reply] = {}
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

    def forms(self, what: str) -> list[dict[str, str]]:
        return [form for name, form in self.asked if name == what]


def _handler_for(service: FakeAkismet):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            what = self.path.removeprefix("/1.1/")
            service.asked.append((what, {name: values[0] for name, values in parse_qs(sent).items()}))
            reply = service.replies.get(what, Reply())
            time.sleep(reply.seconds_before)
            with contextlib.suppress(OSError):  # whoever asked has hung up
                self.send_response(reply.status)
                for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body.encode())))
                self.end_headers()
                self.wfile.write(reply.body.encode())

        def log_message(self, *arguments):
            pass

    return Handler
