"""
The stand-in for Stripe as its operator has it: its clock, its shoppers, its faults, and its dashboard, which is asked
with the site's own key. HTTP, nothing else.
"""

import datetime as dt
import json
import urllib.parse
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 120


class StandIn:
    def __init__(self, address: str, key: str = ""):
        self.address = address.rstrip("/")
        self.key = key

    def do(self, path: str, **fields: Any) -> Any:
        """POSTs to an operator's address; raises urllib.error.HTTPError with the stand-in's words."""
        return self._ask(f"/_fake/{path}", json.dumps(fields).encode(), {"Content-Type": "application/json"})

    def see(self, path: str) -> Any:
        return self._ask(f"/_fake/{path}", None, {})

    def move_clock(self, to: dt.datetime) -> None:
        self.do("clock", to=int(to.timestamp()))

    def complete(self, session: str, *, card: str, email: str, name: str) -> Any:
        """Fills the payment page as a person would."""
        return self.do(f"checkout/{session}/complete", card=card, email=email, name=name)

    def change(self, path: str, **parameters: str) -> Any:
        """What a person does in Stripe's dashboard: a POST below /v1/. Nested names are written `a[b]`."""
        return self._ask(f"/v1/{path}", urllib.parse.urlencode(parameters).encode(), self._key())

    def find(self, path: str, **parameters: str) -> Any:
        """A GET below /v1/."""
        return self._ask(f"/v1/{path}?{urllib.parse.urlencode(parameters)}", None, self._key())

    def delete(self, path: str) -> Any:
        return self._ask(f"/v1/{path}", None, self._key(), method="DELETE")

    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _ask(self, path: str, body: bytes | None, headers: dict[str, str], method: str | None = None) -> Any:
        # The address is the demo's own, on this machine.
        request = urllib.request.Request(f"{self.address}{path}", data=body, headers=headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
