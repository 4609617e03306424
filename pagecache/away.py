"""That the database was away while a page was made: noted here, read by the front, which shows the last good one."""

import sys

from foundation import away

DATABASE_AWAY = "pagecache.database_away"


def note_database_away(sender, request=None, **kwargs) -> None:
    """Receives Django's signal that a request failed; `request.META` is the environment that the front has made."""
    error = sys.exception()
    while error is not None and request is not None:
        if away.is_why(error):
            request.META[DATABASE_AWAY] = True
            return
        error = error.__cause__ or error.__context__
