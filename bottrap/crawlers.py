"""
Is this really the search engine it claims to be? Whoever says so is asked for proof before a ban, by background work:
the address's name must lie in the maker's domain and lead back to the address. No answer means no ban.
"""

from dataclasses import dataclass

from django.core.cache import cache

from bottrap.models import PublishedRange
from foundation import outbound_dns

# What was found out is kept for a day; that there was no answer is not kept.
_KEPT_FOR = 24 * 60 * 60
# Of an address. Genuine ones have one; what is beyond was written by whoever wants us to ask on.
MOST_NAMES = 10


@dataclass(frozen=True)
class Claim:
    """`domains` are those of its maker's names; a crawler without any is known by its published ranges alone."""

    name: str
    domains: tuple[str, ...] = ()
    feed: str = ""


CLAIMS = (
    Claim("googlebot", ("googlebot.com", "google.com"), "google"),
    Claim("adsbot-google", ("googlebot.com", "google.com"), "google-special"),
    Claim("mediapartners-google", ("googlebot.com", "google.com"), "google-special"),
    Claim("google-inspectiontool", ("googlebot.com", "google.com"), "google"),
    Claim("storebot-google", ("googlebot.com", "google.com"), "google"),
    Claim("googleother", ("googlebot.com", "google.com"), "google"),
    Claim("bingbot", ("search.msn.com",), "bing"),
    Claim("bingpreview", ("search.msn.com",), "bing"),
    Claim("msnbot", ("search.msn.com",), "bing"),
    Claim("adidxbot", ("search.msn.com",), "bing"),
    Claim("applebot", ("applebot.apple.com",), "apple"),
    Claim("yandex", ("yandex.ru", "yandex.net", "yandex.com")),
    Claim("baiduspider", ("baidu.com", "baidu.jp")),
    Claim("seznambot", ("seznam.cz",)),
    Claim("duckduckbot", feed="duckduckgo"),
)


def claimed(agent: str) -> Claim | None:
    """Which well-known crawler the User-Agent names, if any."""
    folded = agent.casefold()
    return next((claim for claim in CLAIMS if claim.name in folded), None)


def is_genuine(address: str, claim: Claim) -> bool | None:
    """None when it cannot be told: the resolver failed, or no ranges were fetched. Never ask while a reader waits."""
    key = f"bottrap:crawler:{claim.name}:{address}"
    known = cache.get(key)
    if known is None:
        known = _by_name(address, claim) if claim.domains else _by_ranges(claim)
        if known is not None:
            cache.set(key, known, timeout=_KEPT_FOR)
    return known


def _by_name(address: str, claim: Claim) -> bool | None:
    try:
        names = [name for name in outbound_dns.names_of(address) if _lies_in(name, claim.domains)]
        return any(address in outbound_dns.addresses_of(name) for name in names[:MOST_NAMES])
    except outbound_dns.NoAnswer:
        return None


def _lies_in(name: str, domains: tuple[str, ...]) -> bool:
    return any(name.endswith(f".{domain}") for domain in domains)


def _by_ranges(claim: Claim) -> bool | None:
    """Only asked of an address that lies in no published range."""
    return False if PublishedRange.objects.filter(feed=claim.feed).exists() else None
