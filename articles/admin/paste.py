"""
Cleans what is pasted before it stands in the text, by the rules it is stored by. So the editor sees at once what will
be kept, and there is one place that understands word processors, old posts and platforms.
"""

import re

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.html import escape
from django.views.decorators.http import require_POST

from articles import html
from articles.admin.embed_card import may_write

MARKUP = re.compile(r"<\s*(blockquote|iframe|div|script)\b", re.IGNORECASE)
PICTURE = re.compile(r"<img\b", re.IGNORECASE)


@require_POST
def clean_paste(request: HttpRequest) -> JsonResponse:
    """`html` or `text` from a clipboard in, clean HTML out, with the number of pictures that could not come along."""
    if not may_write(request.user):
        raise PermissionDenied
    pasted = request.POST.get("html") or _as_html(request.POST.get("text", ""))
    clean = html.clean_note if request.POST.get("kind") == "editor-note" else html.clean_body
    cleaned = clean(pasted)
    left_out = len(PICTURE.findall(pasted)) - len(PICTURE.findall(cleaned))
    return JsonResponse({"html": cleaned, "pictures_left_out": max(left_out, 0)})


def _as_html(text: str) -> str:
    """Plain text is paragraphs, unless it is the code that a platform gives for embedding."""
    if MARKUP.match(text.strip()):
        return text
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
