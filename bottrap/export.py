"""Bans in the words of the front server, which can refuse before a request reaches us."""

import contextlib
import secrets
from pathlib import Path

from bottrap.models import Ban


def nginx_lines() -> str:
    """For an `include` in an nginx server: one `deny` for each ban that holds now. Make it anew often."""
    return _lines("deny {network};")


def geo_lines() -> str:
    """For an `include` in nginx's `geo`, as the configuration in `deploy/nginx` has it."""
    return _lines("{network} 1;")


def write(file: Path) -> bool:
    """
    Puts the list in place whole, so that nginx never reads half of one. False when it says the same as before and was
    left alone: then there is nothing to reload.
    """
    lines = geo_lines()
    with contextlib.suppress(FileNotFoundError):
        if file.read_text() == lines:
            return False
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_text(lines)
        unfinished.chmod(0o644)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def _lines(form: str) -> str:
    active = Ban.objects.active().order_by("network")
    return "".join(
        f"{form.format(network=ban.network)}  # until {ban.expires_at:%Y-%m-%d %H:%M} UTC\n" for ban in active
    )
