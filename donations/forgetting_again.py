"""Backers who were forgotten, for the list beside the backups; and forgetting them once more in a restored copy."""

from collections.abc import Iterator

from donations import forgetting
from donations.models import Backer, BackerKey


def listed() -> Iterator[str]:
    keys = BackerKey.objects.exclude(backer__forgotten_at=None).order_by("email_hash")
    for livemode, digest in keys.values_list("livemode", "email_hash"):
        yield f"{'live' if livemode else 'test'} {digest}"


def again(keys: list[str]) -> list[str]:
    """The customer at Stripe is gone already, which is no trouble. Answers with what could not be done."""
    troubles = []
    known = Backer.objects.filter(forgotten_at=None).distinct()
    for key in keys:
        mode, _, digest = key.partition(" ")
        for backer in known.filter(keys__email_hash=digest, keys__livemode=mode == "live"):
            try:
                forgetting.forget(backer)
            except forgetting.NotForgotten as trouble:
                troubles.append(f"Backer {backer.pk}: {trouble}")
    return troubles
