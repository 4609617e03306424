"""
Letters to staff about the trap: what happened in a day, and that the breaker tripped. Each is declined by itself.
No address stands in them, since letters are kept longer than visits are.
"""

import datetime as dt

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import User
from bottrap.models import Ban, Hit, TrapMail, TrapSettings
from bottrap.verdicts import MOST_AT_ONCE
from foundation import clock, letter_paper, letters, links

SEES = "bottrap.view_ban"
DAY = dt.timedelta(days=1)
DIGEST, ALARM = "trap-digest", "trap-alarm"
STOP_PURPOSE = "bottrap: no letters"
_WANTED = {DIGEST: "wants_digest", ALARM: "wants_alarm"}
_STOP_LINK_LASTS = dt.timedelta(days=800)


def last_day() -> dict | None:
    """What happened in the last 24 hours; None for a day without a visit or a lifting."""
    visits = Hit.objects.since(clock.real_now() - DAY).order_by()
    counts = [
        (Hit.Outcome(row["outcome"]).label, row["number"])
        for row in visits.values("outcome").annotate(number=Count("pk")).order_by("-number", "outcome")
    ]
    lifted = Ban.objects.filter(lifted_at__gte=clock.now() - DAY).count()
    if not counts and not lifted:
        return None
    return {"counts": counts, "lifted": lifted, "held": Ban.objects.active().count()}


def staff() -> QuerySet[User]:
    """Everybody at the desk who may see bans and has an address."""
    allowed = ModelBackend().with_perm(SEES, is_active=True, include_superusers=True)
    return allowed.filter(is_staff=True).exclude(email="").order_by("pk")


def write_digests() -> int:
    """At most one to each on one day, and none about a quiet one. Returns how many letters were written."""
    facts = last_day()
    if facts is None:
        return 0
    today = timezone.localtime(clock.now(), timezone.get_default_timezone()).date()
    facts["bans_url"] = letter_paper.address("admin:bottrap_ban_changelist")
    return sum(_write(user, DIGEST, "told_on", today, facts) for user in staff())


def write_alarms() -> int:
    """Once to each for every time that the breaker trips. Returns how many letters were written."""
    tripped_at = TrapSettings.load().tripped_at
    if tripped_at is None:
        return 0
    facts = {
        "since": tripped_at,
        "most": MOST_AT_ONCE,
        "visits_url": letter_paper.address("admin:bottrap_hit_changelist"),
        "settings_url": letter_paper.address("admin:bottrap_trapsettings_change", 1),
    }
    return sum(_write(user, ALARM, "alarmed_at", tripped_at, facts) for user in staff())


def _write(user: User, kind: str, noted: str, what: dt.date, facts: dict) -> bool:
    """Unless it is not wanted, or was told: by any number of processes at once, each thing is told once."""
    TrapMail.objects.get_or_create(user=user)
    with transaction.atomic():
        row = TrapMail.objects.select_for_update().get(pk=user.pk)
        if not getattr(row, _WANTED[kind]) or getattr(row, noted) == what:
            return False
        setattr(row, noted, what)
        row.save(update_fields=[noted])
        stop_url = stop_address(kind, user)
        words = letter_paper.render(
            f"bottrap/letters/{kind.removeprefix('trap-')}", name=user.name, stop_url=stop_url, **facts
        )
        letters.post(
            f"{kind}:{user.pk}:{what.isoformat()}", user.email, *words, about="the trap for robots", stop_url=stop_url
        )
    return True


def stop_address(kind: str, user: User) -> str:
    token = links.sign(STOP_PURPOSE, f"{kind}.{user.pk}", expires_at=clock.now() + _STOP_LINK_LASTS)
    return letter_paper.address("stop_trap_letters", token)


def want(token: str, *, is_wanted: bool) -> None:
    """By the letter's own link, for the kind of letter that it stood in. Raises what `links.read` raises."""
    kind, _, pk = links.read(STOP_PURPOSE, token).partition(".")
    user = User.objects.filter(pk=pk).first()
    if user is not None:
        TrapMail.objects.update_or_create(user=user, defaults={_WANTED[kind]: is_wanted})
