"""What is written or drawn on paper."""

import math

from PIL import ImageChops

from articles.sample.brush import (
    Canvas,
    gradient,
    mix,
    ridge,
)
from articles.sample.scenes.tabletop import box, shadow, table, turned


def book(canvas: Canvas) -> None:
    table(canvas, ("#7a6c5a", "#5a4d3f"), ("#84582f", "#3b2413"), 420)
    cover = [(190, 760), (340, 380), (1260, 380), (1410, 760)]
    shadow(canvas, cover, 10, 34)
    canvas.polygon("#51201b", cover)
    for side in (-1, 1):
        page = [(800, 400), (800 + side * 440, 392), (800 + side * 580, 738), (800, 752)]
        for n in range(5):
            canvas.polygon(
                mix("#c9b78f", "#f6efdc", n / 4), [(x + side * (4 - n) * 3, y + (4 - n) * 3) for x, y in page]
            )
        canvas.polygon(
            "#7a6543",
            [page[0], (800 + (page[1][0] - 800) * 0.3, 397), (800 + (page[2][0] - 800) * 0.28, 748), page[3]],
            soft=34,
            strength=0.55,
        )
        for n in range(17):
            part = (n + 1.6) / 20
            y, reach = 400 + 350 * part, 430 + 140 * part
            stop = 0.6 if n in (5, 12) else 0.9
            canvas.line(
                "#4c4234",
                [(800 + side * reach * 0.14, y), (800 + side * reach * stop, y - 6)],
                4 + part * 3,
                strength=0.62,
            )
    canvas.polygon("#9b2226", [(812, 396), (830, 396), (872, 846), (842, 826), (826, 850)])
    slip = turned(box(210, 130), (1150, 560), 9)
    shadow(canvas, slip, 8, 10)
    canvas.polygon("#e6d8a6", slip)
    with canvas.painting("#5c4f35", strength=0.8) as pen:
        for y in (-30, -4, 22):
            pen.line(turned([(-80, y), (70, y)], (1150, 560), 9), 3)


def treaty(canvas: Canvas) -> None:
    table(canvas, ("#3c2a22", "#2a1c17"), ("#5f2f28", "#2a1512"), 0)
    for degrees, middle, tone in ((-5, (760, 470), "#d8cba9"), (2.5, (800, 460), "#f3ead2")):
        sheet = turned(box(980, 760), middle, degrees)
        shadow(canvas, sheet)
        canvas.polygon(tone, sheet)
    at = (800, 460)
    with canvas.painting("#3a2d1f", strength=0.85) as pen:
        pen.line(turned([(-240, -310), (240, -310)], at, 2.5), 16)
        pen.line(turned([(-130, -270), (130, -270)], at, 2.5), 7)
    for n in range(13):
        right = canvas.chance.uniform(330, 400) if n % 5 != 4 else canvas.chance.uniform(-40, 120)
        canvas.line("#5b4c39", turned([(-400, -215 + n * 28), (right, -215 + n * 28)], at, 2.5), 6, strength=0.6)
    for x in (-300, 30):
        strokes = [(x + k * 9, 262 + 26 * math.sin(k * 1.7) * (1 - k / 30)) for k in range(25)]
        canvas.line("#1d2a4d", turned(strokes, at, 2.5), 4)
        canvas.line("#6b5c47", turned([(x - 10, 300), (x + 240, 300)], at, 2.5), 2)
    seal = (1130, 720)
    with canvas.painting("#6d1b1d") as pen:
        pen.polygon([(1096, 730), (1076, 872), (1110, 850), (1130, 880), (1140, 730)])
        pen.polygon([(1126, 730), (1152, 868), (1172, 836), (1206, 852), (1164, 720)])
    canvas.disc("#1d0b08", seal[0] + 8, seal[1] + 12, 88, soft=10, strength=0.6)
    with canvas.painting("#8e2226") as pen:
        for a in (k * math.pi / 8 for k in range(16)):
            pen.disc(seal[0] + 76 * math.cos(a), seal[1] + 76 * math.sin(a), 20)
        pen.disc(*seal, 80)
    with canvas.painting("#c4555a", strength=0.8) as pen:
        pen.disc(*seal, 58)
        pen.disc(*seal, 52, value=0)
    canvas.polygon(
        "#c4555a",
        [
            (
                seal[0] + (40 if k % 2 else 17) * math.sin(k * math.pi / 5),
                seal[1] + (40 if k % 2 else 17) * math.cos(k * math.pi / 5),
            )
            for k in range(10)
        ],
        strength=0.8,
    )
    _fountain_pen(canvas, (300, 640), -52, "#15202f")
    _fountain_pen(canvas, (210, 600), -60, "#3c1719")


