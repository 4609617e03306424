"""Who is never banned, whatever was done from there: addresses that stand for many, for us, or for good crawlers."""

from django.conf import settings

from bottrap import networks
from bottrap.models import PublishedRange
from foundation import outbound, remote_addr


def reason(address: str, network: str) -> str:
    """Why this address is not banned, or an empty string."""
    if not outbound.is_public(address):
        return "not an address of the open internet"
    if networks.overlap(network, settings.TRAP_NEVER_BAN):
        return "on the list of TRAP_NEVER_BAN"
    found = PublishedRange.objects.filter(network__in=networks.around(address)).first()
    return f"in the published ranges of {found.feed}" if found else ""


def is_a_proxy(address: str, *, peer: str, forwarded: str) -> bool:
    """
    Whether the address is that of one of our own proxies: they told too little, or a check of their own came by. The
    visitor must stand further away than each of them.
    """
    nearer = range(settings.TRUSTED_PROXY_COUNT)
    return any(remote_addr.pick(peer, forwarded, hops) == address for hops in nearer)
