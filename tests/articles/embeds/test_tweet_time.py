import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.embeds.tweet_time import EPOCH_MILLISECONDS, LARGEST_ID, LAST_COUNTED_ID, tweet_time


def test_an_id_tells_its_millisecond():
    """The example of the platform's own documentation."""
    assert tweet_time("1212092628029698048").replace(microsecond=0) == dt.datetime(
        2019, 12, 31, 19, 26, 16, tzinfo=dt.UTC
    )


@pytest.mark.parametrize("counted", ["1", "20000000", str(LAST_COUNTED_ID)])
def test_a_counted_id_tells_nothing(counted):
    assert tweet_time(counted) is None


def test_a_number_beyond_all_ids_tells_nothing():
    assert tweet_time(str(LARGEST_ID + 1)) is None


@given(st.integers(7082, LARGEST_ID >> 22), st.integers(0, (1 << 22) - 1))
def test_the_time_is_that_of_the_upper_bits(milliseconds, rest):
    moment = tweet_time(str((milliseconds << 22) | rest))
    since_1970 = (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(milliseconds=1)
    assert since_1970 == milliseconds + EPOCH_MILLISECONDS
