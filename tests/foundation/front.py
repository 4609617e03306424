"""Asks a plain WSGI callable, as a server does."""

from wsgiref.util import setup_testing_defaults


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the site"]


def ask(application, path: str = "/", **environ) -> tuple[str, dict[str, str], bytes]:
    told: dict = {"PATH_INFO": path, **environ}
    setup_testing_defaults(told)
    begun = []
    body = b"".join(application(told, lambda status, headers, error=None: begun.append((status, dict(headers)))))
    ((status, headers),) = begun
    return status, headers, body
