"""Requests, answers and routes, as the endpoints, the operator's desk and the hosted pages use them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fakestripe import forms


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query_text: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(forms.pairs_of(self.query_text))

    @cached_property
    def form(self) -> dict[str, str]:
        return dict(forms.pairs_of(self.body.decode(errors="replace")))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Nested, from the address or the body, as Stripe's own endpoints are asked."""
        source = self.body.decode(errors="replace") if self.method == "POST" else self.query_text
        return forms.decode(forms.pairs_of(source))

    @cached_property
    def fields(self) -> dict[str, Any]:
        """What the operator sends: JSON."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), headers=names)


def html(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(), "text/html; charset=utf-8")


def redirect(address: str) -> Answer:
    return Answer(303, b"", "text/plain", {"Location": address})


def file(data: bytes, content_type: str) -> Answer:
    return Answer(200, data, content_type)


class Route:
    """`function(engine, request, **parts)` for a method and a path like `/pay/<session_id>`."""

    def __init__(self, method: str, path: str, function: Callable[..., Answer]):
        self.method, self.path, self.function = method, path, function
        self._pattern = re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path))

    def parts(self, path: str) -> dict[str, str] | None:
        match = self._pattern.fullmatch(path)
        return match.groupdict() if match else None
