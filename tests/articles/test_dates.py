import datetime as dt

import pytest

from articles import dates

NOON = dt.datetime(2026, 3, 14, 11, 2, tzinfo=dt.UTC)


def test_a_time_is_told_in_the_sites_zone_with_its_name(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    assert dates.day_and_time(NOON) == "14 March 2026, 12:02 CET"
    assert dates.short(NOON) == "14 Mar, 12:02 CET"
    assert dates.day(NOON) == "14 March 2026"


def test_machines_are_told_a_time_to_the_second_which_html_allows():
    assert dates.for_machines(NOON.replace(microsecond=255438)) == "2026-03-14T11:02:00+00:00"


def test_the_two_hours_of_the_same_name_in_autumn_can_be_told_apart(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    summer = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    winter = summer + dt.timedelta(hours=1)
    assert dates.day_and_time(summer) == "25 October 2026, 02:30 CEST"
    assert dates.day_and_time(winter) == "25 October 2026, 02:30 CET"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("Europe/Istanbul", "UTC+3"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/Sao_Paulo", "UTC-3"),
        ("Asia/Kolkata", "IST"),
    ],
)
def test_a_zone_without_letters_is_told_by_its_distance(settings, zone, name):
    settings.TIME_ZONE = zone
    assert dates.zone_name(dates.in_site_zone(NOON)) == name


def test_a_badge_lasts_two_days():
    updated = NOON + dt.timedelta(hours=5)
    ages = [dt.timedelta(hours=47, minutes=59), dt.timedelta(hours=48)]
    fresh = [dates.is_fresh_update(published_at=NOON, updated_at=updated, now=updated + age) for age in ages]
    assert fresh == [True, False]


def test_publication_alone_is_no_update():
    assert not dates.is_fresh_update(published_at=NOON, updated_at=NOON, now=NOON)
