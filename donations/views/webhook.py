"""
Where Stripe tells what happened. An authentic event is kept, and then answered, before anybody is asked anything;
whatever cannot be kept is answered so that Stripe sends it again.
"""

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from donations import inbox
from donations.stripe_gateway import EventUnreadable, SignatureInvalid, verify_event

logger = logging.getLogger(__name__)

LARGEST_BODY = 512 * 1024


@csrf_exempt
@never_cache
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """400 for what Stripe did not send in the last minutes, 413 for more than an event can be, 503 to be told again."""
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return _answer(413, "That is more than an event.")
    try:
        told = verify_event(body, request.headers.get("Stripe-Signature", ""))
    except (SignatureInvalid, EventUnreadable) as error:
        logger.warning("A request to the webhook was refused: %s", error)
        return _answer(400, "That is not an event that Stripe has signed for this site.")
    try:
        is_new = inbox.take(told)
    except Error:
        logger.exception("Event %s could not be kept", told.id)
        return _answer(503, "It could not be kept; please send it again.")
    return _answer(200, "Kept." if is_new else "Known.")


def _answer(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
