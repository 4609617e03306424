"""How the forms of comments are answered: to a browser by leading on, to our script by telling it where to."""

from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

CREATED, SEE_OTHER, GONE, TOO_LARGE, UNPROCESSABLE = 201, 303, 410, 413, 422
# More than the longest comment in the widest script, with room to say that it is too long and to give it back.
LARGEST_BODY = 256 * 1024
# Of a larger one so much stands on the page that refuses it, for whoever has it nowhere else.
GIVEN_BACK = 250_000


def form_page(view):
    """A page with a form: made for one reader, stored nowhere, found by no crawler; too large a body is refused."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if _length(request) > LARGEST_BODY:
            text = request.POST.get("text", "")  # read already, for its token, or refused for being larger still
            return render(request, "comments/too_large.html", {"text": text[:GIVEN_BACK]}, status=TOO_LARGE)
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def lead_to(request: HttpRequest, place: str, **told) -> HttpResponse:
    """303, so that a page loaded again sends nothing twice. Our script asks for the place in words of its own."""
    if request.headers.get("X-Requested-With") == "comments":
        return JsonResponse({"place": place, **told}, status=CREATED)
    return HttpResponse(status=SEE_OTHER, headers={"Location": place})


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
