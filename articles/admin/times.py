"""A time as an editor reads it off the wall: local to the site's zone, and refused when no clock ever shows it."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

YEARS = range(1900, 2200)


class SiteTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"
    SHAPE = "%Y-%m-%dT%H:%M"

    def __init__(self):
        super().__init__(format=self.SHAPE)


class SiteTimeField(forms.DateTimeField):
    """Cleans to an aware time. Refuses the hour that is skipped in spring and the one that comes twice in autumn."""

    widget = SiteTimeInput

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            naive = dt.datetime.fromisoformat(value.strip())
        except ValueError as refusal:
            raise ValidationError("Write a day and a time, such as 2026-03-29T09:30.") from refusal
        return in_site_zone(naive)


def told_in_site_zone(moment: dt.datetime) -> dt.datetime:
    """The same instant as the site's clocks show it."""
    return timezone.localtime(moment, timezone.get_default_timezone())


def in_site_zone(naive: dt.datetime) -> dt.datetime:
    zone = timezone.get_default_timezone()
    if naive.tzinfo or naive.year not in YEARS:
        raise ValidationError(f"Write the time in {zone}, in a year between {YEARS.start} and {YEARS.stop - 1}.")
    first, second = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        exists = first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == naive
        happens = "go back and {time} comes twice" if exists else "go forward and {time} does not exist"
        sentence = f"On {{day}} the clocks in {zone} {happens}. Choose another time."
        raise ValidationError(sentence.format(day=f"{naive:%-d %B %Y}", time=f"{naive:%H:%M}"))
    return first
