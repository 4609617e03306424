"""Gifts in somebody's name: the link by which that person declines, and the giver's way to take the name back."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from donations import cache_tags, dedications
from donations.manage_access import for_backer
from donations.models import Backer, Dedication, Intent
from foundation import links


# Mail programs post here by themselves (RFC 8058) and know no token of ours: the signed link is what counts.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """GET only offers the button: scanners follow links before people do. Tells nothing of whose letter it was."""
    try:
        links.read(dedications.DECLINE_PURPOSE, token)
        if request.method == "POST":
            dedications.decline(token)
    except (links.LinkForged, links.LinkExpired):
        return render(request, "donations/decline.html", {"state": "unknown"}, status=404)
    return render(request, "donations/decline.html", {"state": "done" if request.method == "POST" else "asked"})


@require_POST
@for_backer
def hide(request: HttpRequest, backer: Backer, intent_id) -> HttpResponse:
    """The giver takes the other's name off the backers' page, or out of the editors' queue."""
    own = Dedication.objects.filter(intent__payments__backer=backer, intent__livemode=backer.livemode)
    gift = get_object_or_404(own.distinct(), pk=intent_id)
    with transaction.atomic():
        Dedication.objects.filter(pk=gift.pk).update(name_status=Intent.NameStatus.HIDDEN)
        cache_tags.names_changed()
    return redirect("manage_history")
