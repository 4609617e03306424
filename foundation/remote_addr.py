"""Whose request this is, when proxies stand between: what they wrote is believed, what the visitor wrote is not."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """
    The visitor's IP address in its shortest form, behind as many proxies as TRUSTED_PROXY_COUNT says. Empty when the
    server was reached by a socket without an address and no proxy told one.
    """
    peer, told = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    return pick(peer, told, settings.TRUSTED_PROXY_COUNT)


def pick(peer: str, forwarded: str, proxies: int) -> str:
    """
    Each proxy appends to X-Forwarded-For who called it, so the visitor stands `proxies` places left of the peer;
    whatever is further left the visitor may have invented. A chain that is shorter than expected ends with its
    leftmost hop, and a hop that is no address with the nearest one right of it.
    """
    told = forwarded.split(",") if forwarded.strip() else []
    found = _parse(peer)
    for hop in reversed(told[-proxies:] if proxies else []):
        address = _parse(hop)
        if address is None:
            break
        found = address
    return str(found or "")


def network(address: str) -> str:
    """
    What one visitor commands: the address itself in IPv4, its /64 in IPv6. For counters, since whoever has one IPv6
    address has them by the billion. Text that is no address comes back as it is.
    """
    parsed = _parse(address)
    if parsed is None or parsed.version == 4:
        return address if parsed is None else str(parsed)
    return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))


def _parse(hop: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Understands ports, brackets and zones, and IPv4 in the clothes of IPv6."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
