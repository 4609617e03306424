"""What a ban covers, as text that is the same however an address was written. No database, no request."""

import ipaddress
from collections.abc import Iterable

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def of_client(address: str) -> str:
    """
    The one IPv4 address or the /64 around an IPv6 address, since whoever has one of those has them all. Raises
    ValueError for text that is no address.
    """
    parsed = ipaddress.ip_address(address.strip())
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.version == 4:
        return str(ipaddress.IPv4Network(int(parsed)))
    return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))


def around(address: str) -> list[str]:
    """Every network that the address lies in, up to the whole internet: what may stand in an indexed column."""
    parsed = ipaddress.ip_address(address)
    kind = ipaddress.IPv4Network if parsed.version == 4 else ipaddress.IPv6Network
    return [str(kind((int(parsed), length), strict=False)) for length in range(parsed.max_prefixlen + 1)]


def parse(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def overlap(network: str, others: Iterable[str]) -> bool:
    """Whether the network shares an address with one of the others; what is no network is passed over."""
    ours = ipaddress.ip_network(network)
    return any(theirs.version == ours.version and theirs.overlaps(ours) for text in others if (theirs := parse(text)))
