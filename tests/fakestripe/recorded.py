"""The real SDK, with a note of everything that was answered to it."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import stripe


@dataclass(frozen=True)
class Answered:
    method: str
    path: str
    status: int
    body: dict


class RecordingClient(stripe.RequestsClient):
    """Sends as the SDK's own client does."""

    def __init__(self, **options):
        super().__init__(**options)
        self.seen: list[Answered] = []

    def request(self, method, url, headers, post_data=None):
        content, status, answered = super().request(method, url, headers, post_data)
        self.seen.append(Answered(method.upper(), urlsplit(url).path, status, json.loads(content)))
        return content, status, answered


def client(address: str, key: str) -> tuple[stripe.StripeClient, RecordingClient]:
    recording = RecordingClient(timeout=20)
    return stripe.StripeClient(key, base_addresses={"api": address}, http_client=recording), recording
