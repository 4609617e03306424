"""Things on shelves and walls."""

import math

from PIL import ImageDraw

from articles.sample.brush import (
    Canvas,
    Pen,
    gradient,
    mix,
)
from articles.sample.scenes.tabletop import Outline, shadow, table, turned

HAMMER = ([(-9, -60), (9, -60), (11, 150), (-11, 150)], [(-62, -104), (30, -104), (70, -84), (34, -62), (-62, -62)])


SAW = ([(-30, -130), (34, -130), (20, 150), (-6, 150)], [(-36, -196), (42, -196), (46, -124), (-40, -124)])


CHISEL = ([(-12, -140), (12, -140), (16, -30), (-16, -30)], [(-10, -30), (10, -30), (12, 130), (-12, 150)])


WRENCH = (
    [(-13, -90), (13, -90), (13, 120), (-13, 120)],
    [
        (-40, -150),
        (-12, -138),
        (-12, -112),
        (12, -112),
        (12, -138),
        (40, -150),
        (40, -104),
        (14, -78),
        (-14, -78),
        (-40, -104),
    ],
)


PLANE = ([(-34, -120), (34, -120), (34, 120), (-34, 120)], [(-16, -90), (16, -90), (20, -20), (-20, -20)])


SQUARE = ([(-70, -140), (-44, -140), (-44, 110), (-70, 110)], [(-70, 84), (80, 84), (80, 110), (-70, 110)])


TOOLS = [HAMMER, SAW, CHISEL, WRENCH, PLANE, SQUARE]


def _tool(canvas: Canvas, n: int, x: float, y: float, scale: float, wood: str, metal: str) -> None:
    handle, head = TOOLS[n % len(TOOLS)]
    tilt = canvas.chance.uniform(-3, 3)
    if n % len(TOOLS) == 1:
        wood, metal = metal, wood
    for outline, paint in ((handle, wood), (head, metal)):
        placed = turned([(a * scale, b * scale) for a, b in outline], (x, y), tilt)
        shadow(canvas, placed, 14, 16)
        canvas.polygon(paint, placed)
        lit = [(a, b) for a, b in placed]
        canvas.line(mix(paint, "#ffffff", 0.5), lit[:2], 3, strength=0.7)


def workshop(canvas: Canvas) -> None:
    table(canvas, ("#6a5947", "#4c3d2f"), ("#7d5935", "#3d2917"), 690)
    with canvas.painting("#2b2018", strength=0.7) as pen:
        for y in range(90, 690, 120):
            pen.box(0, y, 1600, y + 3)
    canvas.polygon("#ffe2ab", [(1080, 0), (1600, 0), (1600, 690), (760, 690)], soft=60, strength=0.28)
    for n in range(9):
        _tool(canvas, n, 150 + n * 165, 300 + n % 3 * 24, 1.0, "#8a5c33", "#8f9598")
    with canvas.painting("#2a2f33") as pen:
        pen.box(280, 610, 560, 690)
        pen.box(320, 560, 380, 610)
        pen.box(460, 560, 520, 610)
        pen.box(340, 574, 500, 592)
    with canvas.painting("#b98a52") as pen:
        for n in range(4):
            pen.box(900 + n * 14, 640 - n * 26, 1320 - n * 20, 662 - n * 26)
    with canvas.painting("#5d3f1f") as pen:
        for n in range(4):
            pen.box(900 + n * 14, 658 - n * 26, 1320 - n * 20, 662 - n * 26)
    with canvas.painting("#d9b074") as pen:
        for _ in range(70):
            pen.disc(canvas.chance.gauss(760, 130), canvas.chance.uniform(712, 800), 13, 5)


