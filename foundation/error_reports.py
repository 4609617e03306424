"""
Errors told to a service that speaks Sentry's protocol, by setting. What is logged as an error is told: where in the
code, what kind, which request's name. No address of a page or a person, no header, form, cookie, row or value of a
variable: a reader's data stays on the site.
"""

import re

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.logging import LoggingIntegration

from foundation import logs, request_ids

KEPT = ("event_id", "timestamp", "level", "logger", "platform", "environment", "release", "sdk")
_EMAIL = re.compile(r"[^\s@<>\"'(=]+@[^\s@<>\"')]+")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])")
_ROW = re.compile(r"\b(?:DETAIL|CONTEXT|Failing row):?.*", re.DOTALL)  # PostgreSQL quotes what it refused
_FRAME = ("filename", "function", "module", "lineno", "in_app")


def begin() -> None:
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT or None,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level="ERROR")],
        before_send=without_persons,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        send_default_pii=False,
        server_name="",
        traces_sample_rate=None,
    )


def without_persons(event: dict, hint: dict) -> dict:
    """A new event of what may be told: what the SDK learns to collect tomorrow is not in it."""
    told = {name: event[name] for name in KEPT if name in event}
    if name := request_ids.current():
        told["tags"] = {"request_id": name}
    if entry := event.get("logentry"):
        # The words as they stand in the code, never what was put into them.
        told["logentry"] = {"message": cleaned(entry.get("message", ""))}
    if values := (event.get("exception") or {}).get("values"):
        told["exception"] = {"values": [_exception(value) for value in values]}
    return told


def cleaned(text: str) -> str:
    """Also of tokens in addresses of ours."""
    return _ROW.sub("…", _ADDRESS.sub("[address]", _EMAIL.sub("[e-mail]", logs.without_tokens(text))))


def _exception(value: dict) -> dict:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": cleaned(value.get("value") or ""),
        "stacktrace": {"frames": [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]},
    }