def _fountain_pen(canvas: Canvas, at: tuple[float, float], degrees: float, paint: str) -> None:
    """A fountain pen; its nib points to the right."""
    barrel = turned([(-300, -21), (90, -24), (130, -15), (130, 15), (90, 24), (-300, 21), (-316, 0)], at, degrees)
    nib = turned([(130, -13), (186, -9), (226, 0), (186, 9), (130, 13)], at, degrees)
    shadow(canvas, barrel + nib[1:4])
    canvas.polygon(paint, barrel)
    canvas.polygon(
        "#ffffff", turned([(-300, -15), (90, -17), (90, -7), (-300, -6)], at, degrees), soft=2, strength=0.35
    )
    with canvas.painting("#d8b25c") as pen:
        pen.polygon(nib)
        pen.polygon(turned(box(16, 50), at, degrees))
    canvas.line("#3a2a10", turned([(150, 0), (224, 0)], at, degrees), 2)


def pen(canvas: Canvas) -> None:
    table(canvas, ("#6f5a45", "#4a3929"), ("#7a5535", "#412a17"), 0)
    sheet = turned(box(1250, 900), (840, 500), -6)
    shadow(canvas, sheet)
    canvas.polygon(gradient(canvas.size, "#fbf6e8", "#e6dcc3"), sheet)
    for n in range(9):
        y = -330 + n * 78
        end = 500 if n % 4 != 3 else 80
        words, x = [], -520
        while x < end:
            wide = canvas.chance.uniform(40, 130)
            words.append([(x + k * 6, y + canvas.chance.uniform(-9, 9)) for k in range(int(wide / 6))])
            x += wide + 24
        with canvas.painting("#22304f") as pen:
            for word in words:
                pen.line(turned(word, (840, 500), -6), 3.4)
    struck = [(x, -18 + 5 * math.sin(x / 60)) for x in range(-530, 520, 12)]
    with canvas.painting("#9b2226", strength=0.9) as pen:
        pen.line(turned(struck, (840, 500), -6), 8)
        pen.line(turned([(x, y + 14) for x, y in struck], (840, 500), -6), 5)
    _fountain_pen(canvas, (1130, 640), 205, "#1b2433")