def museum(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#ece5d6", "#c9bfac"))
    canvas.glow((800, 160), 900, "#fffdf4", 0.8)
    for row, y in enumerate((70, 480)):
        canvas.box("#5a4632", 60, y, 1540, y + 16)
        canvas.box("#5a4e3f", 60, y + 18, 1540, y + 30, soft=6, strength=0.5)
        for n in range(11):
            x = 128 + n * 134
            with canvas.painting("#2a241e") as pen:
                pen.line([(x, y + 12), (x, y + 44)], 4)
                pen.disc(x, y + 48, 8)
                pen.disc(x, y + 48, 4, value=0)
            _tool(
                canvas,
                n + row * 2,
                x,
                y + 214,
                0.86,
                ("#6f4a2a", "#84592f", "#5b4028")[n % 3],
                ("#3e4346", "#565b5d")[n % 2],
            )
        with canvas.painting("#fbf8ee") as pen:
            for n in range(11):
                pen.box(100 + n * 134, y + 366, 156 + n * 134, y + 384)


def library(canvas: Canvas) -> None:
    canvas.image.paste("#20150e", (0, 0, 1600, 900))
    colours = [
        "#6b2a22",
        "#2f4238",
        "#7c5a2c",
        "#2b3648",
        "#8a4a2b",
        "#4a3426",
        "#5d5a3c",
        "#3d2430",
        "#a58654",
        "#24332f",
    ]
    for top, floor in ((-70, 130), (150, 350), (370, 570), (590, 790), (810, 1010)):
        x = 10.0
        while x < 1600:
            wide, high = canvas.chance.uniform(16, 44), canvas.chance.uniform(128, 184)
            paint, lean = canvas.chance.choice(colours), canvas.chance.choice([0, 0, 0, 0, 0, 12])
            back = [(x, floor), (x + lean, floor - high), (x + wide + lean, floor - high), (x + wide, floor)]
            _book_back(canvas, back, paint)
            x += wide + lean + 1.5
        canvas.image.paste("#4d3420", (0, floor, 1600, floor + 20))
        canvas.image.paste("#7b5733", (0, floor, 1600, floor + 4))
        canvas.box("#0d0704", 0, top - 0, 1600, top + 60, soft=16, strength=0.7)
    for x in (0, 780, 1572):
        canvas.image.paste("#3f2a19", (x, 0, x + 28, 900))
        canvas.image.paste("#6e4b2b", (x, 0, x + 5, 900))
    canvas.glow((520, 380), 760, "#ffdf9e", 0.4)

    def ladder(pen: Pen) -> None:
        pen.line([(1010, -20), (900, 920)], 17)
        pen.line([(1170, -20), (1090, 920)], 17)
        for n in range(9):
            part = (n + 0.6) / 9
            pen.line([(1010 - 110 * part, 900 * part), (1170 - 80 * part, 900 * part)], 12)

    canvas.polygon("#0a0503", [(1040, 0), (1220, 0), (1150, 900), (950, 900)], soft=24, strength=0.35)
    canvas.fill(ladder, "#b58a55")


def _book_back(canvas: Canvas, back: Outline, paint: str) -> None:
    """Books are many and small: drawn straight into the picture, without the cost of a smoothed mask each."""
    draw = ImageDraw.Draw(canvas.image)
    draw.polygon(back, fill=paint)
    draw.line([back[0], back[1]], fill=mix(paint, "#ffffff", 0.25), width=2)
    draw.line([back[3], back[2]], fill=mix(paint, "#000000", 0.45), width=3)
    for part in (0.16, 0.24, 0.8):
        ends = [
            (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
            for a, b in ((back[1], back[0]), (back[2], back[3]))
        ]
        draw.line(ends, fill=mix(paint, "#e3c37a", 0.6), width=2)


def bakery(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#6b5038", "#3b2a1c"))
    canvas.glow((800, 120), 900, "#ffdca0", 0.55)
    for shelf, floor in enumerate((270, 540, 810)):
        canvas.box("#1d120a", 0, floor - 40, 1600, floor, soft=18, strength=0.5)
        for n in range(6):
            x = 150 + n * 260 + shelf % 2 * 60
            _loaf(canvas, x, floor, long=(n + shelf) % 3 != 0)
        canvas.box(gradient(canvas.size, "#a87a48", "#7a5229"), 0, floor, 1600, floor + 34)
        canvas.box("#e2bd85", 0, floor, 1600, floor + 5)


def _loaf(canvas: Canvas, x: float, floor: float, *, long: bool) -> None:
    wide, high = (122, 62) if long else (96, 78)
    crust = mix("#b26f2f", "#8a4f20", canvas.chance.random())

    def dome(grow: float) -> Outline:
        steps = [math.pi * k / 20 for k in range(21)]
        return [(x - wide * grow * math.cos(a), floor - 2 - (high * 2 * grow - 26) * math.sin(a) ** 0.7) for a in steps]

    canvas.polygon(mix(crust, "#3b1d08", 0.4), dome(1))
    canvas.polygon(crust, [(a, b - 4) for a, b in dome(0.93)], soft=5)
    canvas.disc("#e7b163", x - wide * 0.25, floor - high * 1.3, wide * 0.45, high * 0.28, soft=14, strength=0.75)
    cuts = (-0.5, -0.1, 0.3) if long else (0,)
    for part in cuts:
        middle = x + wide * part
        canvas.line(
            "#f0d7a4",
            [(middle - 14, floor - high * 1.1), (middle + 10, floor - high * 1.45), (middle + 34, floor - high * 1.55)],
            11,
            soft=1.5,
        )
    with canvas.painting("#fff5de", strength=0.6) as pen:
        for _ in range(26):
            pen.disc(x + canvas.chance.gauss(0, wide * 0.4), floor - high * canvas.chance.uniform(0.7, 1.5), 2.5)
