"""One request to `/v1`, from its key to its answer: https://docs.stripe.com/api/authentication and beside it."""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

from fakestripe import API_VERSION, expansion, fields, idempotency, identity
from fakestripe.acts import time
from fakestripe.errors import Refused
from fakestripe.resources import account, billing, catalogue, checkout, money, people
from fakestripe.resources.endpoint import Endpoint
from fakestripe.web import Answer, Request, json_answer

ENDPOINTS: list[Endpoint] = [
    endpoint for module in (people, catalogue, checkout, billing, money, account) for endpoint in module.ENDPOINTS
]


def answer(engine, request: Request) -> Answer:
    request_id = identity.new("request")
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    with engine.acting(request_id, key):
        time.catch_up(engine)
        try:
            made = _answer(engine, request, key)
        except Refused as refused:
            made = json_answer(refused.body(), refused.status)
            if key and refused.executed:
                idempotency.remember(engine, request, key, made)
        _log(engine, request, made)
    headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION, **made.headers}
    if key:
        headers["Idempotency-Key"] = key
    return Answer(made.status, made.body, made.content_type, headers)


def _answer(engine, request: Request, key: str | None) -> Answer:
    _refuse_strangers(engine, request)
    endpoint, parts = _endpoint(request)
    earlier = idempotency.replayed(engine, request, key) if key else None
    if earlier:
        return earlier
    asked = fields.read(endpoint.schema, request.parameters)
    paths = asked.get("expand", [])
    found = endpoint.function(engine, asked, **parts)
    made = json_answer(expansion.expanded(engine, found, paths))
    if key:
        idempotency.remember(engine, request, key, made)
    return made


def _refuse_strangers(engine, request: Request) -> None:
    given = _key_of(request.headers.get("authorization", ""))
    if not hmac.compare_digest(given.encode(), engine.options.key.encode()):
        words = "Invalid API Key provided." if given else "You did not provide an API key."
        raise Refused(words, status=401, executed=False)
    version = request.headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise Refused(f"The stand-in speaks {API_VERSION} and not {version}.", executed=False)


def _key_of(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return value
    try:
        return b64decode(value).decode().partition(":")[0]
    except (NotBase64, UnicodeDecodeError):
        return ""


def _endpoint(request: Request) -> tuple[Endpoint, dict[str, str]]:
    for endpoint in ENDPOINTS:
        parts = endpoint.parts(request.path) if endpoint.method == request.method else None
        if parts is not None:
            return endpoint, parts
    raise Refused(f"Unrecognized request URL ({request.method}: {request.path}).", status=404, executed=False)


def _log(engine, request: Request, made: Answer) -> None:
    """For `/_fake/requests`, which the contract test reads."""
    try:
        parameters = request.parameters
    except Refused:
        parameters = {}
    asked: dict[str, Any] = {
        "method": request.method,
        "path": request.path,
        "parameters": parameters,
        "idempotency_key": request.headers.get("idempotency-key"),
        "status": made.status,
    }
    engine.remember_request(asked)
