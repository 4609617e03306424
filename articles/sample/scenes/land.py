"""Outside the town: bridge, park, road, river, hills, night sky."""

import math

from PIL import ImageChops

from articles.sample.brush import (
    Canvas,
    Pen,
    figure,
    gradient,
    ground_below,
    reflect,
    ridge,
    ripples,
)


def bridge(canvas: Canvas) -> None:
    canvas.sky("#7f97a5", "#f3dfbf", "#c9c6b8")
    canvas.glow((1180, 400), 420, "#fff3d4", 0.8)
    canvas.polygon("#9ba39b", ground_below(ridge(canvas.chance, 1600, 400, 50), 640), strength=0.8)
    canvas.polygon("#717f74", ground_below(ridge(canvas.chance, 1600, 500, 34), 640))
    centres, half, crown = [150, 475, 800, 1125, 1450], 138, 432

    def stone(pen: Pen) -> None:
        pen.polygon([(0, 410), (800, 380), (1600, 410), (1600, 640), (0, 640)])
        for x in centres:
            pen.disc(x, crown + half, half, half, value=0)
            pen.box(x - half, crown + half, x + half, 640, value=0)

    mask = canvas.mask(stone)
    canvas.lay(gradient(canvas.size, "#8c7a64", "#55493d", "#7a6a57"), mask)
    speckle = canvas.noise(90, 200).point(lambda v: max(0, v - 150))
    canvas.lay("#c2ab88", ImageChops.multiply(mask, speckle), 0.8)
    with canvas.painting("#a08c72") as pen:
        for x in centres:
            pen.line(_arch(x, crown, half + 9), 13)
    with canvas.painting("#2e2822", soft=3, strength=0.75) as pen:
        for x in centres:
            pen.line(_arch(x, crown, half - 4), 10)
    canvas.polygon("#a8957b", [(0, 398), (800, 366), (1600, 398), (1600, 416), (800, 386), (0, 416)])
    reflect(canvas, 632, "#5f7273", 0.42)
    ripples(canvas, 640, 890, "#f4ecd6", 190, 0.4)
    with canvas.painting("#4b4136") as pen:
        for c in (312, 637, 962, 1287):
            pen.polygon([(c - 42, 640), (c, 596), (c + 42, 640), (c + 30, 656), (c - 30, 656)])


def _arch(x: float, crown: float, radius: float) -> list[tuple[float, float]]:
    steps = (math.pi * step / 24 for step in range(25))
    return [(x - radius * math.cos(a), crown + 138 - radius * math.sin(a)) for a in steps]


def bench(canvas: Canvas) -> None:
    canvas.sky("#d8cfae", "#f3e6c4")
    for base, paint in ((520, "#cbb98a"), (570, "#a99a68")):
        with canvas.painting(paint, soft=5) as pen:
            for x in range(0, 1650, 70):
                pen.disc(x, base - canvas.chance.randint(0, 60), canvas.chance.randint(50, 110))
    canvas.box(gradient(canvas.size, "#b39a58", "#6f6234", "#93803f"), 0, 590, 1600, 900)
    canvas.polygon("#d3c196", [(1600, 640), (620, 700), (0, 850), (0, 900), (1600, 820)], soft=4)
    canvas.polygon(
        gradient(canvas.size, "#4a3826", "#2c2118"),
        [
            (1090, 780),
            (1120, 460),
            (1060, 300),
            (1100, 290),
            (1150, 400),
            (1190, 270),
            (1226, 282),
            (1186, 470),
            (1230, 780),
        ],
    )
    for tone, count, spread in (
        ("#6d3f1d", 300, 1.0),
        ("#a9642a", 420, 0.95),
        ("#d69a3f", 330, 0.88),
        ("#edc46a", 160, 0.8),
    ):
        with canvas.painting(tone, strength=0.92) as pen:
            for _ in range(count):
                _leaf(canvas, pen, 1140, 230, 470 * spread, 250 * spread)
    with canvas.painting("#b8702c", strength=0.85) as pen:
        for _ in range(220):
            pen.disc(canvas.chance.uniform(300, 1600), 640 + 250 * canvas.chance.random(), 9, 4)
    canvas.disc("#3f3719", 560, 806, 330, 20, soft=9, strength=0.55)
    with canvas.painting("#5e3a22") as pen:
        for y in (560, 590, 620):
            pen.box(300, y, 820, y + 21)
        pen.polygon([(284, 676), (836, 676), (850, 702), (270, 702)])
    with canvas.painting("#a06b3f") as pen:
        for y in (560, 590, 620):
            pen.box(300, y, 820, y + 5)
    with canvas.painting("#1d1d1b") as pen:
        for x in (340, 770):
            pen.line([(x, 548), (x + 8, 700), (x - 4, 808)], 11)
            pen.line([(x + 6, 700), (x + 30, 808)], 11)


