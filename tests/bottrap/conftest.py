import datetime as dt

import pytest
from django.core.cache import cache

from bottrap import arming
from bottrap.models import TrapSettings
from foundation import clock


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def armed(db) -> TrapSettings:
    """A trap that robots.txt has forbidden for four days."""
    kept = TrapSettings.objects.create(pk=1, forbidden_since=clock.now() - dt.timedelta(days=4))
    arming.remember(kept)
    return kept
