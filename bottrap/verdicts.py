"""
From a visit to a verdict. One visit never bans: a first link warns, the other link on the warning, followed by the same
client within ten minutes, is judged. So is another of the first links, unless a browser asks for it: somebody may open
all links of a page at once. Every decision is written down with its reason.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.tasks import task

from bottrap import bans, crawlers, networks, never, trap_links
from bottrap.models import Hit, TrapSettings
from foundation import clock, limits

WITHIN = dt.timedelta(minutes=10)
# More than so many different clients in that time are no robots but a mistake of ours, or somebody's attack.
MOST_AT_ONCE = 20
# Tripped, the breaker closes itself once nobody would have been banned for so long.
QUIET = dt.timedelta(hours=1)
# So many visits of one client are written down in that time; a robot that never tires must not fill the table.
MOST_WRITTEN = 30
AS_A_BROWSER = "as a browser asks"

Outcome = Hit.Outcome


@dataclass(frozen=True)
class Visit:
    """`step` is the link's number. `spared` and `uncounted` are reasons found in the request; empty without one."""

    address: str
    step: int
    agent: str
    uncounted: str = ""
    spared: str = ""
    is_browser: bool = False


def judge(visit: Visit, kept: TrapSettings) -> str:
    """The outcome, one of `Hit.Outcome`."""
    if not visit.address:
        return Outcome.IGNORED
    hit = _hit(visit)
    if visit.uncounted:
        return _write(hit, Outcome.IGNORED, visit.uncounted)
    if visit.step != trap_links.SECOND:
        # Written before the others are looked for: of two at once, at least one sees the other.
        _write(hit, Outcome.FIRST, AS_A_BROWSER if visit.is_browser else "")
        if visit.is_browser or not _followed_another(hit):
            return Outcome.FIRST
    elif not _was_warned(hit.network):
        return _write(hit, Outcome.ALONE)
    spared = visit.spared or never.reason(visit.address, hit.network)
    if spared:
        return _write(hit, Outcome.SPARED, spared)
    claim = crawlers.claimed(visit.agent)
    if claim is not None:
        return _ask_for_proof(hit, claim)
    if not limits.hit("bottrap.judged", hit.network, limit=MOST_WRITTEN, window=WITHIN):
        return Outcome.IGNORED
    return _sentence(hit, "followed two links of the trap")


def _was_warned(network: str) -> bool:
    return Hit.objects.of(network).since(clock.real_now() - WITHIN).filter(outcome=Outcome.FIRST).exists()


def _followed_another(hit: Hit) -> bool:
    """Another of the first links, and not as a browser does. The links of two days are no two links."""
    recent = Hit.objects.of(hit.network).since(clock.real_now() - WITHIN).filter(outcome=Outcome.FIRST, reason="")
    return recent.exclude(step__in=[hit.step, trap_links.SECOND]).exists()


def _hit(visit: Visit) -> Hit:
    return Hit(
        network=networks.of_client(visit.address),
        address=visit.address,
        step=visit.step,
        at=clock.real_now(),
        agent=visit.agent.replace("\0", "")[:200],
    )


def _write(hit: Hit, outcome: str, reason: str = "") -> str:
    """A visit that was written down already gets another outcome; there is one row for each."""
    hit.outcome, hit.reason = outcome, reason[:200]
    if hit.pk or limits.hit("bottrap.written", f"{outcome} {hit.network}", limit=MOST_WRITTEN, window=WITHIN):
        hit.save()
    return outcome


def _ask_for_proof(hit: Hit, claim: crawlers.Claim) -> str:
    """Once in ten minutes for each client: a lookup is cheap, a thousand of them are not."""
    if limits.hit("bottrap.proof", hit.network, limit=1, window=WITHIN):
        with transaction.atomic():
            hit.outcome, hit.reason = Outcome.ASKING, f"says it is {claim.name}"
            hit.save()
            verify.enqueue(hit.pk)
    return Outcome.ASKING


@task
def verify(hit_id: int) -> None:
    """The lookup of names, off the request path. It is not tried again: without an answer nobody is banned."""
    hit = Hit.objects.filter(pk=hit_id, outcome=Outcome.ASKING).first()
    claim = hit and crawlers.claimed(hit.agent)
    if not claim:
        return
    genuine = crawlers.is_genuine(hit.address, claim)
    if genuine is False:
        _sentence(hit, f"followed two links of the trap and only claims to be {claim.name}")
        return
    hit.outcome = Outcome.SPARED
    hit.reason = f"is {claim.name}" if genuine else f"says it is {claim.name}, which could not be found out"
    hit.save()


def _sentence(hit: Hit, reason: str) -> str:
    """Under the lock of the settings' row, so that the breaker counts everybody who is banned at this moment."""
    TrapSettings.objects.get_or_create(pk=1)
    with transaction.atomic():
        kept = TrapSettings.objects.select_for_update().get(pk=1)
        hit.outcome, hit.reason = _outcome(hit, kept), reason
        hit.save()
        if hit.outcome == Outcome.BANNED:
            bans.ban(hit.network, reason=reason, evidence=_evidence(hit))
    return hit.outcome


def _outcome(hit: Hit, kept: TrapSettings) -> str:
    if kept.dry_run:
        return Outcome.DRY_RUN
    if kept.tripped_at is not None or _too_many_with(hit, kept):
        if kept.tripped_at is None:
            kept.tripped_at = clock.now()
            kept.save(update_fields=["tripped_at"])
        return Outcome.BREAKER
    return Outcome.FULL if bans.table_is_full() else Outcome.BANNED


def close_breaker_if_quiet() -> bool:
    """For the timer, under the same lock as a verdict. Whoever trips it again is told of again."""
    with transaction.atomic():
        kept = TrapSettings.objects.select_for_update().filter(pk=1).first()
        if kept is None or kept.tripped_at is None or kept.tripped_at > clock.now() - QUIET:
            return False
        if Hit.objects.since(clock.real_now() - QUIET).filter(outcome=Outcome.BREAKER).exists():
            return False
        kept.tripped_at = None
        kept.save(update_fields=["tripped_at"])
    return True


def _too_many_with(hit: Hit, kept: TrapSettings) -> bool:
    """Whoever closed the breaker has seen those who were banned before: they are not counted again."""
    begin = clock.real_now() - WITHIN
    recent = Hit.objects.since(max(begin, kept.counted_from or begin)).filter(outcome=Outcome.BANNED)
    others = recent.exclude(network=hit.network).values("network").distinct().count()
    return others >= MOST_AT_ONCE


def _evidence(hit: Hit) -> str:
    hits = Hit.objects.of(hit.network).since(hit.at - WITHIN).order_by("at", "pk")
    return "\n".join(
        f"{seen.at + clock.offset():%Y-%m-%d %H:%M:%S} UTC, link {trap_links.NAMES[seen.step]}: "
        f"{seen.get_outcome_display()}; from {seen.address}, "
        f"{seen.agent or 'no User-Agent'}"
        for seen in hits[:MOST_WRITTEN]
    )
