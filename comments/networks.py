"""
Where a comment came from, kept so that equal addresses can be seen to be equal and nothing else: keyed digests of the
address and of its neighbourhood, for a set time. The address itself is in no row of a comment.
"""

import datetime as dt
import ipaddress

from django.conf import settings
from django.utils.crypto import salted_hmac

from foundation import clock, remote_addr


def neighbourhood(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one; empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.version == 4:
        return str(ipaddress.IPv4Network((int(parsed), 24), strict=False))
    return str(ipaddress.IPv6Network((int(parsed), 48), strict=False))


def digests(address: str) -> tuple[str, str, dt.datetime | None]:
    """What a comment keeps: of the address (its /64 in IPv6), of its neighbourhood, and until when."""
    around = neighbourhood(address)
    days = settings.COMMENT_NETWORKS_KEPT_DAYS
    if not around or days <= 0:
        return "", "", None
    return (
        _digest(remote_addr.network(address)),
        _digest(around),
        clock.now() + dt.timedelta(days=days),
    )


def _digest(network: str) -> str:
    return salted_hmac("comments.networks", network, algorithm="sha256").hexdigest()
