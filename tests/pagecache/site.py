"""A small site to be stored: what its pages say is set by the tests, which may also stop one in the middle."""

import threading

from django.db import OperationalError
from django.http import HttpResponse, HttpResponseGone, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.urls import path

from pagecache import depends_on, never_store


class World:
    def __init__(self):
        self.text = "first"
        self.made = 0
        self.tags = ("a",)
        self.until = None
        self.is_away = False
        self.reading = threading.Event()  # set when a view has read what it will say
        self.go_on = threading.Event()
        self.go_on.set()


world = World()


def page(request, name="page"):
    """Reads, then takes its time, then answers with what it has read."""
    if world.is_away:
        raise OperationalError("the database is away")
    world.made += 1
    text = world.text
    world.reading.set()
    assert world.go_on.wait(20)
    depends_on(request, *world.tags, until=world.until)
    told = sorted(name for name in request.META if name.startswith("HTTP_"))
    words = f"<p>{text}</p>{name} {request.get_full_path()} {told} {request.META.get('REMOTE_ADDR')}"
    return HttpResponse(f"<main>{words}{' filler' * 200}</main>")


def undeclared(request):
    world.made += 1
    return HttpResponse("nobody said what it shows")


def moved(request):
    depends_on(request, "a")
    return HttpResponsePermanentRedirect("/page/")


def withdrawn(request):
    depends_on(request, "a")
    return HttpResponseGone("withdrawn")


def missing(request):
    world.made += 1
    depends_on(request, "a")
    return HttpResponse("no such page", status=404)


def says(change):
    """A page that depends on a tag like any other, but for one thing."""

    def view(request):
        depends_on(request, "a")
        response = HttpResponse("personal")
        return change(request, response) or response

    return view


def _cookie(request, response):
    response.set_cookie("x", "y")


def _control(value):
    return lambda request, response: response.headers.__setitem__("Cache-Control", value)


def _vary(value):
    return lambda request, response: response.headers.__setitem__("Vary", value)


def _session(request, response):
    request.session["seen"] = 1


PERSONAL = {
    "cookie": says(_cookie),
    "private": says(_control("Private")),
    "no-store": says(_control("max-age=3, NO-STORE")),
    "vary-star": says(_vary("*")),
    "vary-language": says(_vary("Accept-Language")),
    "vary-padded": says(_vary(" Authorization ,Accept-Encoding")),
    "token": says(lambda request, response: HttpResponse(get_token(request))),
    "session": says(_session),
    "never": says(lambda request, response: never_store(request)),
    "stream": says(lambda request, response: StreamingHttpResponse(iter([b"personal"]))),
    "encoded": says(lambda request, response: response.headers.__setitem__("Content-Encoding", "gzip")),
    "found": says(lambda request, response: HttpResponse("personal", status=302, headers={"Location": "/"})),
    "partial": says(lambda request, response: HttpResponse("personal", status=206)),
}


def handler404(request, exception):
    return HttpResponse("nowhere", status=404)


def handler500(request):
    return HttpResponse("broken", status=500)


urlpatterns = [
    path("page/", page, name="page"),
    path("other/<slug:name>/", page, name="other"),
    path("undeclared/", undeclared, name="undeclared"),
    path("moved/", moved, name="moved"),
    path("withdrawn/", withdrawn, name="withdrawn"),
    path("missing/", missing, name="missing"),
    path("unregistered/", page, name="unregistered"),
    *(path(f"personal/{name}/", view, name=f"personal-{name}") for name, view in PERSONAL.items()),
]
STORED_VIEWS = {
    "page": ("before", "page"),
    "other": (),
    "undeclared": (),
    "moved": (),
    "withdrawn": (),
    "missing": (),
    **{f"personal-{name}": () for name in PERSONAL},
}
