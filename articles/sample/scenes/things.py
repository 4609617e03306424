"""Still lifes: one thing on a table or against a wall."""

import math

from articles.sample.brush import (
    Canvas,
    Pen,
    across,
    gradient,
    mix,
)
from articles.sample.scenes.tabletop import Outline, box, shadow, table, turned


def press(canvas: Canvas) -> None:
    table(canvas, ("#54483d", "#362d27"), ("#4a3b2c", "#251c14"), 740)
    canvas.polygon("#ffe6b5", [(60, 0), (520, 0), (1000, 740), (300, 740)], soft=70, strength=0.25)
    iron = gradient(canvas.size, "#3b4248", "#12161a", "#262c31")
    wheel = (1130, 420)
    with canvas.painting("#0d1013") as pen:
        pen.disc(*wheel, 310)
        pen.disc(*wheel, 272, value=0)
    with canvas.painting("#171b1f") as pen:
        for a in range(8):
            pen.line(
                [
                    wheel,
                    (
                        wheel[0] + 290 * math.cos(a * math.pi / 4 + 0.3),
                        wheel[1] + 290 * math.sin(a * math.pi / 4 + 0.3),
                    ),
                ],
                20,
            )
    with canvas.painting("#8b9299", strength=0.7) as pen:
        pen.disc(*wheel, 302)
        pen.disc(*wheel, 296, value=0)
    canvas.disc("#7d2a22", *wheel, 52)
    canvas.disc("#c9a24d", *wheel, 22)

    def frame(pen: Pen) -> None:
        pen.polygon(
            [
                (300, 800),
                (340, 250),
                (420, 200),
                (940, 200),
                (1010, 260),
                (1060, 800),
                (960, 800),
                (900, 340),
                (440, 340),
                (400, 800),
            ]
        )
        pen.box(360, 560, 980, 612)
        pen.polygon([(250, 806), (430, 806), (430, 770), (270, 770)])
        pen.polygon([(930, 806), (1120, 806), (1100, 770), (930, 770)])
        pen.box(600, 340, 730, 470)

    canvas.fill(frame, iron)
    with canvas.painting("#8f979c", strength=0.8) as pen:
        pen.line([(346, 252), (422, 204), (938, 204), (1006, 262)], 5)
        pen.line([(362, 562), (978, 562)], 4)
    for y, radius in ((420, 56), (520, 40)):
        canvas.polygon(
            gradient(canvas.size, "#5d666c", "#171b1e"),
            [(430, y - radius), (910, y - radius), (910, y + radius), (430, y + radius)],
        )
        canvas.box("#c3cbce", 430, y - radius * 0.7, 910, y - radius * 0.4, soft=5, strength=0.55)
    canvas.polygon("#f1ead8", [(150, 596), (910, 560), (930, 578), (160, 640)])
    with canvas.painting("#5e574b", strength=0.6) as pen:
        for n in range(4):
            pen.line([(200, 606 + n * 6), (880, 568 + n * 3)], 2)
    with canvas.painting("#e5dcc5") as pen:
        for n in range(14):
            pen.polygon(
                [
                    (90 + n % 3 * 4, 780 - n * 10),
                    (330 + n % 2 * 6, 780 - n * 10),
                    (330 + n % 2 * 6, 788 - n * 10),
                    (90 + n % 3 * 4, 788 - n * 10),
                ]
            )
    with canvas.painting("#c9a24d", strength=0.9) as pen:
        pen.line([(500, 232), (840, 232)], 10)
        pen.line([(540, 270), (800, 270)], 5)


