"""
The WSGI callable in front of Django that refuses banned addresses before anything costly happens. It fails open:
whatever goes wrong here lets the visitor through and says so in the log.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from django.conf import settings

from bottrap import networks, refusal
from bottrap.paths import LIFT
from bottrap.roll import Roll, until
from foundation import remote_addr
from foundation.headers import standard_headers

logger = logging.getLogger(__name__)

Application = Callable[[dict, Callable], Iterable[bytes]]

# Whoever is banned still reaches what must never be closed, and what the refusal itself needs.
OPEN = (LIFT, "/robots.txt", "/.well-known/", "/health", "/favicon.ico", "/static/")
FEEDS = re.compile(r"/(?:feed|atom)/?\Z")


def guard(application: Application, *, never_closed: Collection[str] = ()) -> Application:
    """`never_closed` are beginnings of paths of other apps, beside those of our own."""
    roll = Roll()
    doors = (*OPEN, *never_closed)

    def front(environ: dict, start_response: Callable) -> Iterable[bytes]:
        answer = None
        # Whatever it is: a trap that cannot be asked must not be what closes the site.
        try:
            end = _banned_until(roll, environ, doors)
            if end is not None:
                answer = refusal.page(end).encode()
        except Exception:
            logger.exception("The trap cannot tell who is banned and lets everybody through")
        if answer is None:
            return application(environ, start_response)
        start_response("403 Forbidden", [*_headers(), ("Content-Length", str(len(answer)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer]

    return front


def _banned_until(roll: Roll, environ: dict, doors: tuple[str, ...]) -> float | None:
    """Nearly nobody is banned, so what only the banned need to be asked comes last."""
    ends = roll.ends()
    if not ends:
        return None
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    network = _network(environ.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXY_COUNT)
    end = until(ends, network) if network else None
    if end is None:
        return None
    path = environ.get("PATH_INFO", "")
    return None if path.startswith(doors) or FEEDS.search(path) else end


@lru_cache(maxsize=4096)
def _network(peer: str, forwarded: str, proxies: int) -> str:
    """Whoever reads one page reads others."""
    address = remote_addr.pick(peer, forwarded, proxies)
    return networks.of_client(address) if address else ""


def _headers() -> list[tuple[str, str]]:
    """What Django's middleware would have put on the answer, and that nobody may keep it for others."""
    return [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Robots-Tag", "noindex"),
        *standard_headers(),
    ]
