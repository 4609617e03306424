"""A local time that no clock shows, or that it shows twice, is refused with a sentence that says why."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.admin.times import SiteTimeField


@pytest.fixture(autouse=True)
def in_berlin(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    yield
    timezone.get_default_timezone.cache_clear()


def refusal_of(text: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        SiteTimeField().clean(text)
    return refusal.value.messages[0]


def test_an_ordinary_time_is_read_in_the_sites_zone():
    assert SiteTimeField().clean("2026-07-01T09:30") == dt.datetime(2026, 7, 1, 7, 30, tzinfo=dt.UTC)


def test_the_hour_that_is_skipped_in_spring_is_refused():
    assert "02:30 does not exist" in refusal_of("2026-03-29T02:30")
    assert SiteTimeField().clean("2026-03-29T03:30") == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)


def test_the_hour_that_comes_twice_in_autumn_is_refused():
    assert "02:30 comes twice" in refusal_of("2026-10-25T02:30")
    assert SiteTimeField().clean("2026-10-25T03:30") == dt.datetime(2026, 10, 25, 2, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", ["soon", "2026-13-01T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-07-01T09:30Z"]
)
def test_what_is_no_time_is_refused(text):
    assert refusal_of(text)
