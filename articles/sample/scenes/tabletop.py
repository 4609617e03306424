"""What the still lifes share: a table in the light, shadows, and outlines that can be turned."""

import math

from PIL import Image, ImageChops

from articles.sample.brush import (
    Canvas,
    Point,
    gradient,
)

Outline = list[Point]


def table(canvas: Canvas, wall: tuple[str, str], wood: tuple[str, str], edge: float) -> None:
    canvas.image.paste(gradient(canvas.size, *wall))
    canvas.glow((480, 180), 760, "#ffeccb", 0.45)
    canvas.box(gradient(canvas.size, *wood), 0, edge, 1600, 900)
    streaks = Image.frombytes("L", (20, 150), canvas.chance.randbytes(3000)).resize(
        canvas.size, Image.Resampling.BICUBIC
    )
    grain = streaks.point(lambda v: max(0, v - 120))
    canvas.lay("#1a100a", ImageChops.multiply(grain, canvas.mask(lambda pen: pen.box(0, edge, 1600, 900))), 0.7)
    canvas.box("#f2d9ae", 0, edge, 1600, edge + 5, strength=0.3)


def shadow(canvas: Canvas, outline: Outline, right: float = 22, down: float = 18) -> None:
    canvas.polygon("#0b0807", [(x + right, y + down) for x, y in outline], soft=14, strength=0.6)


def turned(outline: Outline, centre: tuple[float, float], degrees: float) -> Outline:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine) for x, y in outline]


def box(wide: float, high: float) -> Outline:
    return [(-wide / 2, -high / 2), (wide / 2, -high / 2), (wide / 2, high / 2), (-wide / 2, high / 2)]
