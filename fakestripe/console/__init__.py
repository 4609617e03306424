"""The operator's page: the date, and everything that the world outside may do to a payment, as buttons."""

import pathlib

from fakestripe.console import desk
from fakestripe.web import Answer, Request, Route, file


def style(engine, request: Request) -> Answer:
    return file(pathlib.Path(__file__).with_name("console.css").read_bytes(), "text/css; charset=utf-8")


ROUTES = [
    Route("GET", "/", desk.show),
    Route("GET", desk.STYLE, style),
    Route("POST", "/console/<kind>/<key>", desk.do),
]
