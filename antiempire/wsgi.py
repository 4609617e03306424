"""
The way in. Plain WSGI callables stand in front of Django here, outermost first: one names the request, one tells
whether this process is well, one counts, one refuses bans, one answers stored pages. `foundation.remote_addr` finds out
who asks.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiempire.settings")

django_application = get_wsgi_application()

# After Django is set up, since they have models or read its settings.
from bottrap import front as trap  # noqa: E402
from foundation import health, request_ids, starting  # noqa: E402
from foundation.metrics import counting  # noqa: E402
from pagecache import front as pages  # noqa: E402
from pagecache.counters import counters  # noqa: E402

starting.refuse()

# Whoever is banned can still pledge and manage a pledge, Stripe is always heard, and staff can sign in to lift a ban.
NEVER_CLOSED = ("/support/", "/admin/")

guarded = trap.guard(pages.answer_stored_pages(django_application), never_closed=NEVER_CLOSED)
counted = counting.count(guarded, page_cache=counters.as_dict)
application = request_ids.carry(health.answer(counted))
