"""
Networks that crawlers' makers and our payment service publish, fetched by a command and never written down here. A list
that cannot be had, or holds nonsense, changes nothing: what was known stays.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.db import transaction

from bottrap import networks
from bottrap.models import PublishedRange
from foundation import clock, outbound

logger = logging.getLogger(__name__)

KINDS = {"application/json", "text/plain", "text/json", "application/octet-stream", "binary/octet-stream"}
TIME_LIMIT, SIZE_LIMIT = 15.0, 2 * 1024 * 1024
# A list that claims more of the internet than that at once is taken for a mistake.
WIDEST = {4: 8, 6: 19}
MOST = 20_000


class Unusable(Exception):
    """The list holds nothing that could be believed."""


def update(feeds: Mapping[str, str], *, local_origin: str | None = None) -> dict[str, str]:
    """Fetches every list and drops those no longer configured. Returns what happened to each, in words."""
    told = {}
    for feed, url in feeds.items():
        try:
            answer = outbound.get(
                url,
                hosts=[urlsplit(url).hostname or ""],
                content_types=KINDS,
                local_origin=local_origin,
                time_limit=TIME_LIMIT,
                size_limit=SIZE_LIMIT,
            )
            told[feed] = f"{_keep(feed, parse(answer.body))} networks"
        except (outbound.OutboundError, Unusable) as error:
            logger.warning("The ranges of %s were not renewed, because %s", feed, error)
            told[feed] = f"not renewed, because {error}"
    PublishedRange.objects.exclude(feed__in=feeds).delete()
    return told


def parse(body: bytes) -> set[str]:
    """Every network named in a JSON document or a plain list, whatever its keys. Raises Unusable."""
    try:
        text = body.decode()
        words = list(_strings(json.loads(text))) if text.lstrip()[:1] in ("{", "[") else _lines(text)
    except (ValueError, RecursionError) as error:
        raise Unusable("it is neither JSON nor a list") from error
    found = {network for word in words if "." in word or ":" in word if (network := networks.parse(word))}
    if not found or len(found) > MOST:
        raise Unusable(f"it names {len(found)} networks")
    for network in found:
        if network.prefixlen < WIDEST[network.version] or not network.is_global:
            raise Unusable(f"it claims {network}")
    return {str(network) for network in found}


def _lines(text: str) -> list[str]:
    return [line.partition("#")[0].strip() for line in text.splitlines()]


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _keep(feed: str, found: set[str]) -> int:
    moment = clock.real_now()
    with transaction.atomic():
        PublishedRange.objects.filter(feed=feed).delete()
        PublishedRange.objects.bulk_create(
            PublishedRange(feed=feed, network=network, fetched_at=moment) for network in sorted(found)
        )
    return len(found)