def _leaf(canvas: Canvas, pen: Pen, x: float, y: float, wide: float, high: float) -> None:
    angle, reach = canvas.chance.uniform(0, 2 * math.pi), canvas.chance.random() ** 0.5
    centre = (x + math.cos(angle) * reach * wide, y + math.sin(angle) * reach * high)
    pen.disc(*centre, canvas.chance.uniform(6, 22), canvas.chance.uniform(5, 15), canvas.chance.randint(140, 255))


def road(canvas: Canvas) -> None:
    canvas.sky("#4d6d8b", "#f5dfba", "#b9c3bf")
    canvas.clouds("#fff4e2", 0.8, until=430)
    canvas.glow((800, 455), 420, "#fff2cc", 0.9)
    canvas.polygon("#7f8c8d", ground_below(ridge(canvas.chance, 1600, 440, 26), 480))
    canvas.box(gradient(canvas.size, "#c2a75d", "#7b6331", "#a68a45"), 0, 462, 1600, 900)
    for n in range(60):
        y = 466 + (n / 60) ** 1.8 * 434
        canvas.chance.seed(f"road {n}")
        with canvas.painting("#e3cd85" if n % 2 else "#6d5a2c", strength=0.55) as pen:
            for x in range(0, 1600, 9):
                pen.line([(x, y), (x + canvas.chance.uniform(-5, 5), y - 2 - n * 0.5)], 1 + n / 26)
    canvas.polygon(
        gradient(canvas.size, "#8f8b83", "#3d3c3d", "#66635f"), [(794, 462), (806, 462), (1420, 900), (180, 900)]
    )
    with canvas.painting("#efe9d8", strength=0.9) as pen:
        for n in range(9):
            pen.polygon(_dash(n))
    for n in range(7):
        depth = 1 / (1 + n * 0.9)
        x, foot = 800 - 760 * depth, 462 + 400 * depth
        with canvas.painting("#33302c") as pen:
            pen.line([(x, foot), (x, foot - 520 * depth)], 13 * depth)
            pen.line([(x - 60 * depth, foot - 470 * depth), (x + 60 * depth, foot - 470 * depth)], 8 * depth)


def _dash(n: int) -> list[tuple[float, float]]:
    near, far = 1 / (1 + n * 0.75), 1 / (1 + (n + 0.4) * 0.75)
    y, top = 462 + 438 * near, 462 + 438 * far
    return [(800 - 12 * near, y), (800 + 12 * near, y), (800 + 12 * far, top), (800 - 12 * far, top)]


def river(canvas: Canvas) -> None:
    canvas.sky("#9db5c0", "#f7e7c9", "#d8d9cb")
    canvas.glow((620, 380), 430, "#fff5d8", 0.85)
    for base, rise, paint in ((430, 34, "#a4b0a3"), (470, 22, "#82917c"), (500, 14, "#62735a")):
        line = ridge(canvas.chance, 1600, base, rise)
        canvas.polygon(paint, ground_below(line, 520))
    reflect(canvas, 515, "#8ea5a6", 0.3)
    ripples(canvas, 522, 890, "#fffbe9", 170, 0.5)
    canvas.polygon(
        gradient(canvas.size, "#6f7b45", "#2f3a22"),
        [(0, 560), (360, 590), (520, 650), (330, 740), (240, 900), (0, 900)],
    )
    canvas.polygon(
        gradient(canvas.size, "#6a7744", "#2b351f"),
        [(1600, 540), (1320, 560), (1180, 620), (1330, 720), (1420, 900), (1600, 900)],
    )
    for tone, count in (("#3b4a26", 170), ("#5d6f35", 170), ("#93964f", 120)):
        with canvas.painting(tone) as pen:
            for _ in range(count):
                _reed(canvas, pen)
    with canvas.painting("#f7f5ee") as pen:
        pen.polygon([(790, 640), (815, 628), (862, 632), (846, 652), (806, 654)])
        pen.line([(858, 634), (876, 602), (892, 604)], 7)


def _reed(canvas: Canvas, pen: Pen) -> None:
    left = canvas.chance.random() < 0.55
    foot_x = canvas.chance.uniform(-10, 400) if left else canvas.chance.uniform(1250, 1610)
    inward = foot_x if left else 1600 - foot_x
    foot = canvas.chance.uniform(640, 905) - inward * 0.12
    high, lean = canvas.chance.uniform(110, 330) * (1.1 - inward / 700), canvas.chance.uniform(-40, 46)
    top = (foot_x + lean, foot - high)
    pen.line([(foot_x, foot), (foot_x + lean * 0.35, foot - high * 0.6), top], canvas.chance.uniform(2, 4.5))
    if canvas.chance.random() < 0.3:
        pen.line([(top[0] - lean * 0.08, top[1] + high * 0.13), top], 10)


