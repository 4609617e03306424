"""What the editor shows in the place of an embedded post: its provider, its state and, once known, its words."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from articles.embeds.fetch import can_be_asked, match_of_address
from articles.models import Embed

WORDS_SHOWN = 280
OPEN = "Open snapshot"
WRITE = "Write it by hand"
COPIED_ON_SAVING = "Kept as our own copy when you save."
WRITTEN_BY_HAND = "This platform does not let its posts be copied. Save, then write the words in by hand."


@require_GET
def embed_card(request: HttpRequest) -> JsonResponse:
    """
    `?address=` in, the card's fields out; `{"recognised": false}` for what is no post. No post is fetched here: one
    that we have not seen is captured when the text is saved. Only where an address shortened by X leads is asked.
    """
    if not may_write(request.user):
        raise PermissionDenied
    match = match_of_address(request.GET.get("address", "").strip()[:500])
    if match is None:
        return JsonResponse({"recognised": False})
    embed = Embed.objects.filter(provider=match.provider, external_id=match.external_id).first()
    card = {
        "recognised": True,
        "address": match.url,
        "provider": Embed.Provider(match.provider).label,
        "state": "new",
        "note": COPIED_ON_SAVING if can_be_asked(match) else WRITTEN_BY_HAND,
    }
    return JsonResponse({**card, **_what_we_keep(embed, request.user)} if embed else card)


def may_write(user) -> bool:
    """Whoever writes articles may ask the editor's addresses."""
    return user.is_staff and (user.has_perm("articles.change_article") or user.has_perm("articles.add_article"))


def _what_we_keep(embed: Embed, user) -> dict:
    text = embed.text or embed.title
    return {
        "state": embed.state,
        "note": _note(embed),
        "author": embed.author_name,
        "handle": embed.author_handle,
        "text": text if len(text) <= WORDS_SHOWN else f"{text[:WORDS_SHOWN].rstrip()}…",
        "language": embed.language,
        "edit_url": _edit_address(embed, user),
        "edit_words": WRITE if embed.lacks_words else OPEN,
    }


def _note(embed: Embed) -> str:
    """The one thing an editor should know about this post now."""
    if embed.choice != Embed.Choice.KEEP:
        return f"Decided: {embed.get_choice_display()}."
    if embed.availability != Embed.Availability.AVAILABLE:
        return f"The original is {embed.get_availability_display()}. Our copy stays."
    if embed.lacks_words:
        return f"{embed.failure or 'The platform did not answer.'} Readers see a plain link until you write it in."
    return f"{embed.get_state_display().capitalize()}."


def _edit_address(embed: Embed, user) -> str:
    if not user.has_perm("articles.change_embed"):
        return ""
    try:
        return reverse("admin:articles_embed_change", args=[embed.pk])
    except NoReverseMatch:
        return ""
