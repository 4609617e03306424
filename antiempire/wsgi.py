"""The way in. Plain WSGI callables stand in front of Django here, outermost first: one names the request,
one tells whether this process is well, one refuses bans."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiempire.settings")

django_application = get_wsgi_application()

# After Django is set up, since they have models.
from bottrap import front  # noqa: E402
from foundation import health, request_ids  # noqa: E402

# Whoever is banned can still pledge and manage a pledge, Stripe is always heard, and staff can sign in to lift a ban.
NEVER_CLOSED = ("/support/", "/admin/")

guarded = front.guard(django_application, never_closed=NEVER_CLOSED)
application = request_ids.carry(health.answer(guarded))
