"""The site's own zone and clock applied to quarters."""

import datetime as dt

from django.utils import timezone

from donations.quarters import Quarter
from foundation import clock


def zone() -> dt.tzinfo:
    return timezone.get_default_timezone()


def quarter_of(moment: dt.datetime) -> Quarter:
    return Quarter.containing(moment, zone())


def backed_by_gift_at(moment: dt.datetime) -> Quarter:
    """The quarter after the one in which a one-off, an offline gift or the first charge of a pledge succeeded."""
    return quarter_of(moment).next


def current_quarter() -> Quarter:
    return quarter_of(clock.now())


def next_quarter() -> Quarter:
    return current_quarter().next


def start_of(quarter: Quarter) -> dt.datetime:
    return quarter.start(zone())


def end_of(quarter: Quarter) -> dt.datetime:
    return quarter.end(zone())
