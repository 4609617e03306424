"""The verbs: ban, lift. Each tells every process. Whether somebody should be banned is decided in `verdicts`."""

import datetime as dt

from django.db import transaction

from bottrap import roll
from bottrap.models import Ban
from foundation import clock

TERMS = (dt.timedelta(hours=1), dt.timedelta(hours=24), dt.timedelta(days=7), dt.timedelta(days=30))
MOST = 10_000  # bans at one time
LONGEST_REASON = 200


def term(times: int) -> dt.timedelta:
    """Longer with every repetition."""
    return TERMS[min(max(times, 1), len(TERMS)) - 1]


def ban(
    network: str, *, reason: str, evidence: str = "", source: str = Ban.Source.TRAP, lasts: dt.timedelta | None = None
) -> Ban:
    """
    Bans the network anew, or for longer if it was banned before. `network` is as `networks.of_client` writes it. A ban
    that still holds is not made shorter.
    """
    moment = clock.now()
    with transaction.atomic():
        made, is_new = Ban.objects.select_for_update().get_or_create(
            network=network,
            defaults={"reason": reason[:LONGEST_REASON], "banned_at": moment, "expires_at": moment},
        )
        holds = not is_new and not made.lifted and made.expires_at > moment
        made.times += 0 if is_new or holds else 1
        end = moment + (lasts or term(made.times))
        made.expires_at = max(end, made.expires_at) if holds else end
        made.banned_at = made.banned_at if holds else moment
        made.reason, made.evidence, made.source = reason[:LONGEST_REASON], evidence, source
        made.lifted, made.lifted_at = Ban.Lifted.NO, None
        made.save()
        roll.changed()
    return made


def lift(network: str, *, by: str) -> bool:
    """False when there was nothing to lift. A mistake that staff take back does not count as a repetition."""
    with transaction.atomic():
        held = Ban.objects.select_for_update().active().filter(network=network).first()
        if held is None:
            return False
        held.lifted, held.lifted_at = by, clock.now()
        if by == Ban.Lifted.STAFF:
            held.times = max(held.times - 1, 0)
        held.save(update_fields=["lifted", "lifted_at", "times"])
        roll.changed()
    return True


def table_is_full() -> bool:
    return Ban.objects.active().count() >= MOST
