"""
Serves pictures where no front server does: `SERVE_MEDIA`. Only names that `articles.images` gives are served, so there
is no path to climb and nothing to list, and a file can do nothing in a browser but be looked at.
"""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from articles.images.paths import CONTENT_TYPES, file_name
from foundation import headers

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": headers.INERT,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media(request, folder: str, key: str, width: str, extension: str):
    try:
        file = default_storage.open(file_name(key, int(width), extension))
    except FileNotFoundError as error:
        raise Http404("There is no such picture.") from error
    return FileResponse(file, content_type=CONTENT_TYPES[extension], headers=HEADERS)
