"""robots.txt, the trap's one page of warning, and the page on which a person lifts a ban."""

import datetime as dt
import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bottrap import arming, bans, cache_tags, digests, networks, never, refusal, robots, signals, trap_links
from bottrap.models import Ban, CrawlRule, TrapSettings
from bottrap.verdicts import Outcome, Visit, judge
from foundation import limits, links
from foundation.remote_addr import client_address
from pagecache import never_store

logger = logging.getLogger(__name__)

LIFTS, LIFTS_WITHIN = 3, dt.timedelta(days=1)


@csrf_exempt
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Without a database it says what it can: crawlers take an error for a closed site."""
    cache_tags.shows_rules(request)
    try:
        kept, rules = arming.note_forbidden(), list(CrawlRule.objects.all())
    except Error:
        logger.exception("robots.txt is told without the rules of the desk")
        never_store(request)
        kept, rules = TrapSettings(), []
    return HttpResponse(robots.text(kept, rules), content_type="text/plain; charset=utf-8")


@csrf_exempt
@require_safe
def trap(request: HttpRequest, day: int, mark: str) -> HttpResponse:
    step = trap_links.number_of(day, mark)
    if step is None:
        raise Http404
    outcome = _judged(request, step)
    if outcome == Outcome.BANNED:
        return _closed(HttpResponse(refusal.page(_held_until(client_address(request))), status=403))
    return _closed(render(request, "bottrap/warning.html", {"second": [trap_links.second()]}))


def _judged(request: HttpRequest, step: int) -> str:
    """A trap that cannot write down whom it saw bans nobody, and the page stands."""
    try:
        kept = TrapSettings.load()
        return judge(_visit(request, step), kept) if arming.bites(kept) else Outcome.IGNORED
    except Error:
        logger.exception("The trap could not judge a visit and let it go")
        return Outcome.IGNORED


def _visit(request: HttpRequest, step: int) -> Visit:
    address = client_address(request)
    peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    uncounted = signals.why_not_counted(request.method, request.headers, _own_hosts(request))
    if request.user.is_authenticated:
        uncounted = "somebody who is signed in"
    spared = "one of our own proxies" if never.is_a_proxy(address, peer=peer, forwarded=forwarded) else ""
    is_browser = signals.is_a_browser(request.headers)
    return Visit(address, step, request.headers.get("User-Agent", ""), uncounted, spared, is_browser)


def _own_hosts(request: HttpRequest) -> set[str]:
    try:
        return {urlsplit(settings.SITE_URL).netloc.lower(), request.get_host().lower()}
    except DisallowedHost:
        return {urlsplit(settings.SITE_URL).netloc.lower()}


# Without a token: the button stands on a page that is made in front of Django, and whoever is made to press it by
# another site only has a ban lifted.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def banned(request: HttpRequest) -> HttpResponse:
    """Says whether the visitor is banned; a POST lifts it, so often a day."""
    address = client_address(request)
    until = _held_until(address)
    if request.method != "POST" or until is None:
        return _closed(HttpResponse(refusal.page(until)))
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        return _closed(HttpResponse(refusal.page(until, "Please press the button on this page."), status=403))
    network = networks.of_client(address)
    if not limits.hit("bottrap.lift", network, limit=LIFTS, window=LIFTS_WITHIN):
        trouble = f"The site was opened again {LIFTS} times for this address today. Tomorrow you can open it once more."
        return _closed(HttpResponse(refusal.page(until, trouble, can_lift=False), status=429))
    bans.lift(network, by=Ban.Lifted.PERSON)
    return _closed(HttpResponseRedirect("/", status=303))


# Mail programs post here by themselves (RFC 8058) and know no token of ours: the signed link is what counts.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """GET only offers the button. Once they are declined, the same page offers to have them again."""
    try:
        links.read(digests.STOP_PURPOSE, token)
        if request.method == "POST":
            digests.want(token, is_wanted="again" in request.POST)
    except (links.LinkForged, links.LinkExpired):
        return render(request, "bottrap/stop_letters.html", {"state": "unknown"}, status=404)
    state = "asked" if request.method != "POST" else "again" if "again" in request.POST else "done"
    return render(request, "bottrap/stop_letters.html", {"state": state})


def _held_until(address: str) -> float | None:
    if not address:
        return None
    held = Ban.objects.active().filter(network=networks.of_client(address)).first()
    return held.expires_at.timestamp() if held else None


def _closed(response: HttpResponse) -> HttpResponse:
    """Kept by nobody, and found by no search."""
    patch_cache_control(response, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
