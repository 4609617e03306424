"""The coast: harbour, boats, weather."""

from articles.sample.brush import Canvas, Pen, gradient, ground_below, reflect, ridge, ripples


def harbour(canvas: Canvas) -> None:
    canvas.sky("#33465f", "#f2c79a", "#b7907f")
    canvas.glow((1120, 430), 520, "#ffe3b0", 0.9)
    canvas.polygon("#6d6a76", ground_below(ridge(canvas.chance, 1600, 430, 45), 520))

    def sheds(pen: Pen) -> None:
        x = 0
        while x < 1600:
            wide, high = canvas.chance.randint(50, 130), canvas.chance.randint(40, 110)
            pen.polygon(
                [(x, 505), (x, 505 - high), (x + wide / 2, 480 - high), (x + wide, 505 - high), (x + wide, 505)]
            )
            x += wide

    canvas.fill(sheds, "#474a58")
    reflect(canvas, 500, "#33405a", 0.35)
    ripples(canvas, 510, 880, "#ffe7bd", 130, 0.35)
    for row, (base, scale, paint) in enumerate([(590, 0.7, "#3a4154"), (690, 1.0, "#272e40"), (830, 1.5, "#151a27")]):
        with canvas.painting(paint) as pen:
            _moored(canvas, pen, base, scale, row)


def _moored(canvas: Canvas, pen: Pen, base: float, scale: float, row: int) -> None:
    x = -60 + row * 35
    while x < 1640:
        _boat(pen, x, base, scale * canvas.chance.uniform(0.85, 1.15))
        x += canvas.chance.uniform(105, 190) * scale


def _boat(pen: Pen, x: float, base: float, scale: float) -> None:
    """A fishing boat, seen from the side; `base` is its water line."""

    def at(right: float, up: float) -> tuple[float, float]:
        return (x + right * scale, base - up * scale)

    pen.polygon([at(0, 0), at(-12, 34), at(10, 26), at(88, 26), at(122, 42), at(104, 0)])
    pen.polygon([at(18, 26), at(18, 58), at(54, 58), at(60, 26)])
    pen.line([at(70, 26), at(70, 168)], 2.6 * scale)
    pen.line([at(70, 160), at(116, 42)], 1 * scale)
    pen.line([at(70, 160), at(0, 34)], 1 * scale)
    pen.line([at(70, 92), at(34, 120)], 1.6 * scale)


def tide(canvas: Canvas) -> None:
    canvas.sky("#8fa8b8", "#e9dfcb")
    canvas.clouds("#ffffff", 0.7, until=330)
    canvas.box(gradient(canvas.size, "#7d8f93", "#8a7455", "#c0aa85"), 0, 330, 1600, 900)
    canvas.box("#5d7b86", 0, 330, 1600, 392)
    for y, strength in ((388, 0.9), (402, 0.5), (372, 0.6)):
        crest = ridge(canvas.chance, 1600, y, 3, steps=5)
        canvas.line("#f4f1e6", crest, 5, soft=1.2, strength=strength)
    with canvas.painting("#dfe4df", soft=5, strength=0.5) as pen:
        for n in range(12):
            pen.disc(canvas.chance.randint(0, 1600), 470 + n * 12, 240, 7)
    line = [(x, 640 + (x - 800) ** 2 / 9000 + canvas.chance.uniform(-9, 9)) for x in range(-20, 1640, 14)]

    def wrack(pen: Pen) -> None:
        for x, y in line:
            for _ in range(9):
                dx, dy = canvas.chance.gauss(0, 15), canvas.chance.gauss(0, 8)
                end = (x + dx + canvas.chance.uniform(-20, 20), y + dy + canvas.chance.uniform(-7, 7))
                pen.line([(x + dx, y + dy), end], canvas.chance.uniform(1.5, 4.5))

    canvas.fill(wrack, "#2b2a1e", soft=0.6, strength=0.95)


