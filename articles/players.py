"""
A page of ours around one provider's player, loaded into the article by a reader's click. The article's own policy
stays closed: this page's policy opens exactly one foreign frame, and nothing stores it.
"""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from articles.embeds.providers import player_address, provider_named
from articles.embeds.usage import is_shown_to_readers
from articles.models import Embed


@require_safe
@never_cache
@xframe_options_sameorigin
def play(request: HttpRequest, embed_id: int) -> HttpResponse:
    """
    404 for what is no video, for invented ones and for those that we no longer show. Also for what only drafts hold:
    numbers are easy to count through, and what an article is about is secret until it is out.
    """
    embed = get_object_or_404(Embed.objects.playable(), pk=embed_id)
    player = player_address(embed.provider, embed.external_id)
    if player is None or not (is_shown_to_readers(embed) or _works_at_the_desk(request.user)):
        raise Http404
    return csp_override(_policy(player))(_page)(request, embed, player)


def _works_at_the_desk(user) -> bool:
    return user.is_staff and user.has_perm("articles.view_embed")


def _page(request: HttpRequest, embed: Embed, player: str) -> HttpResponse:
    site = provider_named(embed.provider).site
    response = render(request, "articles/play.html", {"embed": embed, "player": player, "site": site})
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _policy(player: str) -> dict:
    parts = urlsplit(player)
    return {
        "default-src": [CSP.NONE],
        "style-src": [CSP.SELF],
        "frame-src": [f"{parts.scheme}://{parts.netloc}"],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.NONE],
        "frame-ancestors": [CSP.SELF],
    }
