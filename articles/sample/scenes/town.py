"""A town: its streets, buildings and squares."""

from PIL import ImageChops

from articles.sample.brush import Canvas, Pen, figure, gradient, ground_below, mix, reflect, ridge, windows


def tram(canvas: Canvas) -> None:
    canvas.sky("#c9cfcd", "#f0dfc4")
    _facades(canvas, 610, ["#b7a892", "#a69a8b", "#c3ad90", "#9d9690", "#b39c84"], "#5a5650")
    canvas.box(gradient(canvas.size, "#8b8378", "#4a4744", "#77716a"), 0, 610, 1600, 900)
    with canvas.painting("#2c2b2b") as pen:
        pen.box(0, 742, 1600, 747)
        pen.box(0, 778, 1600, 784)
    canvas.disc("#2b2928", 800, 756, 640, 26, soft=12, strength=0.7)

    def body(pen: Pen) -> None:
        pen.polygon([(196, 420), (232, 384), (1368, 384), (1404, 420), (1410, 720), (190, 720)])

    canvas.fill(body, gradient(canvas.size, "#9c3a2d", "#6d2119", "#8a2b20"))
    canvas.box("#e6d5a8", 190, 552, 1410, 572)
    with canvas.painting("#27333a") as pen:
        for n in range(12):
            pen.box(236 + n * 98, 424, 316 + n * 98, 536)
    with canvas.painting("#9fb1b4", strength=0.5) as pen:
        for n in range(12):
            pen.polygon([(240 + n * 98, 536), (290 + n * 98, 424), (314 + n * 98, 424), (264 + n * 98, 536)])
    with canvas.painting("#52160f", strength=0.85) as pen:
        for x in (528, 920):
            pen.box(x, 420, x + 78, 712)
    with canvas.painting("#2d3a40") as pen:
        for x in (528, 920):
            pen.box(x + 8, 432, x + 70, 600)
    with canvas.painting("#1c1b1c") as pen:
        pen.box(210, 716, 1390, 744)
        for x in (330, 410, 1190, 1270):
            pen.disc(x, 748, 30)
    with canvas.painting("#6c6a66") as pen:
        for x in (330, 410, 1190, 1270):
            pen.disc(x, 748, 12)
    with canvas.painting("#26282a") as pen:
        pen.line([(0, 200), (1600, 188)], 3)
        pen.line([(760, 384), (700, 290), (820, 194)], 6)
    with canvas.painting("#2f3030") as pen:
        for x in (60, 1540):
            pen.line([(x, 0), (x, 640)], 9)
    canvas.disc("#fff2c4", 1392, 640, 15)
    canvas.glow((1392, 640), 90, "#fff2c4", 0.6)


def _facades(canvas: Canvas, ground: float, colours: list[str], glass: str, *, lit: float = 1) -> None:
    """A street front from edge to edge."""
    x, n = -30, 0
    while x < 1600:
        wide, high = canvas.chance.randint(190, 300), canvas.chance.randint(330, 540)
        left, right, top = x, x + wide, ground - high
        canvas.box(colours[n % len(colours)], left, top, right, ground)
        canvas.box("#2f2d2b", left, top, right, top + 16, strength=0.45)
        canvas.box("#1f1d1c", right - 7, top, right, ground, strength=0.25)
        panes = (left + 26, top + 42, right - 18, ground - 90)
        with canvas.painting(glass, strength=0.8) as pen:
            windows(pen, canvas.chance, panes, (25, 46), lit)
        x, n = right, n + 1