def lighthouse(canvas: Canvas) -> None:
    canvas.sky("#131c33", "#e0906a", "#54506f")
    canvas.clouds("#f2b79a", 0.4, until=620)
    canvas.polygon("#ffe9b5", [(1108, 262), (-40, 70), (-40, 330)], soft=14, strength=0.34)
    canvas.polygon("#ffe9b5", [(1108, 262), (1700, 150), (1700, 330)], soft=14, strength=0.3)
    reflect(canvas, 655, "#20283f", 0.5)
    ripples(canvas, 660, 890, "#f5c6a0", 120, 0.45)
    land = [(500, 690), (640, 640), (830, 604), (1000, 588), (1180, 585), (1400, 600), (1640, 566), (1640, 760)]
    canvas.polygon(gradient(canvas.size, "#1b2133", "#0a0d17"), [*land, (1200, 742), (820, 712)])
    canvas.polygon("#e8dccd", [(1072, 590), (1086, 292), (1130, 292), (1144, 590)])
    canvas.polygon("#8d8794", [(1108, 590), (1108, 292), (1130, 292), (1144, 590)], strength=0.7)
    for top, half in ((340, 25), (440, 29), (530, 33)):
        canvas.box("#7c2b2b", 1108 - half, top, 1108 + half, top + 44, strength=0.9)
    with canvas.painting("#151a28") as pen:
        pen.box(1076, 284, 1140, 294)
        pen.polygon([(1088, 244), (1108, 220), (1128, 244)])
    canvas.box("#ffedc2", 1092, 246, 1124, 284)
    canvas.glow((1108, 264), 120, "#fff3d0", 0.95)
    with canvas.painting("#0e1220") as pen:
        pen.box(1180, 548, 1270, 590)
        pen.polygon([(1170, 550), (1225, 520), (1280, 550)])


def strait(canvas: Canvas) -> None:
    canvas.sky("#5a7388", "#f4e1c1", "#c0bca9")
    canvas.glow((800, 470), 480, "#fff2cf", 0.9)
    canvas.polygon("#9aa3a3", ground_below(ridge(canvas.chance, 1600, 455, 24), 505), strength=0.7)
    reflect(canvas, 500, "#7c919b", 0.35)
    ripples(canvas, 505, 890, "#fff6dd", 220, 0.5)
    for side, base, reach, paint in ((1, 520, 620, "#6b7c80"), (-1, 560, 560, "#475a60"), (1, 640, 380, "#28383f")):
        slope = ridge(canvas.chance, reach, 0, 34, steps=6)
        line = [(x, y - 210 * (1 - x / reach) ** 0.75 + base - 12 * (1 - x / reach)) for x, y in slope]
        line = [(x if side > 0 else 1600 - x, min(y, base)) for x, y in line]
        shore = [line[-1], (line[-1][0], base), (line[0][0], base + 26), line[0]]
        canvas.polygon(paint, line + shore)
    ship = [(690, 566), (706, 592), (900, 592), (918, 560), (872, 562), (872, 526), (838, 526), (838, 562)]
    with canvas.painting("#1c272e") as pen:
        pen.polygon(ship)
        pen.line([(856, 526), (856, 500)], 3)
    with canvas.painting("#6e3f33") as pen:
        for n in range(4):
            pen.box(712 + n * 30, 546, 738 + n * 30, 566)
    canvas.polygon("#26353d", [(700, 594), (912, 594), (1010, 606), (620, 604)], soft=4, strength=0.6)


def storm(canvas: Canvas) -> None:
    canvas.sky("#14181f", "#7d8a8c", "#3d474e")
    canvas.lay("#0d1015", canvas.noise(4, 9, 22, 50).point(lambda v: max(0, v - 90)), 1)
    canvas.haze("#93a09f", 300, 560, 0.5)
    for step in range(6):
        base = 500 + step * 62
        crest = ridge(canvas.chance, 1600, base, 24 + step * 7, steps=6, rough=0.6)
        tone = ("#5d6f72", "#516468", "#42565b", "#33464c", "#25373d", "#18262b")[step]
        canvas.polygon(tone, ground_below(crest, 900))
        canvas.line("#dfe8e6", crest, 3 + step, soft=2.5, strength=0.55)
    wall = [(960, 900), (1010, 640), (1040, 620), (1600, 560), (1600, 900)]

    def spray(pen: Pen) -> None:
        for _ in range(1500):
            reach = canvas.chance.random() ** 0.7
            x = 1010 + canvas.chance.gauss(0, 150) * (0.35 + reach) + 90 * reach
            y = 690 - reach * 520 + canvas.chance.gauss(0, 40)
            pen.disc(x, y, canvas.chance.uniform(1, 13) * (1.15 - reach), value=canvas.chance.randint(60, 230))

    canvas.fill(spray, "#eef4f3", soft=9, strength=0.85)
    canvas.polygon(gradient(canvas.size, "#4a4a47", "#121314"), wall)
    canvas.polygon("#72726c", [(1010, 640), (1040, 620), (1600, 560), (1600, 582), (1042, 642)])
    canvas.fill(spray, "#f4f9f8", soft=2, strength=0.5)


