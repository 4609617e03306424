"""The sample pictures, drawn by this project when they are asked for: nothing is downloaded and nothing is licensed."""

import io
from collections.abc import Callable
from functools import partial

from articles.sample.brush import Canvas
from articles.sample.portraits import LOOKS, portrait
from articles.sample.scenes import land, papers, sea, shelves, things, town

QUALITY = 88
WIDE = (1600, 900)
FACE = (600, 600)


def _scenes(module, names: str) -> dict[str, Callable[[Canvas], None]]:
    return {name: getattr(module, name) for name in names.split()}


SCENES = {
    **_scenes(sea, "crane ferry fish fog harbour ice lighthouse storm strait tide"),
    **_scenes(town, "bus courthouse houses lamp market parking shop tram"),
    **_scenes(land, "bench bridge river road stars telescope valley"),
    **_scenes(shelves, "bakery library museum workshop"),
    **_scenes(things, "ballot clock coins film microphone press"),
    **_scenes(papers, "book chart curve map pen rings treaty"),
}
FACES = {name: partial(portrait, look=look) for name, look in LOOKS.items()}
NAMES = (*SCENES, *FACES)


def draw(name: str) -> bytes:
    """A JPEG file, the same for the same name every time. Raises KeyError for a name that is not in NAMES."""
    canvas = Canvas(FACE if name in FACES else WIDE, seed=name)
    (FACES.get(name) or SCENES[name])(canvas)
    target = io.BytesIO()
    canvas.finished().save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
