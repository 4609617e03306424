"""Faces of the sample authors: silhouettes against a window of colour, so that they are nobody's."""

from dataclasses import dataclass

from articles.sample.brush import Canvas, Pen, across, mix


@dataclass(frozen=True)
class Look:
    wall: tuple[str, str]
    skin: str
    coat: str
    hair: str
    shape: str
    glasses: bool = False


LOOKS = {
    "face-1": Look(("#c9b28c", "#8d7250"), "#b98564", "#22303a", "#1c1511", "bob"),
    "face-2": Look(("#8fa8b0", "#54707c"), "#c99a78", "#3a2a2c", "#3b2b20", "short", glasses=True),
    "face-3": Look(("#c58f72", "#8a4f3c"), "#6f4a38", "#1f2c2a", "#120e0c", "cropped"),
    "face-4": Look(("#a9b093", "#667052"), "#d0a384", "#2c2436", "#7d4a26", "long"),
    "face-5": Look(("#b9a9bd", "#6f5f7c"), "#a87654", "#243242", "#cfc8bd", "bun", glasses=True),
    "face-6": Look(("#d0bb84", "#93783c"), "#7d5340", "#3b2321", "#1d1714", "curls"),
    "face-7": Look(("#93b0a4", "#4d7065"), "#bf8f70", "#2a2a30", "#8d8a85", "beard"),
}


def _points(text: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in text.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


# Outlines in pixels of the 600 x 600 picture: across, down, across, down.
SHOULDERS = _points("236 414 120 462 60 530 30 660 570 660 540 530 480 462 364 414 300 500")
CROPPED = _points("200 250 206 170 250 130 300 120 350 130 394 170 400 250 374 190 300 168 226 190")
FRINGE = _points("196 272 190 190 232 130 300 112 368 130 410 190 404 272 386 214 338 172 270 198 216 214")
CURLS = _points("214 176 250 146 300 132 350 146 388 176 232 196 276 172 330 170 372 196")
BEARD = _points("200 280 212 352 252 402 300 414 348 402 388 352 400 280 376 322 336 330 300 320 264 330 224 322")


def portrait(canvas: Canvas, look: Look) -> None:
    canvas.sky(*look.wall)
    canvas.glow((190, 170), 380, mix(look.wall[0], "#ffffff", 0.6), 0.8)
    canvas.lay("#000000", canvas.noise(5, 16, 60).point(lambda v: max(0, v - 150)), 0.25)
    shade = across(canvas.size, mix(look.skin, "#ffdfb8", 0.32), mix(look.skin, "#000000", 0.45))
    hair = across(canvas.size, mix(look.hair, "#ffffff", 0.18), mix(look.hair, "#000000", 0.3))
    with canvas.painting(hair, rounded=7) as pen:
        _behind(pen, look.shape)
    canvas.polygon(mix(look.skin, "#000000", 0.4), [(250, 330), (352, 330), (362, 470), (240, 470)])
    coat = across(canvas.size, mix(look.coat, "#ffffff", 0.16), mix(look.coat, "#000000", 0.4))
    with canvas.painting(coat, rounded=16) as pen:
        pen.polygon(SHOULDERS)
    canvas.polygon(mix(look.coat, "#ffffff", 0.72), [(240, 436), (300, 520), (362, 436), (344, 420), (258, 420)])
    canvas.polygon(mix(look.skin, "#000000", 0.28), [(252, 410), (350, 410), (300, 486)])
    with canvas.painting(shade) as pen:
        pen.disc(300, 262, 96, 122)
        pen.disc(206, 272, 14, 24)
        pen.disc(394, 272, 14, 24)
    canvas.disc("#1a0d08", 352, 290, 66, 112, soft=26, strength=0.34)
    canvas.polygon("#1a0d08", [(298, 262), (312, 262), (322, 306), (296, 310)], soft=6, strength=0.3)
    with canvas.painting(hair, rounded=7) as pen:
        _before(pen, look.shape)
    if look.glasses:
        canvas.fill(_glasses, "#17130f")


def _glasses(pen: Pen) -> None:
    for x in (254, 346):
        pen.disc(x, 262, 36, 30)
        pen.disc(x, 262, 31, 25, value=0)
    pen.line([(288, 256), (312, 256)], 5)


def _behind(pen: Pen, shape: str) -> None:
    if shape == "bob":
        pen.polygon([(180, 220), (172, 400), (232, 424), (368, 424), (428, 400), (420, 220)])
    elif shape == "long":
        pen.polygon([(184, 200), (160, 500), (226, 540), (374, 540), (440, 500), (416, 200)])
    elif shape == "bun":
        pen.disc(300, 118, 58, 52)
    elif shape == "curls":
        for x, y in ((190, 210), (180, 270), (196, 330), (410, 210), (420, 270), (404, 330)):
            pen.disc(x, y, 42)


def _before(pen: Pen, shape: str) -> None:
    """The hair line; everybody's begins at the same skull."""
    pen.polygon(CROPPED if shape == "cropped" else FRINGE)
    if shape == "curls":
        for x, y in CURLS:
            pen.disc(x, y, 36)
    elif shape in ("bob", "long"):
        pen.polygon([(198, 180), (186, 392), (222, 396), (226, 236), (280, 176), (300, 124)])
        pen.polygon([(402, 180), (416, 392), (380, 396), (376, 236), (320, 174), (300, 124)])
    elif shape == "beard":
        pen.polygon(BEARD)