def valley(canvas: Canvas) -> None:
    canvas.sky("#7fa0b5", "#f2e7cf", "#c6d2d0")
    canvas.clouds("#ffffff", 0.8, until=330)
    for base, rise, paint in ((330, 95, "#96a9b0"), (410, 80, "#7d938f"), (480, 60, "#66806e")):
        line = ridge(canvas.chance, 1600, base, rise, rough=0.5)
        canvas.polygon(paint, ground_below(line, 900))
        canvas.haze("#dfe3d6", base - 40, base + 130, 0.4)
    greens = ["#7f9350", "#a3a655", "#6c8648", "#b9ab58", "#5b7a43", "#94994f"]
    for n in range(15):
        y = 520 + n * 26 + n * n * 0.35
        left = [(x, y + 110 * ((800 - x) / 800) ** 2 * -1 + math.sin(x / 130 + n) * 7) for x in range(-20, 1640, 20)]
        canvas.polygon(greens[n % 6], ground_below(left, 900))
        canvas.line("#4c4a2b", left, 4, strength=0.55)
    for _ in range(34):
        x, y = canvas.chance.gauss(800, 150), canvas.chance.gauss(600, 22)
        wide, high = canvas.chance.uniform(22, 42), canvas.chance.uniform(18, 34)
        canvas.box(canvas.chance.choice(["#efe6d2", "#e2d2b4", "#d9c9ae"]), x, y - high, x + wide, y)
        canvas.polygon(
            canvas.chance.choice(["#a4472f", "#8a3c2c", "#b5573a"]),
            [(x - 4, y - high), (x + wide / 2, y - high - 15), (x + wide + 4, y - high)],
        )
    with canvas.painting("#d8cbb2") as pen:
        pen.box(806, 490, 836, 600)
        pen.polygon([(800, 492), (821, 420), (842, 492)])
    canvas.polygon("#5d5a56", [(800, 492), (821, 420), (842, 492)])


def telescope(canvas: Canvas) -> None:
    _night(canvas)
    canvas.polygon("#070a12", ground_below(ridge(canvas.chance, 1600, 700, 40), 900))

    def instrument(pen: Pen) -> None:
        for x in (640, 800, 900):
            pen.polygon([(778, 560), (802, 560), (x + 9, 850), (x - 9, 850)])
        pen.disc(790, 556, 34)
        pen.polygon([(560, 640), (1098, 330), (1130, 384), (590, 694)])
        pen.polygon([(1082, 316), (1122, 292), (1166, 366), (1124, 388)])
        pen.polygon([(530, 672), (566, 650), (580, 676), (546, 697)])
        pen.polygon([(660, 560), (830, 462), (840, 480), (670, 578)])

    canvas.fill(instrument, "#05070d")
    with canvas.painting("#7f93b5", strength=0.8) as pen:
        pen.line([(562, 642), (1098, 333)], 4)
        pen.line([(1084, 316), (1122, 294)], 4)
    with canvas.painting("#05070d") as pen:
        figure(pen, 470, 852, 0.95)


def stars(canvas: Canvas) -> None:
    _night(canvas, count=1500)
    canvas.glow((930, 380), 46, "#ffffff", 0.9)
    canvas.disc("#fffdf2", 930, 380, 6)
    with canvas.painting("#e0a04c", strength=0.95) as pen:
        pen.disc(930, 380, 66)
        pen.disc(930, 380, 62, value=0)


def _night(canvas: Canvas, count: int = 800) -> None:
    canvas.sky("#060914", "#27344f", "#0f1729")
    milk = canvas.noise(4, 10, 30, 90).point(lambda v: max(0, v - 120))
    band = canvas.mask(lambda pen: pen.polygon([(500, 0), (1150, 0), (800, 900), (120, 900)]), soft=130)
    canvas.lay("#93a3c9", ImageChops.multiply(milk, band), 0.75)
    for big in (False, True):

        def dots(pen: Pen, big: bool = big) -> None:
            for _ in range(count // 14 if big else count):
                size = canvas.chance.uniform(1.6, 3) if big else canvas.chance.uniform(0.5, 1.5)
                where = (canvas.chance.uniform(0, 1600), canvas.chance.uniform(0, 900))
                pen.disc(*where, size, value=canvas.chance.randint(110, 255))

        canvas.fill(dots, "#fff6e0" if big else "#dfe8ff")
