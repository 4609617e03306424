"""Quarters at their edges, in zones that change their clocks and in zones far from Greenwich."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from donations import periods
from donations.quarters import Quarter, add_months, months_between

ZONES = [
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/St_Johns",
    "Australia/Sydney",
    "Pacific/Tongatapu",  # UTC+13
    "Pacific/Chatham",  # +12:45 and +13:45
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Niue",  # UTC−11
    "America/Asuncion",  # its clocks went forward at midnight of 1 October 2023
    "Asia/Kathmandu",  # +05:45
]
ALL = [Quarter(year, number) for year in range(2020, 2033) for number in (1, 2, 3, 4)]
# Each second of the first and last minutes, then every 19th: no zone changes its clocks within a minute.
AROUND = sorted({*range(-70, 71), *range(-7200, 7201, 19)})

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2032, 12, 31), timezones=st.just(dt.UTC))
START_DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(366)]


def utc(*parts) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


# The partition


@pytest.mark.parametrize("name", ZONES)
def test_two_hours_around_every_boundary_each_moment_is_in_exactly_one_quarter(name):
    zone = ZoneInfo(name)
    for quarter in ALL:
        start = quarter.start(zone)
        for seconds in AROUND:
            moment = start + dt.timedelta(seconds=seconds)
            expected = quarter if seconds >= 0 else quarter.previous
            assert Quarter.containing(moment, zone) == expected, (quarter, seconds)
            assert expected.start(zone) <= moment < expected.end(zone), (quarter, seconds)


@pytest.mark.parametrize("name", ["Europe/Paris", "America/New_York", "Australia/Sydney"])
def test_days_on_which_clocks_change_belong_to_their_quarter(name):
    zone = ZoneInfo(name)
    moment, last_offset, changes = utc(2020, 1, 1), None, 0
    while moment < utc(2033, 1, 1):
        offset = moment.astimezone(zone).utcoffset()
        if last_offset is not None and offset != last_offset:
            changes += 1
            for minutes in range(-26 * 60, 26 * 60):
                near = moment + dt.timedelta(minutes=minutes)
                quarter = Quarter.containing(near, zone)
                assert quarter.start(zone) <= near < quarter.end(zone)
        last_offset, moment = offset, moment + dt.timedelta(hours=1)
    assert changes == 26


@pytest.mark.parametrize("name", ZONES)
def test_quarters_lie_side_by_side_without_a_gap_and_fill_the_years(name):
    zone = ZoneInfo(name)
    assert [quarter.end(zone) for quarter in ALL[:-1]] == [quarter.start(zone) for quarter in ALL[1:]]
    lengths = [quarter.end(zone) - quarter.start(zone) for quarter in ALL]
    assert sum(lengths, dt.timedelta()) == ALL[-1].end(zone) - ALL[0].start(zone)
    assert all(dt.timedelta(days=89) < length < dt.timedelta(days=93) for length in lengths)


@given(moment=moments, zone=zones)
def test_any_moment_is_in_the_quarter_of_its_local_month_and_in_no_other(moment, zone):
    quarter = Quarter.containing(moment, zone)
    local = moment.astimezone(zone)
    assert local.month in range(3 * quarter.number - 2, 3 * quarter.number + 1)
    assert local.year == quarter.year
    holding = [
        each for each in (quarter.previous, quarter, quarter.next) if each.start(zone) <= moment < each.end(zone)
    ]
    assert holding == [quarter]


@given(moment=moments, zone=zones, told_in=zones)
def test_the_zone_a_moment_is_told_in_does_not_matter(moment, zone, told_in):
    assert Quarter.containing(moment.astimezone(told_in), zone) == Quarter.containing(moment, zone)


@given(moments=st.lists(moments, max_size=50), zone=zones)
def test_quarters_sum_up_to_the_whole(moments, zone):
    held = [sum(quarter.start(zone) <= moment < quarter.end(zone) for moment in moments) for quarter in ALL]
    outside = [moment for moment in moments if not ALL[0].start(zone) <= moment < ALL[-1].end(zone)]
    assert sum(held) + len(outside) == len(moments)


@pytest.mark.parametrize(
    ("moment", "zone", "quarter"),
    [
        (utc(2026, 12, 31, 22, 59, 59), "Europe/Paris", Quarter(2026, 4)),
        (utc(2026, 12, 31, 23), "Europe/Paris", Quarter(2027, 1)),
        (utc(2026, 3, 31, 21, 59, 59), "Europe/Paris", Quarter(2026, 1)),
        (utc(2026, 3, 31, 22), "Europe/Paris", Quarter(2026, 2)),
        (utc(2026, 4, 1, 3, 59, 59), "America/New_York", Quarter(2026, 1)),
        (utc(2026, 4, 1, 4), "America/New_York", Quarter(2026, 2)),
        (utc(2026, 9, 30, 10, 59, 59), "Pacific/Tongatapu", Quarter(2026, 3)),
        (utc(2026, 9, 30, 11), "Pacific/Tongatapu", Quarter(2026, 4)),
        (utc(2023, 10, 1, 3, 59, 59), "America/Asuncion", Quarter(2023, 3)),
        (utc(2023, 10, 1, 4), "America/Asuncion", Quarter(2023, 4)),
    ],
)
def test_known_boundaries(moment, zone, quarter):
    assert Quarter.containing(moment, ZoneInfo(zone)) == quarter


# Counting quarters


@given(st.integers(2000 * 4, 2100 * 4), st.integers(-100, 100))
def test_quarters_are_counted_without_a_break(ordinal, steps):
    quarter = Quarter.from_ordinal(ordinal)
    assert quarter.ordinal == ordinal
    assert quarter.plus(steps).plus(-steps) == quarter
    assert quarter.next.previous == quarter.previous.next == quarter
    assert (quarter < quarter.next, quarter.plus(steps).ordinal - ordinal) == (True, steps)


@pytest.mark.parametrize("quarter", ALL, ids=str)
def test_the_last_day_is_the_day_before_the_next_quarter(quarter):
    last = quarter.last_day()
    assert (last + dt.timedelta(days=1)).day == 1
    noon = dt.datetime.combine(last, dt.time(12), tzinfo=dt.UTC)
    assert Quarter.containing(noon, dt.UTC) == quarter
    assert Quarter.containing(noon + dt.timedelta(days=1), dt.UTC) == quarter.next


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_year_has_four_quarters(number):
    with pytest.raises(ValueError, match="no quarter"):
        Quarter(2026, number)


def test_moments_without_a_zone_are_refused():
    naive = dt.datetime(2026, 1, 1)
    for asked in (
        lambda: Quarter.containing(naive, dt.UTC),
        lambda: add_months(naive, 3),
        lambda: months_between(naive, utc(2026, 4, 1)),
        lambda: months_between(utc(2026, 1, 1), naive),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            asked()


# The days on which pledges are charged


@pytest.mark.parametrize("start", START_DAYS, ids=str)
def test_every_start_day_is_charged_on_its_own_day_or_the_months_last(start):
    anchor = dt.datetime.combine(start, dt.time(22, 30, 15), tzinfo=dt.UTC)
    for months in range(0, 61):
        due = add_months(anchor, months)
        year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
        assert (due.year, due.month) == (year, month)
        assert due.day == min(start.day, calendar.monthrange(year, month)[1])
        assert due.timetz() == anchor.timetz()
        assert months_between(anchor, due) == months


@pytest.mark.parametrize("name", ZONES)
def test_a_pledge_has_one_charge_in_every_quarter_of_utc_from_any_start_day(name):
    zone = ZoneInfo(name)
    for start in START_DAYS:
        anchor = dt.datetime.combine(start, dt.time(22, 30), tzinfo=zone)
        charged = [Quarter.containing(add_months(anchor, 3 * number), dt.UTC) for number in range(12)]
        assert charged == [charged[0].plus(number) for number in range(12)]


@given(anchor=moments, months=st.integers(-60, 240))
def test_adding_months_never_loses_the_anchors_own_day(anchor, months):
    due = add_months(anchor, months)
    assert months_between(anchor, due) == months
    assert due.day == anchor.day or (due + dt.timedelta(days=1)).day == 1
    assert add_months(anchor, 0) == anchor


@pytest.mark.parametrize(
    ("months", "due"),
    [
        (3, utc(2024, 4, 30, 12)),
        (6, utc(2024, 7, 31, 12)),
        (13, utc(2025, 2, 28, 12)),
        (49, utc(2028, 2, 29, 12)),
        (-1, utc(2023, 12, 31, 12)),
    ],
)
def test_the_31st_comes_back_after_a_short_month(months, due):
    assert add_months(utc(2024, 1, 31, 12), months) == due


def test_months_are_counted_in_utc():
    newyear = dt.datetime(2027, 1, 1, 0, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert add_months(newyear, 3) == utc(2027, 3, 31, 23, 30)
    assert months_between(newyear, utc(2027, 3, 31)) == 3


# The site's zone and clock


def test_the_sites_zone_decides(settings):
    late = utc(2026, 12, 31, 22, 30)
    assert periods.backed_by_gift_at(late) == Quarter(2027, 1)
    settings.TIME_ZONE = "Europe/Paris"
    assert periods.backed_by_gift_at(late) == Quarter(2027, 1)
    assert periods.backed_by_gift_at(late + dt.timedelta(minutes=30)) == Quarter(2027, 2)
    assert periods.start_of(Quarter(2027, 1)) == periods.end_of(Quarter(2026, 4)) == utc(2026, 12, 31, 23)


def test_the_sites_clock_says_which_quarter_it_is(settings):
    settings.TIME_ZONE = "Pacific/Tongatapu"
    with time_machine.travel(utc(2026, 9, 30, 10, 59, 59), tick=False):
        assert (periods.current_quarter(), periods.next_quarter()) == (Quarter(2026, 3), Quarter(2026, 4))
    with time_machine.travel(utc(2026, 9, 30, 11), tick=False):
        assert (periods.current_quarter(), periods.next_quarter()) == (Quarter(2026, 4), Quarter(2027, 1))
