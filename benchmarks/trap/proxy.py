"""The one trusted proxy: whoever comes through it gets an address of the open internet."""

import contextlib
import http.client
import http.server
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from benchmarks.trap.people import Request

_HOP_BY_HOP = {"connection", "proxy-connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length"}
_OF_THE_WAY = _HOP_BY_HOP | {"host", "x-forwarded-for", "cookie", "accept-encoding"}
PATIENCE = 60


@contextlib.contextmanager
def naming(address: str) -> Iterator[tuple[str, list[Request]]]:
    """The proxy's own address and what was asked through it, as it was sent."""
    asked: list[Request] = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self):
            target = urlsplit(self.path)
            path = f"{target.path or '/'}{'?' + target.query if target.query else ''}"
            told = dict(self.headers.items())
            kept = {name: value for name, value in told.items() if name.lower() not in _OF_THE_WAY}
            asked.append(Request(path, kept, self.command))
            passed = {name: value for name, value in told.items() if name.lower() not in _HOP_BY_HOP}
            chain = [*filter(None, [passed.pop("X-Forwarded-For", "")]), address]
            passed["X-Forwarded-For"] = ", ".join(chain)
            upstream = http.client.HTTPConnection(target.netloc, timeout=PATIENCE)
            with contextlib.closing(upstream):
                length = int(self.headers.get("Content-Length") or 0)
                upstream.request(self.command, path, body=self.rfile.read(length) or None, headers=passed)
                answer = upstream.getresponse()
                body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body if self.command != "HEAD" else b"")

        do_GET = do_HEAD = do_POST = _pass_on  # noqa: N815

        def log_message(self, *_):
            pass

    with serving(Proxy) as port:
        yield f"http://127.0.0.1:{port}", asked


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A browser that is closed lets go of what it asked for."""


@contextlib.contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
