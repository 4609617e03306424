"""The HTTP server: one thread per connection, everything through the engine's lock, on this machine only."""

import contextlib
import functools
import json
import socket
import sys
import threading
import time as machine
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from fakestripe import api, console, pages
from fakestripe.acts import time
from fakestripe.deliveries import Carrier
from fakestripe.engine import Engine, Options
from fakestripe.errors import Refused
from fakestripe.faults import Disturbance
from fakestripe.operator import doing, looking
from fakestripe.pages.layout import comes_from_elsewhere
from fakestripe.web import Answer, Request, json_answer

LARGEST_BODY = 1_000_000
_OPERATORS = [*doing.ROUTES, *looking.ROUTES]
_ROUTES = [*_OPERATORS, *pages.ROUTES, *console.ROUTES]


class Server:
    """A stand-in that runs, in threads of this process."""

    def __init__(self, options: Options, port: int = 0):
        self._http = _Http(("127.0.0.1", port), _Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self.engine = Engine(options, self.address)
        self._http.engine = self.engine
        self._is_over = threading.Event()
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        self._carriers = [Carrier(self.engine) for _ in range(options.carriers if options.webhook_url else 0)]

    def start(self) -> "Server":
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        self._ticking.start()
        for carrier in self._carriers:
            carrier.start()
        return self

    def stop(self) -> None:
        self._is_over.set()
        for carrier in self._carriers:
            carrier.stop()
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()
        self._ticking.join()
        with self.engine.acting():
            pass
        with self.engine.lock:
            self.engine.store.close()

    def _tick(self) -> None:
        while not self._is_over.wait(1):
            with self.engine.acting():
                time.catch_up(self.engine)


class _Http(ThreadingHTTPServer):
    """Remembers its connections, so that none that is kept open outlives it."""

    daemon_threads = True
    request_queue_size = 128
    engine: Engine

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._open: set[socket.socket] = set()

    def process_request(self, request, client_address) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:
        """Somebody who was killed in the middle of asking is no mistake of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Http

    def do_GET(self) -> None:  # noqa: N802
        self._serve()

    do_POST = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *arguments) -> None:
        """Nothing: what was asked can be seen at `/_fake/requests`."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self._send(json_answer({"error": {"message": "Too large."}}, 413))
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, self.rfile.read(length), headers)
        if request.path.startswith("/v1/"):
            self._serve_api(request)
        else:
            self._send(_answer(self.server.engine, request))

    def _serve_api(self, request: Request) -> None:
        engine = self.server.engine
        with engine.lock:
            disturbance = engine.faults.of_next_request()
        if disturbance.refuse:
            self.close_connection = True
            return
        answer = _disturbed(disturbance) or _safely(lambda: api.answer(engine, request))
        machine.sleep(disturbance.hang_seconds)
        if disturbance.lose_answer:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            self.wfile.flush()
        except OSError:  # whoever asked is gone
            self.close_connection = True


def _disturbed(disturbance: Disturbance) -> Answer | None:
    if not disturbance.status:
        return None
    error = {"type": "api_error", "message": "The stand-in was told to fail."}
    if disturbance.status == 429:
        error.update(type="invalid_request_error", code="rate_limit")
    return json_answer({"error": error}, disturbance.status)


def _answer(engine: Engine, request: Request) -> Answer:
    for route in _ROUTES:
        parts = route.parts(request.path) if route.method == request.method else None
        if parts is not None and route in _OPERATORS and request.method == "POST" and comes_from_elsewhere(request):
            return json_answer({"error": {"message": "Another site's page sent this."}}, 403)
        if parts is not None:
            return _safely(functools.partial(_act, engine, request, route, parts))
    return json_answer({"error": {"message": f"Nothing is at {request.path}."}}, 404)


def _act(engine: Engine, request: Request, route, parts: dict[str, str]) -> Answer:
    with engine.acting():
        time.catch_up(engine)
        try:
            return route.function(engine, request, **parts)
        except Refused as refused:
            return json_answer(refused.body(), refused.status)


def _safely(act) -> Answer:
    """A mistake of the stand-in's own is told on its standard error, and answered as Stripe's would be."""
    try:
        return act()
    except Exception as trouble:
        traceback.print_exc(file=sys.stderr)
        words = json.dumps(f"{type(trouble).__name__}: {trouble}")
        return json_answer({"error": {"type": "api_error", "message": f"The stand-in failed: {words}"}}, 500)
