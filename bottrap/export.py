"""Bans in the words of the front server, which can refuse before a request reaches us."""

from bottrap.models import Ban


def nginx_lines() -> str:
    """For an `include` in an nginx server: one `deny` for each ban that holds now. Make it anew often."""
    active = Ban.objects.active().order_by("network")
    return "".join(f"deny {ban.network};  # until {ban.expires_at:%Y-%m-%d %H:%M} UTC\n" for ban in active)
