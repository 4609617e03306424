"""How instants are told to readers: in the site's zone, with the zone's name, so that no hour is ambiguous."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

RECENT = dt.timedelta(hours=48)


def day(moment: dt.datetime) -> str:
    """14 March 2026"""
    return date_format(in_site_zone(moment), "j F Y")


def day_and_time(moment: dt.datetime) -> str:
    """14 March 2026, 11:02 CET"""
    local = in_site_zone(moment)
    return f"{date_format(local, 'j F Y, H:i')} {zone_name(local)}"


def short(moment: dt.datetime) -> str:
    """14 Mar, 11:02 CET: for what happened lately, where the year goes without saying."""
    local = in_site_zone(moment)
    return f"{date_format(local, 'j M, H:i')} {zone_name(local)}"


def for_machines(moment: dt.datetime) -> str:
    """To the second: a fraction as Python writes it has six digits, and HTML allows three."""
    return moment.isoformat(timespec="seconds")


def zone_name(local: dt.datetime) -> str:
    """CET where the zone has letters, UTC+5:30 where it has only a number."""
    name = local.tzname() or ""
    if not name.startswith(("+", "-")):
        return name
    sign, hours, minutes = name[0], int(name[1:3]), name[3:5]
    return f"UTC{sign}{hours}:{minutes}" if minutes.strip("0") else f"UTC{sign}{hours}"


def in_site_zone(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())


def is_recent(moment: dt.datetime, *, now: dt.datetime) -> bool:
    """Of the last two days, in which the hour matters. Afterwards the day is enough."""
    return now - moment < RECENT


def is_fresh_update(*, published_at: dt.datetime, updated_at: dt.datetime, now: dt.datetime) -> bool:
    """An “Updated” badge is news for two days; afterwards it would only be noise."""
    return published_at < updated_at and is_recent(updated_at, now=now)
