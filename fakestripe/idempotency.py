"""
The first answer to a key is the answer to all later requests with it: https://docs.stripe.com/api/idempotent_requests.
Kept for a day by the stand-in's clock, errors too; only a request that was refused before anything began leaves its key
unspent.
"""

import hashlib

from fakestripe.errors import Refused
from fakestripe.months import DAY
from fakestripe.store import Row
from fakestripe.web import Answer, Request

KIND = "idempotency"
LONGEST_KEY = 255


def replayed(engine, request: Request, key: str) -> Answer | None:
    """The answer of the first time. Raises Refused when the key came with another request."""
    if len(key) > LONGEST_KEY:
        raise Refused(f"An idempotency key has at most {LONGEST_KEY} characters.", executed=False)
    known: Row | None = engine.store.rows[KIND].get(key)
    if known is None or abs(engine.now() - known["at"]) > DAY:
        return None
    if known["print"] != _print(request):
        raise Refused(
            "Keys for idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
            executed=False,
        )
    headers = {"Idempotent-Replayed": "true", "Original-Request": known["request"]}
    return Answer(known["status"], known["body"].encode(), headers=headers)


def remember(engine, request: Request, key: str, answer: Answer) -> None:
    row = {
        "at": engine.now(),
        "print": _print(request),
        "request": engine.asked["id"],
        "status": answer.status,
        "body": answer.body.decode(),
    }
    engine.store.add(KIND, row, key)


def _print(request: Request) -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
