"""What the open form of an article asks while somebody writes: keep this, who else is here, is this address free."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from articles import autosave, presence
from articles.models import Article

TOO_LARGE = "This text is too large to be kept while you write. Save it."


@require_POST
def keep_autosave(request: HttpRequest, article_id: int | None = None) -> JsonResponse:
    """The whole form as it stands, posted by its own page. Answers with the time at which it was kept."""
    article = editable(request, article_id)
    form_key = request.POST.get("form_key", "")
    version = request.POST.get("base_version", "")
    if len(form_key) > 32 or not (article or form_key):
        return JsonResponse({"error": "Reload the page to go on writing."}, status=400)
    try:
        kept = autosave.keep(
            request.user,
            article,
            form_key=form_key,
            fields=request.POST,
            base_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )
    except autosave.AutosaveTooLarge:
        return JsonResponse({"error": TOO_LARGE}, status=413)
    return JsonResponse({"kept_at": wall_time(kept.saved_at)})


@require_POST
def heartbeat(request: HttpRequest, article_id: int) -> JsonResponse:
    """Says "I have it open", or "I leave", and answers who else has and whether it was saved since."""
    article = editable(request, article_id)
    if request.POST.get("leaving"):
        presence.leave(article, request.user)
        return JsonResponse({})
    presence.note(article, request.user)
    return JsonResponse(
        {
            "others": presence.others(article, request.user),
            "version": article.edit_version,
            "saved_by": str(article.edited_by or "Somebody"),
            "saved_at": wall_time(article.saved_at),
        }
    )


@require_GET
def form_token(request: HttpRequest) -> JsonResponse:
    """Signing in again changes the token that a form must carry; a page that stayed open asks for the new one."""
    return JsonResponse({"token": get_token(request)})


@require_GET
def slug_check(request: HttpRequest) -> JsonResponse:
    """The address that a headline or slug would get, and whose it is already."""
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied
    slug = slugify(request.GET.get("words", "")[:500])[:100].strip("-")
    own = request.GET.get("article", "")
    others = Article.objects.filter(slug=slug) if slug else Article.objects.none()
    if own.isdecimal() and len(own) < 10:
        others = others.exclude(pk=own)
    return JsonResponse({"slug": slug, "is_taken": others.exists()})


def editable(request: HttpRequest, article_id: int | None) -> Article | None:
    """The article, if this person may change it; None for one that has no row yet."""
    from django.contrib import admin

    model_admin = admin.site.get_model_admin(Article)
    if article_id is None:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied
        return None
    article = get_object_or_404(Article.objects.select_related("edited_by"), pk=article_id)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied
    return article


def wall_time(moment) -> str:
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime("%H:%M")
