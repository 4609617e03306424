"""
Captures what the background task could not, for want of a platform in order or of a worker. How long a failure is
believed depends on its kind: trouble on the way passes sooner than a refusal.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from articles.embeds.fetch import askable_providers, asked_host
from articles.embeds.snapshot import capture, match_of
from articles.models import Embed
from foundation import clock

TROUBLE_LASTS = dt.timedelta(minutes=10)
REFUSAL_LASTS = dt.timedelta(days=1)
REFUSED_POSTS_ARE_TRIED_FOR = dt.timedelta(days=7)


@dataclass
class Round:
    captured: list[Embed] = field(default_factory=list)
    refused: list[Embed] = field(default_factory=list)
    undecided: list[Embed] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return len(self.captured) + len(self.refused) + len(self.undecided)


def capture_due(*, limit: int) -> Round:
    """Asks for up to `limit` posts. A host in trouble is left alone for the rest of the round."""
    done, in_trouble = Round(), set()
    for embed in due().iterator(chunk_size=100):
        if done.asked >= limit:
            break
        host = asked_host(match_of(embed))
        if host in in_trouble:
            continue
        capture(embed)
        if embed.state == Embed.State.PENDING:
            in_trouble.add(host)
            done.undecided.append(embed)
        elif embed.failure and embed.state == Embed.State.FAILED:
            done.refused.append(embed)
        else:
            done.captured.append(embed)
    return done


def due() -> QuerySet[Embed]:
    """Posts without an answer whose last failure is no longer believed, least recently asked first."""
    now = clock.now()
    never_asked = Q(last_checked_at=None, created_at__lt=now - TROUBLE_LASTS)  # else the task is on its way
    in_trouble = Q(last_checked_at__lt=now - TROUBLE_LASTS)
    refused = Q(last_checked_at__lt=now - REFUSAL_LASTS, created_at__gt=now - REFUSED_POSTS_ARE_TRIED_FOR)
    waiting = Q(never_asked | in_trouble, state=Embed.State.PENDING) | Q(refused, state=Embed.State.FAILED)
    rows = Embed.objects.filter(waiting, is_sample=False, provider__in=askable_providers())
    return rows.order_by(F("last_checked_at").asc(nulls_first=True), "pk")
