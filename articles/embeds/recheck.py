"""
Does the original still stand? Two refusals at least a day apart are believed, one never is; trouble on the way says
nothing about the post. Whatever is found, our text stays: only the line beneath it changes. And whatever is found,
the post has had its turn: one that never answers must not stand before all others for ever.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q

from articles.embeds.fetch import CannotFetch, Why, ask, askable_providers, asked_host
from articles.embeds.snapshot import match_of, write_html
from articles.models import Embed
from foundation import clock

BETWEEN_CHECKS = dt.timedelta(hours=20)  # a daily timer never runs on the second
BELIEVED_AFTER = dt.timedelta(days=1)
LOST = {Why.GONE: Embed.Availability.GONE, Why.NOT_PUBLIC: Embed.Availability.NOT_PUBLIC}


@dataclass
class Report:
    """What one round found."""

    checked: int = 0
    undecided: int = 0
    lost: list[Embed] = field(default_factory=list)
    found_again: list[Embed] = field(default_factory=list)


def recheck_due(*, limit: int) -> Report:
    """
    Asks for up to `limit` posts, those not asked for longest first. A host in trouble is left alone for the rest of
    the round; an unusable answer about one post says nothing about the others.
    """
    report, in_trouble = Report(), set()
    for embed in _due().iterator(chunk_size=100):
        if report.checked + report.undecided >= limit:
            break
        host = asked_host(match_of(embed))
        if host in in_trouble:
            continue
        before = embed.availability
        why = recheck(embed)
        if why == Why.LATER:
            in_trouble.add(host)
        if not _tells_of_post(why):
            report.undecided += 1
            continue
        report.checked += 1
        if embed.availability != before:
            is_back = embed.availability == Embed.Availability.AVAILABLE
            (report.found_again if is_back else report.lost).append(embed)
    return report


def recheck(embed: Embed) -> Why | None:
    """Asks once and keeps what follows from the answer. Returns why the post was not shown to us, None if it was."""
    why = None
    try:
        ask(match_of(embed))
    except CannotFetch as failure:
        why = failure.why
    if not _tells_of_post(why):
        Embed.objects.filter(pk=embed.pk).update(last_checked_at=clock.now())
        return why
    with transaction.atomic():
        embed.refresh_from_db(from_queryset=Embed.objects.select_for_update())
        before = embed.availability
        if why is None:
            _found(embed)
        else:
            _missed(embed, LOST[why])
        embed.last_checked_at = clock.now()
        embed.save(update_fields=["availability", "unavailable_since", "first_failed_check_at", "last_checked_at"])
        if embed.availability != before:
            write_html(embed)
    return why


def _due():
    """Snapshots we have, without invented ones and those we no longer show; waiting ones belong to capturing."""
    has_snapshot = Q(state__in=[Embed.State.CAPTURED, Embed.State.BY_HAND])
    is_due = Q(last_checked_at=None) | Q(last_checked_at__lt=clock.now() - BETWEEN_CHECKS)
    shown = Embed.objects.filter(has_snapshot, is_due, is_sample=False, provider__in=askable_providers())
    shown = shown.exclude(choice=Embed.Choice.REMOVED)
    return shown.order_by(F("last_checked_at").asc(nulls_first=True), "pk")


def _tells_of_post(why: Why | None) -> bool:
    return why is None or why in LOST


def _found(embed: Embed) -> None:
    embed.availability = Embed.Availability.AVAILABLE
    embed.unavailable_since = embed.first_failed_check_at = None


def _missed(embed: Embed, state: Embed.Availability) -> None:
    """Readers are told since when it was missed first, not since when we believed it."""
    now = clock.now()
    embed.first_failed_check_at = embed.first_failed_check_at or now
    if now - embed.first_failed_check_at >= BELIEVED_AFTER:
        embed.availability = state
        embed.unavailable_since = embed.unavailable_since or embed.first_failed_check_at