def houses(canvas: Canvas) -> None:
    canvas.sky("#1a2440", "#d38a6c", "#5b4f6d")
    canvas.clouds("#e7a98d", 0.35, until=420)
    x = -40
    while x < 1600:
        wide, high = canvas.chance.randint(150, 210), canvas.chance.randint(250, 330)
        top, right = 740 - high, x + wide
        tone = mix("#2a2c3d", "#3c3442", canvas.chance.random())
        roof = [(x - 8, top), (x + wide / 2, top - 105), (right + 8, top)]
        chimney = (x + wide * 0.68, top - 116, x + wide * 0.68 + 26, top - 40)
        canvas.box("#161823", *chimney)
        canvas.polygon("#1a1b28", roof)
        canvas.box(tone, x, top, right, 740)
        panes = (x + 24, top + 36, right - 6, 650)
        with canvas.painting("#ffcf7d", soft=7, strength=0.6) as pen:
            windows(pen, canvas.chance, panes, (30, 44), 0.62)
        canvas.chance.seed(f"houses {x}")
        with canvas.painting("#ffd992") as pen:
            windows(pen, canvas.chance, panes, (30, 44), 0.62)
        door = (x + wide / 2 - 20, 662, x + wide / 2 + 20, 740)
        canvas.box("#12131d", *door)
        x = right
    reflect(canvas, 752, "#1b1c28", 0.55)
    canvas.box("#12131b", 0, 738, 1600, 756)
    canvas.haze("#0d0e16", 740, 900, 0.6)


