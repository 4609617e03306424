"""
How a backer comes to their own pledges without a password: an address typed in, a link by letter that works once, and
then a signed cookie for half an hour that goes to no other page. Whether an address is known shows in no answer and in
no time it takes: the question is put to the queue in either case.
"""

import datetime as dt
import functools
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from donations import letters, people
from donations.mode import is_live
from donations.models import Backer, BackerKey
from foundation import clock, limits, links, remote_addr
from foundation.tasks import AT_ONCE, retried_task

PURPOSE = "donations.manage"
LINK_GOOD_FOR = dt.timedelta(hours=1)
COOKIE = "manage"
COOKIE_GOOD_FOR = dt.timedelta(minutes=30)
PATH = "/support/manage/"
HOUR = dt.timedelta(hours=1)
PER_ADDRESS = 3
PER_NETWORK = 10
_SALT = "donations.manage_access"


def ask_for_link(request: HttpRequest, email: str) -> None:
    """The same work for every address; one that is asked for too often gets nothing more, and nobody is told."""
    network = remote_addr.network(remote_addr.client_address(request))
    digest = people.email_hash(email)
    within = limits.hit("manage.network", network, limit=PER_NETWORK, window=HOUR)
    within = limits.hit("manage.address", digest, limit=PER_ADDRESS, window=HOUR) and within
    key = BackerKey.objects.filter(livemode=is_live(), email_hash=digest).values_list("pk", flat=True).first()
    send_link.enqueue(key if key and within else 0)


@retried_task(priority=AT_ONCE)
def send_link(key_id: int) -> None:
    """To the address that we have of that person, which need not be spelled as it was typed."""
    key = BackerKey.objects.select_related("backer").filter(pk=key_id).first()
    if key is None or key.backer.forgotten_at or not key.backer.email:
        return
    letters.manage_link(key.backer.email, link_for(key.backer))


def link_for(backer: Backer) -> str:
    """A new address each time; it opens that backer's pages once, within the hour."""
    token = links.sign(PURPOSE, f"{backer.pk}:{uuid.uuid4().hex}", expires_at=clock.now() + LINK_GOOD_FOR)
    return settings.SITE_URL + reverse("manage_link", args=[token])


def spend(token: str) -> Backer | None:
    """Whose link it was. None when that person was forgotten since. Raises what `foundation.links.spend` raises."""
    return _backer(links.spend(PURPOSE, token).partition(":")[0])


def let_in(response: HttpResponse, backer: Backer) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(backer.pk),
        salt=_SALT,
        max_age=COOKIE_GOOD_FOR,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # or the way back from Stripe's portal would lead to a closed door
    )


def let_out(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def backer_of(request: HttpRequest) -> Backer | None:
    told = request.get_signed_cookie(COOKIE, default=None, salt=_SALT, max_age=COOKIE_GOOD_FOR)
    return _backer(told) if told else None


def for_backer(view: Callable) -> Callable:
    """The view gets the backer as its second argument; without a valid cookie nobody gets further."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        backer = backer_of(request)
        if backer is None:
            return redirect(f"{reverse('manage')}?over=1")
        return view(request, backer, *args, **kwargs)

    return never_cache(wrapped)


def _backer(told: str) -> Backer | None:
    return Backer.objects.filter(pk=told, livemode=is_live(), forgotten_at=None).first()
