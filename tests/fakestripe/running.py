"""
A stand-in that runs for a test: in a thread of its process, on a free port, in memory unless a file is given.

`stand_in` is for tests that carry the webhooks themselves, by `stand_in.take_deliveries(client)`; `carrying_stand_in`
delivers them over HTTP to pytest-django's live server. Both set the site's settings, and hold what was said
and asked to the contract when the test is over.
"""

import base64
import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from fakestripe.engine import Options
from fakestripe.serving import Server
from tests.fakestripe.holding import breaches

KEY = "sk_test_of_the_tests"
SECRET = "whsec_of_the_tests"
WEBHOOK = "/support/stripe/webhook/"


class Refusal(Exception):
    """The stand-in answered with an error; `.error` is Stripe's error object."""

    def __init__(self, status: int, error: dict[str, Any]):
        super().__init__(f"{status} {error.get('code', '')}: {error.get('message')}")
        self.status, self.error = status, error


class StandIn:
    """A context: `with StandIn(clock_file) as stand_in`. `webhook_url` makes it deliver by itself."""

    def __init__(self, clock_file: Path | None = None, *, state: Path | None = None, webhook_url: str = ""):
        options = Options(KEY, state, clock_file, webhook_url, SECRET)
        self.server = Server(options)
        self.engine, self.address = self.server.engine, self.server.address
        self.clock_file = clock_file

    def __enter__(self) -> "StandIn":
        self.server.start()
        return self

    def __exit__(self, *_) -> None:
        self.server.stop()

    def do(self, path: str, **fields: Any) -> Any:
        """An operator's act, e.g. `do("clock", advance=86400)`. Raises Refusal."""
        return self._ask(path, json.dumps(fields).encode())

    def see(self, path: str) -> Any:
        """What the operator may see: "rows", "events", "requests", "deliveries", "clock", "faults"."""
        return self._ask(path, None)

    def now(self) -> int:
        return self.see("clock")["now"]

    def take_deliveries(self, client, path: str = WEBHOOK) -> list[tuple[str, int]]:
        """
        Posts every signed request that is ready through Django's test client, in the queue's order, and reports the
        answers. Returns pairs of the event's type and the status; what was refused waits for its next try.
        """
        answered = []
        while parcels := self.do("deliveries/take", limit=100):
            for parcel in parcels:
                body = base64.b64decode(parcel["body"])
                headers = {"Stripe-Signature": parcel["signature"]}
                answer = client.post(path, data=body, content_type="application/json", headers=headers)
                self.do("deliveries/report", **{str(parcel["number"]): answer.status_code})
                answered.append((json.loads(body)["type"], answer.status_code))
        return answered

    def wait_until_delivered(self, seconds: float = 60) -> None:
        """Until nothing waits any more. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while self.see("deliveries")["waiting"]:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.see('deliveries')['waiting']} deliveries still wait")
            time.sleep(0.02)

    def _ask(self, path: str, body: bytes | None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/_fake/{path}", data=body, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise Refusal(refusal.code, json.loads(refusal.read())["error"]) from None


def point_site_at(settings, stand_in: StandIn) -> None:
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    settings.STRIPE_API_BASE = stand_in.address
    settings.STRIPE_SITE = "testserver"
    settings.DEMO_CLOCK_FILE = str(stand_in.clock_file)


@pytest.fixture
def stand_in(settings, tmp_path):
    with StandIn(tmp_path / "clock.json") as running:
        point_site_at(settings, running)
        yield running
        assert breaches(running) == []


@pytest.fixture
def carrying_stand_in(settings, tmp_path, live_server):
    with StandIn(tmp_path / "clock.json", webhook_url=live_server.url + WEBHOOK) as running:
        point_site_at(settings, running)
        yield running
        assert breaches(running) == []
