"""What a browser, a payment service and a crowd of readers do, over HTTP."""

import gzip
import hashlib
import hmac
import http.client
import http.cookiejar
import itertools
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

import brotli
from lxml import html

from tests.articles.admin.forms import fields_of

SECRET = "whsec_of_the_system_test"
WEBHOOK = "/support/stripe/webhook/"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.headers["Content-Encoding"], bytes)
        return unpack(self.body).decode()


def ask(address: str, path: str = "/", *, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
    """One request on a connection of its own, redirects not followed."""
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=data, headers=named)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


class Browser:
    """Keeps its cookies and fills in forms."""

    def __init__(self, address: str):
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(f"{self.address}{path}"))

    def post(self, path: str, fields: dict) -> Answer:
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._open(urllib.request.Request(f"{self.address}{path}", data=data))

    def submit(self, path: str, form_id: str = "", button: str = "", **changes) -> Answer:
        """Opens the page and sends its form back as it is but for the changes."""
        fields = {**self.form(path, form_id), **changes}
        return self.post(path, {**fields, **({button: "1"} if button else {})})

    def form(self, path: str, form_id: str = "") -> dict[str, str | list[str]]:
        """What a browser would send of the page's form, buttons left out: of the one with that id, or that posts."""
        page = self.get(path)
        assert page.status == 200, page.status
        if form_id:
            return fields_of(_Page(page.body), form_id)
        (form,) = [form for form in html.fromstring(page.text).forms if form.method == "POST"]
        return {name: value or "" for name, value in form.fields.items()}

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=60) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())


@dataclass
class _Page:
    content: bytes


def event(number: int) -> tuple[bytes, dict[str, str]]:
    """An event that the site keeps and that nothing follows from, signed as Stripe signs it."""
    told = {
        "id": f"evt_{number:08d}",
        "object": "event",
        "type": "customer.created",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "data": {"object": {"id": f"cus_{number}", "object": "customer"}},
    }
    body = json.dumps(told).encode()
    stamp = int(time.time())
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe_Signature": f"t={stamp},v1={signature}", "Content_Type": "application/json"}


@dataclass
class Crowd:
    """Readers who ask without a pause, and a payment service that tells of events, until the block ends."""

    address: str
    pages: list[str]
    answers: list[tuple[str, int]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    kept: int = 0

    def __post_init__(self):
        self._over = threading.Event()
        self._numbers = itertools.count(int(time.time() * 1000))
        self._threads = [threading.Thread(target=self._read) for _ in range(4)]
        self._threads.append(threading.Thread(target=self._tell))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self) -> None:
        for number in itertools.count():
            if self._over.is_set():
                return
            page = self.pages[number % len(self.pages)].replace("*", str(number))
            self._note(page, lambda page=page: ask(self.address, page))

    def _tell(self) -> None:
        while not self._over.is_set():
            body, headers = event(next(self._numbers))
            options = {"method": "POST", "data": body, **headers}
            answer = self._note(WEBHOOK, lambda options=options: ask(self.address, WEBHOOK, **options))
            self.kept += bool(answer and answer.status == 200)

    def _note(self, page: str, question) -> Answer | None:
        try:
            answer = question()
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(f"{page}: {error!r}")
            return None
        self.answers.append((page, answer.status))
        if answer.status >= 500 or answer.status in (400, 429):
            self.failures.append(f"{page}: {answer.status}")
        return answer