def ferry(canvas: Canvas) -> None:
    canvas.sky("#7fa3ba", "#f3e9d5", "#c3d0d0")
    canvas.clouds("#ffffff", 0.8, until=420)
    island = ridge(canvas.chance, 900, 0, 26, steps=6)
    line = [(x + 620, 520 + y * 0.6 - 120 * max(0, 1 - ((x - 430) / 450) ** 2)) for x, y in island]
    canvas.polygon(gradient(canvas.size, "#9fb0b0", "#64797b"), ground_below(line, 525))
    reflect(canvas, 520, "#54798a", 0.5)
    ripples(canvas, 526, 890, "#f7f7ea", 260, 0.45)
    hull = [(330, 640), (352, 706), (786, 706), (830, 632), (700, 640)]
    canvas.polygon("#eef3ee", [(300, 712), (850, 704), (1500, 742), (120, 748)], soft=7, strength=0.55)
    canvas.polygon("#1e3442", hull)
    canvas.polygon("#7e2f2a", [(342, 676), (352, 706), (786, 706), (806, 674)])
    with canvas.painting("#f1ede0") as pen:
        pen.box(400, 584, 690, 640)
        pen.box(470, 540, 640, 584)
    with canvas.painting("#c2c0b4") as pen:
        pen.box(690, 584, 716, 640)
        pen.box(640, 540, 660, 584)
    with canvas.painting("#2b4453") as pen:
        for n in range(8):
            pen.box(416 + n * 34, 600, 438 + n * 34, 618)
    with canvas.painting("#2b4453") as pen:
        for n in range(5):
            pen.box(482 + n * 32, 552, 504 + n * 32, 570)
    with canvas.painting("#1e3442") as pen:
        pen.box(560, 486, 602, 540)
        pen.line([(520, 540), (520, 452)], 4)
    canvas.box("#c98a3b", 560, 500, 602, 514)
    with canvas.painting("#5c6468", soft=15, strength=0.35) as pen:
        for n in range(7):
            pen.disc(575 - n * 38, 470 - n * 13, 16 + n * 9)


def fog(canvas: Canvas) -> None:
    canvas.sky("#c9cdcb", "#9ea6a6", "#d9dad4")
    canvas.glow((520, 260), 420, "#fffdf3", 0.85)
    for scale, base, count, paint in ((0.8, 690, 9, "#aeb5b4"), (1.15, 760, 7, "#848d8e"), (1.7, 870, 5, "#4d585b")):
        for _ in range(count):
            x = canvas.chance.uniform(40, 1560)
            with canvas.painting(paint, soft=0.8 / scale) as pen:
                _mast(pen, x, base, scale * 1.1)
        canvas.haze("#d3d6d2", base - 330 * scale, base + 30, 0.75)
    canvas.haze("#dfe1dc", 520, 900, 0.9)
    canvas.lay("#e6e7e2", canvas.noise(4, 9, 18).point(lambda v: max(0, v - 120)), 0.7)


def _mast(pen: Pen, x: float, base: float, scale: float) -> None:
    top = base - 430 * scale
    pen.line([(x, base), (x, top)], 5 * scale)
    pen.line([(x - 34 * scale, top + 140 * scale), (x + 34 * scale, top + 140 * scale)], 2.5 * scale)
    pen.line([(x - 24 * scale, top + 60 * scale), (x + 24 * scale, top + 60 * scale)], 2 * scale)
    for reach in (-95, 95):
        pen.line([(x, top + 8), (x + reach * scale, base)], 1.2 * scale)
    pen.line([(x, base - 60 * scale), (x + 130 * scale, base - 70 * scale)], 4 * scale)


def ice(canvas: Canvas) -> None:
    canvas.sky("#a9bccb", "#f5e6da", "#d5dbe0")
    canvas.polygon("#8d9dad", ground_below(ridge(canvas.chance, 1600, 400, 34), 470))
    canvas.box(gradient(canvas.size, "#c4d3dd", "#a9c0ce", "#eaf1f3"), 0, 455, 1600, 900)
    canvas.lay("#ffffff", canvas.noise(7, 20, 70).point(lambda v: max(0, v - 120)), 0.7)

    def cracks(pen: Pen) -> None:
        for _ in range(26):
            near = canvas.chance.random() ** 1.3
            x, y = canvas.chance.uniform(0, 1600), 475 + near * 420
            line = [(x, y)]
            for _ in range(7):
                x += canvas.chance.uniform(30, 110) * (0.5 + near)
                y += canvas.chance.uniform(-16, 18) * (0.4 + near)
                line.append((x, y))
            pen.line(line, 1.2 + 3 * near)

    canvas.fill(cracks, "#5f8197", strength=0.75)
    for x, base, scale, paint in (
        (250, 545, 0.9, "#5b6b7b"),
        (1180, 560, 1.0, "#526373"),
        (640, 640, 1.75, "#2c3b4a"),
        (1290, 735, 1.6, "#26333f"),
    ):
        canvas.disc("#7d9aab", x + 55 * scale, base + 4, 95 * scale, 12 * scale, soft=5)
        with canvas.painting(paint) as pen:
            _boat(pen, x, base, scale)
        canvas.line(
            "#f6fafb",
            [
                (x - 10 * scale, base - 33 * scale),
                (x + 10 * scale, base - 27 * scale),
                (x + 88 * scale, base - 27 * scale),
                (x + 120 * scale, base - 42 * scale),
            ],
            5 * scale,
        )
    canvas.clouds("#ffffff", 0.5, until=300)


