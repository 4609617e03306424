"""What somebody with a preview link gets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import previews


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """A token that is over answers 410 and says so; one that was never ours answers 404 like any unknown address."""
    try:
        link = previews.find(token)
    except previews.NoSuchPreview as refusal:
        raise Http404("No such preview.") from refusal
    except previews.PreviewOver:
        return previews.closed(render(request, "articles/preview_over.html", status=410))
    return previews.page_for_outsider(request, link)
