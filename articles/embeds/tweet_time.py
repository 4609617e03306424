"""A tweet's id tells the millisecond it was posted, since the platform began numbering by time. Pure."""

import datetime as dt

LAST_COUNTED_ID = 29_700_859_247  # ids up to this one, of November 2010, were counted one by one
EPOCH_MILLISECONDS = 1_288_834_974_657
WORKER_BITS = 22
LARGEST_ID = 2**63 - 1


def tweet_time(external_id: str) -> dt.datetime | None:
    """When the tweet was posted, in UTC; None for tweets older than the numbering by time."""
    number = int(external_id)
    if not LAST_COUNTED_ID < number <= LARGEST_ID:
        return None
    milliseconds = (number >> WORKER_BITS) + EPOCH_MILLISECONDS
    return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(milliseconds=milliseconds)