def crane(canvas: Canvas) -> None:
    canvas.sky("#2c4a63", "#f0c9a0", "#9fa9a8")
    canvas.clouds("#ffe6cc", 0.5, until=520)
    canvas.box(gradient(canvas.size, "#3b3a3c", "#222226"), 0, 742, 1600, 900)
    colours = ["#8c3b2e", "#2f5566", "#b98a3c", "#56664f", "#6b4a54", "#34404c", "#a9683f"]
    for level, (left, count) in enumerate([(60, 9), (60, 8), (222, 6), (384, 3)]):
        for n in range(count):
            x, top = left + n * 162, 660 - level * 84
            paint = canvas.chance.choice(colours)
            canvas.box(paint, x, top, x + 156, top + 80)
            with canvas.painting("#101318", strength=0.28) as pen:
                for k in range(12):
                    pen.box(x + 6 + k * 12, top + 7, x + 10 + k * 12, top + 73)

    def gantry(pen: Pen) -> None:
        for x in (1050, 1330):
            pen.polygon([(x, 742), (x + 22, 742), (x + 14, 230), (x, 230)])
        pen.polygon([(250, 214), (1580, 214), (1580, 240), (250, 240)])
        pen.line([(1050, 480), (1340, 480)], 14)
        pen.line([(1056, 230), (1338, 480)], 6)
        pen.line([(1190, 60), (1056, 230)], 10)
        pen.line([(1190, 60), (1336, 230)], 10)
        pen.line([(1190, 62), (300, 214)], 4)
        pen.line([(1190, 62), (1570, 214)], 4)
        pen.box(1372, 176, 1500, 214)
        pen.box(600, 240, 668, 268)
        for x in (612, 656):
            pen.line([(x, 268), (x, 372)], 2.5)
        for x in range(270, 1560, 44):
            pen.line([(x, 240), (x + 22, 214)], 2)

    canvas.fill(gantry, "#15202b")
    canvas.box("#b98a3c", 556, 372, 712, 408 + 22)


def fish(canvas: Canvas) -> None:
    canvas.image.paste("#d7e3e8", (0, 0, 1600, 900))
    lumps = canvas.noise(60, 130, 300)
    canvas.lay("#ffffff", lumps.point(lambda v: max(0, v - 120) * 2 if v < 247 else 255))
    canvas.lay("#7f9dac", lumps.point(lambda v: max(0, 105 - v) * 2), 0.7)
    for row in range(4):
        for n in range(5):
            x, y = 60 + n * 330 + row % 2 * 110, 180 + row * 185
            bend = canvas.chance.uniform(-14, 14)
            _fish(canvas, x + canvas.chance.uniform(-20, 20), y, bend)
    for left, top, right, bottom in ((0, 0, 1600, 62), (0, 838, 1600, 900), (0, 0, 54, 900), (1546, 0, 1600, 900)):
        canvas.box(gradient(canvas.size, "#a27c4f", "#6d4e2e"), left, top, right, bottom)
    with canvas.painting("#1e2b33", soft=7, strength=0.55) as pen:
        pen.box(54, 62, 1546, 80)
        pen.box(54, 62, 66, 838)


def _fish(canvas: Canvas, x: float, y: float, bend: float) -> None:
    top = [(0, 0), (40, -30), (110, -46), (190, -34), (250, -10 + bend / 2), (300, -44 + bend)]
    below = [(284, 0 + bend), (300, 44 + bend), (250, 12 + bend / 2), (190, 36), (110, 48), (40, 30)]
    outline = [(x + right, y + down) for right, down in top + below]
    canvas.polygon("#3d5866", [(a + 8, b + 14) for a, b in outline], soft=9, strength=0.55)
    canvas.polygon("#aebcc2", outline)
    back = [(x + right, y + down) for right, down in [*top[:5], (190, -8), (110, -12), (40, -8)]]
    canvas.polygon("#2d4552", back, soft=4, strength=0.95)
    canvas.polygon("#2d4552", [(x + 120, y - 42), (x + 168, y - 66), (x + 186, y - 34)])
    canvas.line("#465c67", [(x + 62, y - 36), (x + 72, y), (x + 62, y + 34)], 3, strength=0.8)
    canvas.disc("#f1ead0", x + 32, y - 8, 8)
    canvas.disc("#0d1418", x + 32, y - 8, 4.5)
