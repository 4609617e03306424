"""What of robots.txt and of the trap is stored: its rules, and the link of the day at the foot of every page."""

import datetime as dt

from django.http import HttpRequest

from bottrap import arming
from bottrap.models import CrawlRule, TrapSettings
from foundation import clock
from pagecache import depends_on, purge_stale, register, register_view

MASTHEAD, ROBOTS = "masthead", "robots"  # the first is of every page


def shows_rules(request: HttpRequest) -> None:
    depends_on(request, ROBOTS)


def shows_link(request: HttpRequest, *, is_shown: bool) -> None:
    """The link is that of a day by the machine's own time; a page without one has none until the trap is armed."""
    now = clock.real_now()
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    depends_on(request, until=tomorrow + clock.offset())
    if not is_shown and (armed_at := arming.armed_at()):
        depends_on(request, until=armed_at)


def settings_changed() -> None:
    """The desk switched the trap on or off, or changed what it says of crawlers."""
    purge_stale(MASTHEAD, ROBOTS)


def declare() -> None:
    register_view("robots")
    register(CrawlRule, lambda rule: [ROBOTS])
    register(TrapSettings, lambda kept: [ROBOTS, MASTHEAD])
