"""Backers who were forgotten, for the list beside the backups; and forgetting them once more in a restored copy."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from donations import forgetting
from donations.models import Backer, BackerKey


def listed() -> Iterator[str]:
    """Which money, the keyed hash of an address, and when: whoever gives again after that is known again."""
    keys = BackerKey.objects.exclude(backer__forgotten_at=None).order_by("email_hash")
    for livemode, digest, moment in keys.values_list("livemode", "email_hash", "backer__forgotten_at"):
        yield f"{'live' if livemode else 'test'} {digest} {int(moment.timestamp())}"


def again(keys: list[str]) -> list[str]:
    """The customer at Stripe is gone already, which is no trouble. Answers with what could not be done."""
    troubles = []
    for key in keys:
        mode, digest, seconds = key.split(" ")
        moment = dt.datetime.fromtimestamp(int(seconds), dt.UTC)
        known = Backer.objects.filter(keys__email_hash=digest, keys__livemode=mode == "live", forgotten_at=None)
        for backer in known.exclude(_gave_after(moment)).distinct():
            try:
                forgetting.forget(backer)
            except forgetting.NotForgotten as trouble:
                troubles.append(f"Backer {backer.pk}: {trouble}")
            else:
                # Of that day and not of this one, or a pledge made since would be taken for an old one and ended.
                Backer.objects.filter(pk=backer.pk).update(forgotten_at=moment)
    return troubles


def _gave_after(moment: dt.datetime) -> Q:
    """Began something of their own after they were forgotten, and was known again by that."""
    anew = Backer.objects.filter(
        Q(pledges__started_at__gt=moment) | Q(payments__pledge=None, payments__succeeded_at__gt=moment)
    )
    return Q(pk__in=anew.values("pk"))