def _paper(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#f4eedf", "#e7dec9"))
    canvas.lay("#cbbd9d", canvas.noise(7, 50, 220).point(lambda v: max(0, v - 140)), 0.5)


def map(canvas: Canvas) -> None:
    _paper(canvas)
    height = canvas.noise(4, 8, 18)
    coast = [(x + 540, y) for y, x in ((p[0] * 900 / 1600, p[1]) for p in ridge(canvas.chance, 1600, 0, 90, steps=6))]
    canvas.polygon("#bfd0d0", [(0, 0), *coast, (0, 900)])
    for n in range(1, 6):
        canvas.line("#7f9ca0", [(x - n * 26, y) for x, y in coast], 2, strength=0.8 - n * 0.12)
    land = canvas.mask(lambda pen: pen.polygon([(1600, 0), *coast, (1600, 900)]))
    rings = height.point([255 if value % 22 < 3 and value > 60 else 0 for value in range(256)])
    canvas.lay("#d9cba4", ImageChops.multiply(height.point(lambda v: max(0, v - 110)), land), 0.9)
    canvas.lay("#a58a58", ImageChops.multiply(rings, land), 0.55)
    canvas.line("#3c4b4d", coast, 5)
    border = [(x, y + 430) for x, y in ridge(canvas.chance, 1100, 0, 46, steps=5)]
    border = [(x + 540, y) for x, y in border]
    with canvas.painting("#9b2226") as pen:
        for k in range(0, len(border) - 1, 2):
            pen.line(border[k : k + 2], 8)
    canvas.line("#9b2226", border, 26, soft=6, strength=0.18)
    north = [(760, -10), (850, 180), (1010, 330), (1090, 520), (1240, 700), (1300, 910)]
    east = [(590, 690), (800, 640), (1000, 560), (1090, 520), (1330, 420), (1610, 330)]
    for line in (north, east):
        canvas.line("#4a3f2f", line, 13)
        canvas.line("#f1d27c", line, 7)
    for x, y, size in ((1090, 520, 17), (850, 180, 11), (1240, 700, 11), (1330, 420, 10), (700, 660, 10)):
        with canvas.painting("#221d17") as pen:
            pen.disc(x, y, size + 5)
            pen.disc(x, y, size, value=0)
        canvas.disc("#fbf7ea", x, y, size)
        canvas.box("#3a332a", x + 34, y - 6, x + 60 + size * 6, y + 3, strength=0.8)
    rose = (250, 690)
    with canvas.painting("#2d3b3d") as pen:
        for a in (k * math.pi / 2 for k in range(4)):
            pen.polygon(
                [
                    (rose[0] + 96 * math.sin(a), rose[1] - 96 * math.cos(a)),
                    (rose[0] + 18 * math.sin(a + 0.8), rose[1] - 18 * math.cos(a + 0.8)),
                    rose,
                ]
            )
    with canvas.painting("#2d3b3d", strength=0.7) as pen:
        pen.disc(*rose, 70)
        pen.disc(*rose, 67, value=0)


def rings(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#1e2a38", "#131b26"))
    canvas.lay("#31455a", canvas.noise(5, 14, 60).point(lambda v: max(0, v - 120)), 0.6)
    canvas.glow((800, 450), 430, "#4d6a86", 0.6)
    for n in range(1, 9):
        radius, count = n * 62, n * 11
        tone = mix("#f1e4c4", "#5f7f98", n / 9)
        turn = canvas.chance.uniform(0, 1)
        dots = [
            (
                800 + radius * math.cos(turn + 2 * math.pi * k / count),
                450 + radius * math.sin(turn + 2 * math.pi * k / count),
            )
            for k in range(count)
        ]
        with canvas.painting(tone) as pen:
            for x, y in dots:
                pen.disc(x, y, 10 - n * 0.4)
        with canvas.painting("#17212d") as pen:
            for x, y in dots:
                pen.disc(x, y, 6.5 - n * 0.4, value=255)
    canvas.disc("#d0463b", 800, 450, 26)
    canvas.glow((800, 450), 90, "#f0695c", 0.5)


def chart(canvas: Canvas) -> None:
    _paper(canvas)
    with canvas.painting("#a99d86", strength=0.7) as pen:
        for y in range(130, 760, 105):
            pen.box(150, y, 1480, y + 1.5)
    for n, value in enumerate((250, 330, 300, 410, 380, 520, 470)):
        x, top = 210 + n * 182, 760 - value
        tone = "#9b2226" if n == 5 else "#3d5563"
        canvas.box(gradient(canvas.size, mix(tone, "#ffffff", 0.12), tone), x, top, x + 112, 760)
        spread = 34 + canvas.chance.uniform(0, 44)
        with canvas.painting("#17140f") as pen:
            pen.line([(x + 56, top - spread), (x + 56, top + spread)], 3.5)
            pen.line([(x + 56 - 17, top - spread), (x + 56 + 17, top - spread)], 3.5)
            pen.line([(x + 56 - 17, top + spread), (x + 56 + 17, top + spread)], 3.5)
        canvas.box("#6e6452", x + 26, 788, x + 86, 796)
    with canvas.painting("#2c2820") as pen:
        pen.box(150, 758, 1480, 763)
        pen.box(150, 90, 154, 763)


def curve(canvas: Canvas) -> None:
    _paper(canvas)
    with canvas.painting("#b3a88f", strength=0.6) as pen:
        for x in range(160, 1500, 66):
            pen.box(x, 90, x + 1.2, 780)
        for y in range(120, 780, 66):
            pen.box(160, y, 1480, y + 1.2)
    points = [(160 + x * 1290, 752 - 24 * x - 610 * x**5.2) for x in (k / 160 for k in range(161))]
    under = canvas.mask(lambda pen: pen.polygon([*points, (1450, 780), (160, 780)]))
    canvas.lay(gradient(canvas.size, "#9b2226", "#e6c9ae"), under, 0.42)
    canvas.line("#3d2a20", [(x + 5, y + 8) for x, y in points], 11, soft=6, strength=0.4)
    canvas.line("#9b2226", points, 11)
    for k in (0, 40, 80, 112, 136, 152, 160):
        canvas.disc("#9b2226", *points[k], 16)
        canvas.disc("#f8f2e2", *points[k], 9)
    with canvas.painting("#2c2820") as pen:
        pen.box(156, 778, 1490, 783)
        pen.box(156, 80, 161, 783)
