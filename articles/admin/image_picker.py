"""
Pictures without leaving the text: the pop-up in which the editor's Figure dialogue looks for one, and the address to
which pasted and dropped files are sent.
"""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from articles import images
from articles.admin.image_forms import UploadForm, title_from
from articles.models import Image

PICTURES_ON_A_PAGE = 24


def picker(image_admin, request):
    if not image_admin.has_view_permission(request):
        raise PermissionDenied
    return require_http_methods(["GET", "HEAD", "POST"])(_picker)(request, image_admin)


def _picker(request, image_admin):
    may_upload = image_admin.has_add_permission(request)
    if request.method == "POST" and not may_upload:
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    form.uploaded_by = request.user
    if request.method == "POST" and form.is_valid():
        chosen = form.save()
        return HttpResponseRedirect(f"?{urlencode({**request.GET.dict(), 'chosen': chosen.key})}")
    words = request.GET.get("q", "").strip()
    found, _ = image_admin.get_search_results(request, image_admin.get_queryset(request), words)
    page = Paginator(found, PICTURES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **image_admin.admin_site.each_context(request),
        "title": "Choose a picture",
        "is_popup": True,
        "opts": image_admin.opts,
        "media": image_admin.media,
        "form": form if may_upload else None,
        "words": words,
        "dialogue": request.GET.get("CKEditorFuncNum", ""),
        "chosen": _choice(Image.objects.filter(key=request.GET.get("chosen", "")).first()),
        "choices": [_choice(image) for image in page],
        "page": page,
    }
    return TemplateResponse(request, "admin/articles/image/picker.html", context)


def _choice(image: Image | None) -> dict | None:
    """A picture as the page shows it, with what the editor's dialogue is told of it."""
    return image and {
        "title": image.title,
        "alt": image.alt,
        "caption": images.caption_line(image),
        "url": images.address(image),
        "thumbnail": images.picture_html(image, alt="", sizes="12rem", css_class="library-thumbnail"),
    }


@require_POST
def upload(request, image_admin):
    """Answers {url, alt, caption}, or {error} with a sentence for the editor."""
    if not image_admin.admin_site.has_permission(request):
        return _refusal("You are signed out. Sign in again in another tab, then send the picture once more.", 403)
    if not image_admin.has_add_permission(request):
        return _refusal("You may not add pictures. Ask an editor to upload it.", 403)
    file = request.FILES.get("file")
    if file is None:
        return _refusal("No picture arrived. Try again.", 400)
    try:
        image = images.store(file, title=title_from(file.name), by=request.user)
    except images.ImageRefused as refusal:
        return _refusal(str(refusal), 400)
    return JsonResponse(
        {"url": images.address(image), "alt": image.alt, "caption": images.caption_line(image)}, status=201
    )


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
