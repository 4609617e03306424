"""
A page in pieces: a frame with gaps, one piece that stands twice on it, one that has another within it, and a word that
only decides how long all is true. What each shows are numbers that tests write.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagecache import depends_on, never_store, pieces

SOURCES = ("frame", "outer", "inner", "twice")


class World:
    def __init__(self):
        self.numbers = dict.fromkeys(SOURCES, 0)
        self.made: list[str] = []
        self.until = {}
        self.personal = ""
        self.happens = lambda place: None  # what others do while the page is made

    def read(self, request: HttpRequest, name: str) -> str:
        self.happens(f"before {name}")
        self.made.append(name)
        number = self.numbers[name]
        depends_on(request, name, until=self.until.get(name))
        if self.personal == name:
            never_store(request)
        self.happens(f"after {name}")
        return f"{name}={number};"


world = World()


@pieces.page
def page(request):
    pieces.kept(request, "deciding", lambda: world.read(request, "inner"), is_shown=False)
    told = world.read(request, "frame")
    gaps = [pieces.gap(request, name, 7) for name in ("twice", "outer", "twice")]
    return HttpResponse(f"<main>{told} é {' '.join(gaps)} {'filler ' * 200}</main>", headers={"X-Said": "by the view"})


@pieces.page
def gone(request):
    depends_on(request, "frame")
    return HttpResponse(f"gone {pieces.gap(request, 'twice', 7)}", status=410)


@pieces.page
def cookies(request):
    depends_on(request, "frame")
    response = HttpResponse(f"{world.read(request, 'frame')} {pieces.gap(request, 'twice', 7)}")
    response.set_cookie("x", "y")
    return response


def plain(request):
    """A view that is not made of pieces, on whose page one stands."""
    depends_on(request, "frame")
    return HttpResponse(f"<main>plain {pieces.gap(request, 'outer', 7)}</main>")


def outer(request, number):
    return pieces.kept(request, f"outer {number}", lambda: _outer(request))


def _outer(request) -> str:
    within = pieces.text(request, pieces.kept(request, "inner", lambda: _inner(request)))
    return f"[{world.read(request, 'outer')}{within}]"


def _inner(request) -> list:
    return [world.read(request, "inner"), pieces.Gap("address")]


def twice(request, number):
    return pieces.kept(request, "twice", lambda: world.read(request, "twice"))


def address(request):
    return f"at {request.path}"


def shown(text: str) -> dict[str, list[int]]:
    """The numbers on a page, by what they are of."""
    found: dict[str, list[int]] = {}
    for name, number in re.findall(r"(\w+)=(\d+);", text):
        found.setdefault(name, []).append(int(number))
    return found


for name, fill in {"outer": outer, "twice": twice, "address": address}.items():
    pieces.register_filler(name, fill)

VIEWS = {"pieced": page, "gone": gone, "cookies": cookies, "plain": plain}
urlpatterns = [
    path(f"{name}/<int:number>/", lambda request, number, view=view: view(request), name=name)
    for name, view in VIEWS.items()
]