def shop(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#5b3b33", "#3f2823"))
    bricks = canvas.noise(150, 320)
    canvas.lay("#85584b", bricks.point(lambda v: max(0, v - 120)), 0.8)
    with canvas.painting("#2b1a17", strength=0.7) as pen:
        for y in range(0, 760, 22):
            pen.line([(0, y), (1600, y)], 1.5)
    canvas.box(gradient(canvas.size, "#83807b", "#5a5856"), 0, 760, 1600, 900)
    canvas.box("#20352f", 240, 150, 1360, 770)
    canvas.box("#16261f", 270, 176, 1330, 262)
    with canvas.painting("#d9b96a") as pen:
        for n, w in enumerate((44, 30, 48, 40, 22, 46, 34, 44, 26, 40, 46, 30)):
            pen.box(430 + n * 62, 206, 430 + n * 62 + w, 236)
    with canvas.painting(gradient(canvas.size, "#ffe9b8", "#d99d52")) as pen:
        pen.box(290, 330, 880, 690)
        pen.box(1090, 330, 1310, 560)
    canvas.box("#162720", 910, 320, 1064, 770)
    canvas.box(gradient(canvas.size, "#ffe3a8", "#c98b48"), 930, 344, 1044, 600)
    canvas.disc("#d9b96a", 1034, 640, 8)
    for y in (470, 580, 686):
        canvas.box("#4a3220", 290, y, 880, y + 8)
        with canvas.painting("#5b4229", strength=0.9) as pen:
            _goods(canvas, pen, 300, 870, y)
    with canvas.painting("#1a2d26") as pen:
        pen.box(580, 330, 590, 690)
        pen.box(1196, 330, 1204, 560)
    for n in range(16):
        left, right = 214 + n * 73.5, 214 + (n + 1) * 73.5
        low = [(left - 14, 372), (right - 14 + 14, 372)]
        strip = [(left + 20, 262), (right + 20, 262), *reversed(low)]
        canvas.polygon(("#b23a2e", "#efe4cf")[n % 2], strip)
        canvas.disc(("#8f2c23", "#d8ccb4")[n % 2], (low[0][0] + low[1][0]) / 2, 372, (low[1][0] - low[0][0]) / 2, 20)
    canvas.box("#0c1512", 200, 390, 1390, 430, soft=14, strength=0.5)
    canvas.glow((600, 800), 420, "#ffd48a", 0.5)


def _goods(canvas: Canvas, pen: Pen, left: float, right: float, floor: float) -> None:
    x = left
    while x < right - 40:
        wide, high = canvas.chance.randint(16, 44), canvas.chance.randint(24, 78)
        pen.box(x, floor - high, x + wide, floor, canvas.chance.randint(120, 255))
        x += wide + canvas.chance.randint(3, 12)


def bus(canvas: Canvas) -> None:
    canvas.sky("#9fb4bd", "#e9e2d3")
    canvas.clouds("#ffffff", 0.8, until=360)
    canvas.polygon("#76887f", ground_below(ridge(canvas.chance, 1600, 560, 50), 650))
    canvas.box(gradient(canvas.size, "#7d7d79", "#3f4042", "#6c6c69"), 0, 640, 1600, 900)
    canvas.box("#a9a69c", 0, 640, 1600, 664)
    canvas.disc("#1c1d1f", 1050, 800, 560, 24, soft=12, strength=0.7)
    canvas.polygon(
        gradient(canvas.size, "#e3c25a", "#a9752a", "#cf9f3c"),
        [(560, 420), (590, 370), (1560, 370), (1572, 400), (1572, 776), (552, 776)],
    )
    canvas.box("#5b3a1a", 552, 640, 1572, 668)
    with canvas.painting("#26343b") as pen:
        for n in range(6):
            pen.box(760 + n * 134, 420, 882 + n * 134, 560)
        pen.polygon([(572, 440), (590, 412), (640, 412), (640, 600), (562, 600)])
    with canvas.painting("#b9c7c7", strength=0.45) as pen:
        for n in range(6):
            pen.polygon([(770 + n * 134, 560), (838 + n * 134, 420), (872 + n * 134, 420), (804 + n * 134, 560)])
    canvas.box("#333b3b", 656, 410, 740, 760)
    with canvas.painting("#5c6d70") as pen:
        for x in (661, 700):
            pen.box(x, 422, x + 34, 744)
    for x in (730, 1360):
        canvas.disc("#17181a", x, 776, 62)
        canvas.disc("#8f9192", x, 776, 28)
    with canvas.painting("#2b3136") as pen:
        pen.box(150, 330, 158, 700)
        pen.box(112, 330, 196, 400)
    canvas.box("#e3c25a", 122, 340, 186, 372)
    for n, x in enumerate((236, 304, 392, 462)):
        tone = ("#1f2a33", "#46333a", "#29353a", "#39404b")[n]
        with canvas.painting(tone) as pen:
            figure(pen, x, 716 - n % 2 * 6, 1.0 + n % 3 * 0.07)


def lamp(canvas: Canvas) -> None:
    canvas.sky("#070a14", "#232a3d", "#121828")
    _facades(canvas, 640, ["#171b29", "#1b2030", "#141824"], "#f0b765", lit=0.05)
    canvas.polygon(gradient(canvas.size, "#1a1d29", "#12141c"), [(0, 640), (1600, 640), (1600, 900), (0, 900)])
    canvas.polygon("#ffd98c", [(540, 250), (620, 250), (1010, 880), (150, 880)], soft=26, strength=0.22)
    canvas.disc("#ffd489", 580, 800, 420, 76, soft=40, strength=0.55)
    stones = canvas.noise(110, 260).point(lambda v: max(0, v - 130))
    canvas.lay("#07080c", ImageChops.multiply(stones, canvas.mask(lambda pen: pen.box(0, 640, 1600, 900))), 0.9)
    canvas.glow((580, 214), 330, "#ffdf9c", 0.75)
    with canvas.painting("#0a0b10") as pen:
        pen.line([(580, 806), (580, 262)], 13)
        pen.polygon([(552, 812), (566, 740), (594, 740), (608, 812)])
        pen.line([(532, 300), (628, 300)], 6)
    canvas.polygon("#fff4d3", [(546, 178), (614, 178), (602, 258), (558, 258)])
    with canvas.painting("#0a0b10") as pen:
        pen.polygon([(532, 180), (580, 136), (628, 180)])
        pen.box(554, 256, 606, 264)
        pen.line([(580, 178), (580, 258)], 3)


def parking(canvas: Canvas) -> None:
    canvas.image.paste("#56575a", (0, 0, 1600, 900))
    canvas.lay("#3c3d40", canvas.noise(8, 40, 200).point(lambda v: max(0, v - 110)), 0.8)
    colours = ["#a53a2e", "#e8e4da", "#2f4a5e", "#1f2225", "#8f9498", "#c39a45", "#566a52", "#d7d9da"]
    for row, top in enumerate((30, 330, 600)):
        with canvas.painting("#e9e6d8", strength=0.8) as pen:
            for n in range(12):
                pen.box(40 + n * 138, top, 45 + n * 138, top + 250)
        for n in range(11):
            if canvas.chance.random() < 0.16:
                continue
            x, y = 69 + n * 138 + canvas.chance.uniform(-6, 6), top + 14 + canvas.chance.uniform(-8, 8)
            _car(canvas, x, y, canvas.chance.choice(colours), upward=row != 1)
    canvas.glow((300, -60), 900, "#fff1cf", 0.35)


def _car(canvas: Canvas, x: float, y: float, paint: str, *, upward: bool) -> None:

    def at(right: float, down: float) -> tuple[float, float]:
        return (x + right, y + (down if upward else 212 - down))

    def rounded(inset: float) -> list[tuple[float, float]]:
        corners = [(12, 0), (72, 0), (84, 22), (84, 196), (76, 212), (8, 212), (0, 196), (0, 22)]
        return [at(42 + (right - 42) * (1 - inset), 106 + (down - 106) * (1 - inset)) for right, down in corners]

    canvas.polygon("#17181a", [(a + 12, b + 12) for a, b in rounded(0)], soft=8, strength=0.6)

    def body(pen: Pen) -> None:
        pen.polygon(rounded(0))

    canvas.fill(body, paint)
    canvas.polygon(mix(paint, "#ffffff", 0.16), rounded(0.22))
    glass = mix(paint, "#10171c", 0.86)
    with canvas.painting(glass) as pen:
        pen.polygon([at(10, 74), at(20, 52), at(64, 52), at(74, 74), at(68, 84), at(16, 84)])
        pen.polygon([at(15, 170), at(69, 170), at(72, 186), at(12, 186)])
        pen.polygon([at(4, 88), at(11, 94), at(11, 160), at(4, 168)])
        pen.polygon([at(80, 88), at(73, 94), at(73, 160), at(80, 168)])


def courthouse(canvas: Canvas) -> None:
    canvas.sky("#5f7f9a", "#e6e3d8")
    canvas.clouds("#ffffff", 0.85, until=420)
    canvas.box(gradient(canvas.size, "#6f675c", "#4c453d"), 130, 330, 1470, 760)
    with canvas.painting("#2a2622", strength=0.8) as pen:
        for x in (300, 540, 970, 1210):
            pen.box(x, 420, x + 90, 740)
    canvas.box("#1b1815", 740, 400, 860, 750)
    for n in range(8):
        x = 196 + n * 167
        canvas.box("#211d1a", x + 30, 346, x + 74, 740, soft=8, strength=0.45)
        canvas.polygon("#d9cfbb", [(x + 4, 346), (x + 54, 346), (x + 58, 740), (x, 740)])
        with canvas.painting("#8d826f", strength=0.7) as pen:
            for k in range(5):
                pen.box(x + 8 + k * 10, 350, x + 11 + k * 10, 736)
        canvas.box("#5c5345", x + 38, 346, x + 58, 740, soft=5, strength=0.5)
        with canvas.painting("#e5dcc9") as pen:
            pen.box(x - 10, 330, x + 68, 350)
            pen.box(x - 10, 736, x + 68, 756)
    canvas.box(gradient(canvas.size, "#e3d9c6", "#bfb29b"), 120, 268, 1480, 334)
    with canvas.painting("#7a6f5e") as pen:
        for n in range(12):
            pen.box(470 + n * 56, 292, 500 + n * 56, 312)
    canvas.polygon("#d8cdb8", [(100, 270), (800, 84), (1500, 270)])
    canvas.polygon("#a2967f", [(230, 252), (800, 112), (1370, 252)])
    scales = [((800, 140), (800, 238)), ((690, 166), (910, 166))]
    with canvas.painting("#51483b") as pen:
        for line in scales:
            pen.line(line, 7)
        for x in (690, 910):
            pen.line([(x, 166), (x - 34, 216)], 3)
            pen.line([(x, 166), (x + 34, 216)], 3)
            pen.disc(x, 218, 40, 11)
        pen.box(762, 236, 838, 248)
    for n in range(6):
        tone = mix("#d3c9b6", "#8b8273", n / 6)
        canvas.box(tone, 110 - n * 22, 756 + n * 24, 1490 + n * 22, 780 + n * 24)
        canvas.box("#4a443b", 110 - n * 22, 775 + n * 24, 1490 + n * 22, 780 + n * 24, strength=0.7)
    with canvas.painting("#211f1e") as pen:
        figure(pen, 566, 838, 0.62)
    canvas.polygon("#1f1c1a", [(566, 838), (600, 836), (760, 868), (700, 872)], soft=6, strength=0.45)


def market(canvas: Canvas) -> None:
    canvas.sky("#dfe3dd", "#f0e0c2")
    _facades(canvas, 520, ["#b9a68d", "#a99a86", "#c7b394"], "#6d6459")
    canvas.haze("#efe2c8", 100, 560, 0.55)
    canvas.box(gradient(canvas.size, "#a3937c", "#6d5f50", "#8d7d68"), 0, 520, 1600, 900)
    produce = [
        ["#b33a2a", "#cf5a35"],
        ["#5f7d3a", "#86a04c"],
        ["#d9962f", "#e8b44c"],
        ["#6d3a56", "#8c4f6b"],
        ["#c9bb7a", "#e2d8a4"],
        ["#3f6138", "#5b7f45"],
    ]
    for stall, (left, stripe) in enumerate(((40, "#a63a2f"), (580, "#2f5a4c"), (1120, "#b4842f"))):
        with canvas.painting("#4a3a2a") as pen:
            for edge in (left + 20, left + 410):
                pen.box(edge, 300, edge + 12, 800)
        canvas.box("#3a3027", left + 32, 320, left + 410, 560, strength=0.55)
        with canvas.painting("#2a2c30") as pen:
            figure(pen, left + 220, 640, 1.0)
        for n in range(9):
            a, b = left - 10 + n * 51, left - 10 + (n + 1) * 51
            top = [(left + 20 + n * 45, 210), (left + 20 + (n + 1) * 45, 210)]
            tone = stripe if n % 2 == 0 else "#efe6d2"
            canvas.polygon(tone, [*top, (b, 322), (a, 322)])
            canvas.disc(mix(tone, "#2a2119", 0.25), (a + b) / 2, 322, (b - a) / 2, 15)
        for row in range(2):
            for n in range(3):
                x, y = left + 6 + n * 150, 560 + row * 128
                dark, light = produce[(stall * 2 + row * 3 + n) % 6]
                canvas.box("#7a5c38", x, y, x + 142, y + 112)
                canvas.box("#2e2418", x, y, x + 142, y + 26)
                for shade, lift in ((dark, 0), (light, -9)):
                    with canvas.painting(shade) as pen:
                        for k in range(14):
                            pen.disc(
                                x + 14 + k % 7 * 19 + canvas.chance.uniform(-4, 4),
                                y + 16 + k // 7 * 14 + lift + canvas.chance.uniform(-3, 3),
                                12,
                            )
                with canvas.painting("#a5804f") as pen:
                    pen.box(x, y + 34, x + 142, y + 64)
                    pen.box(x, y + 72, x + 142, y + 104)
