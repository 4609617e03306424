"""
How a line of the log is written: for people, or as one JSON object per line for a machine that collects them. Each
names the request it belongs to. Addresses that open somebody's pages are told without the part that opens them.
"""

import datetime as dt
import json
import logging
import re

from foundation import request_ids

# What follows one of these is a signed token. The front server's log cuts at the same places (deploy/nginx).
PRIVATE = (
    "/comments/confirm/",
    "/comments/letters/",
    "/comments/mine/erase/",
    "/comments/moderate/",
    "/do-not-follow/",
    "/preview/",
    "/support/letters/",
    "/support/manage/",
    "/trap-letters/",
)
_PRIVATE = re.compile("(" + "|".join(PRIVATE) + r")[^\s\"'?]+")


def without_tokens(text: str) -> str:
    return _PRIVATE.sub(r"\1…", text)


class Line(logging.Formatter):
    """For people: when, how bad, where, what, and the request in brackets."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        mark = f" [{request_ids.current()}]" if request_ids.current() else ""
        return without_tokens(super().formatMessage(record)) + mark


class Json(logging.Formatter):
    """One object per line; a traceback is a text within it."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_tokens(record.getMessage()),
            "request_id": request_ids.current(),
            "process": record.process,
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in told.items() if value != ""}, ensure_ascii=False)