def clock(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#39505a", "#22323a"))
    canvas.lay("#5a747c", canvas.noise(5, 30, 120).point(lambda v: max(0, v - 110)), 0.7)
    for x, hours, face in ((450, 10 + 9 / 60, "#f2ead7"), (1150, 11 + 9 / 60, "#e4dac2")):
        canvas.disc("#0b1216", x + 18, 470, 318, soft=22, strength=0.7)
        canvas.disc(gradient(canvas.size, "#8d6a3a", "#4b3519"), x, 446, 318)
        canvas.disc(face, x, 446, 286)
        with canvas.painting("#4a3d28", soft=9, strength=0.55) as pen:
            pen.disc(x, 446, 286)
            pen.disc(x + 8, 456, 282, value=0)
        with canvas.painting("#221d18") as pen:
            for step in range(60):
                _mark(pen, x, 446, step)
        with canvas.painting("#16130f") as pen:
            _hand(pen, x, 446, hours / 12, 158, 15)
            _hand(pen, x, 446, hours % 1, 232, 9)
        with canvas.painting("#9b2226") as pen:
            _hand(pen, x, 446, 0.58, 222, 3)
        canvas.disc("#9b2226", x, 446, 15)
        canvas.polygon("#ffffff", [(x - 220, 300), (x - 60, 190), (x + 20, 200), (x - 230, 400)], soft=30, strength=0.3)


def _mark(pen: Pen, x: float, y: float, step: int) -> None:
    angle, inner = step * math.pi / 30, 226 if step % 5 == 0 else 252
    ends = [(x + r * math.sin(angle), y - r * math.cos(angle)) for r in (inner, 266)]
    pen.line(ends, 12 if step % 15 == 0 else 8 if step % 5 == 0 else 2.5)


def _hand(pen: Pen, x: float, y: float, turn: float, length: float, width: float) -> None:
    angle = turn * 2 * math.pi
    pen.line(
        [
            (x - 36 * math.sin(angle), y + 36 * math.cos(angle)),
            (x + length * math.sin(angle), y - length * math.cos(angle)),
        ],
        width,
    )


def ballot(canvas: Canvas) -> None:
    table(canvas, ("#8a949a", "#626b71"), ("#a58a66", "#5d472e"), 700)
    front, top = (
        [(430, 420), (1170, 420), (1130, 800), (470, 800)],
        [(430, 420), (540, 330), (1060, 330), (1170, 420)],
    )
    shadow(canvas, front, 50, 30)
    canvas.polygon(across(canvas.size, "#45535d", "#222b33"), front)
    canvas.polygon(gradient(canvas.size, "#8d9aa3", "#5d6b75"), top)
    canvas.polygon("#0c1013", [(600, 384), (622, 366), (978, 366), (1000, 384)])
    paper = [(640, 378), (690, 110), (960, 140), (948, 378)]
    canvas.polygon("#1b2125", [(x + 14, y + 4) for x, y in paper], soft=10, strength=0.5)
    canvas.polygon(gradient(canvas.size, "#fffdf5", "#d9d3c2"), paper)
    canvas.polygon("#b8b09c", [(690, 110), (825, 125), (800, 378), (640, 378)], strength=0.45)
    with canvas.painting("#6f695c", strength=0.75) as pen:
        for y in (190, 230, 270, 310):
            pen.line([(850, y), (930, y + 8)], 6)
            pen.line([(706, y - 10), (790, y - 2)], 6)
    with canvas.painting("#cfd6da", strength=0.75) as pen:
        pen.box(640, 550, 960, 700)
        pen.box(652, 562, 948, 688, value=0)
    canvas.line("#cfd6da", [(720, 622), (782, 672), (886, 578)], 20, strength=0.9)
    with canvas.painting("#c29a4b") as pen:
        pen.box(774, 404, 826, 452)
        pen.disc(800, 404, 20)
        pen.disc(800, 404, 11, value=0)
    for n, degrees in enumerate((-14, 9, 31)):
        sheet = turned(box(190, 110), (210 + n * 70, 800 - n * 14), degrees)
        shadow(canvas, sheet, 8, 8)
        canvas.polygon(("#f0ead8", "#e2dac4", "#f7f2e4")[n], sheet)


def film(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#20242b", "#0e1014"))
    canvas.glow((800, 430), 800, "#4b5b72", 0.7)
    points = [(x, 430 + 120 * math.sin(x / 330)) for x in range(-40, 1660, 8)]
    canvas.line("#000000", [(x, y + 30) for x, y in points], 400, soft=26, strength=0.7)
    canvas.line("#15100c", points, 392)
    with canvas.painting("#8a6b46", strength=0.8) as pen:
        pen.line([(x, y - 194) for x, y in points], 4)
        pen.line([(x, y + 194) for x, y in points], 4)
    with canvas.painting("#d5dbe0") as pen:
        for x in range(-20, 1640, 52):
            for y in (-160, 160):
                pen.polygon(_on_strip(x, y, 24, 34))
    tones = ["#e8dcc0", "#cfd4c8", "#b9c7cc", "#d9cfb6", "#c4cdd0", "#efe6cf"]
    for n in range(6):
        x = 30 + n * 300
        canvas.polygon(tones[n], _on_strip(x, 0, 272, 236))
        canvas.polygon(mix(tones[n], "#4c6470", 0.65), [*_on_strip(x, 66, 272, 104)], soft=2)
        canvas.disc("#fffbe9", x - 60 + n * 22, 430 + 120 * math.sin(x / 330) - 18 + n * 6, 26, soft=2)
    canvas.glow((420, 240), 420, "#ffffff", 0.22)


def _on_strip(x: float, offset: float, wide: float, high: float) -> Outline:

    def at(right: float, down: float) -> tuple[float, float]:
        return (x + right, 430 + 120 * math.sin((x + right) / 330) + offset + down)

    steps = [wide * (k / 6 - 0.5) for k in range(7)]
    return [at(s, -high / 2) for s in steps] + [at(s, high / 2) for s in reversed(steps)]


def microphone(canvas: Canvas) -> None:
    canvas.image.paste(gradient(canvas.size, "#2b2230", "#120e15"))
    canvas.glow((1120, 260), 560, "#c98f5d", 0.55)
    with canvas.painting("#e7b982", soft=9, strength=0.2) as pen:
        for _ in range(46):
            pen.disc(canvas.chance.uniform(0, 1600), canvas.chance.uniform(300, 760), canvas.chance.uniform(16, 44))
    with canvas.painting("#09070b", soft=4) as pen:
        for x in range(40, 1600, 168):
            pen.disc(x, 760 + x % 37, 58, 66)
            pen.disc(x, 900, 116, 96)
    lectern = [(470, 650), (1130, 650), (1190, 720), (410, 720)]
    canvas.polygon(gradient(canvas.size, "#a3703f", "#6e4524"), lectern)
    canvas.polygon(across(canvas.size, "#5e3b20", "#2c1a0e"), [(440, 720), (1160, 720), (1110, 900), (490, 900)])
    canvas.polygon("#f2ead8", [(590, 640), (1000, 640), (1040, 700), (560, 700)])
    with canvas.painting("#6c6254", strength=0.7) as pen:
        for n in range(4):
            pen.line([(610 - n * 8, 652 + n * 14), (960 + n * 6, 652 + n * 14)], 3)
    canvas.line("#1a1a1e", [(800, 660), (804, 560), (770, 440), (700, 350)], 15)
    canvas.line("#8b8d96", [(797, 650), (800, 560), (766, 440)], 3, strength=0.8)
    head = turned([(-66, -150), (66, -150), (78, 10), (40, 60), (-40, 60), (-78, 10)], (636, 262), -38)
    with canvas.painting(across(canvas.size, "#a9adb5", "#3a3c43")) as pen:
        pen.polygon(head)
        pen.disc(*turned([(0, -150)], (636, 262), -38)[0], 66)
    for n in range(-4, 5):
        with canvas.painting("#16171b", strength=0.65) as pen:
            pen.line(turned([(n * 17, -206), (n * 17, 20)], (636, 262), -38), 2)
            pen.line(turned([(-72, -90 + n * 26), (72, -90 + n * 26)], (636, 262), -38), 2)
    canvas.line("#c9a24d", turned([(-76, 14), (76, 14)], (636, 262), -38), 16)


def coins(canvas: Canvas) -> None:
    table(canvas, ("#46545a", "#2d383d"), ("#6a4a30", "#2f1d10"), 640)
    for n, count in enumerate((4, 7, 5, 11, 9, 15)):
        x, base = 230 + n * 225, 770 + n % 2 * 34
        canvas.disc("#0d0806", x + 46, base + 12, 128, 36, soft=12, strength=0.7)
        metal, dark = (("#d9b45c", "#7b571d"), ("#c5c8c9", "#62686b"), ("#c48a55", "#6b3f1e"))[n % 3]
        for k in range(count):
            y, shift = base - k * 33, canvas.chance.uniform(-7, 7)
            with canvas.painting(dark) as pen:
                pen.disc(x + shift, y, 92, 29)
                pen.box(x + shift - 92, y - 26, x + shift + 92, y)
                pen.disc(x + shift, y - 26, 92, 29)
            canvas.box(metal, x + shift - 60, y - 18, x + shift - 26, y + 22, soft=8, strength=0.7)
            canvas.disc(metal, x + shift, y - 26, 92, 29)
        with canvas.painting(dark, strength=0.8) as pen:
            pen.disc(x + shift, y - 26, 72, 21)
            pen.disc(x + shift, y - 26, 67, 19, value=0)
        canvas.disc("#fff6da", x + shift - 28, y - 32, 36, 9, soft=7, strength=0.6)
