"""
What the sample pictures are painted with: gradients, soft noise, silhouettes with clean edges, haze and grain. All of
it is repeatable: chance comes from a generator that the picture seeds with its own name.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageOps

Colour = str
Point = tuple[float, float]

SHARPNESS = 2  # shapes are drawn so many times larger and then reduced, which smooths their edges


class Canvas:
    def __init__(self, size: tuple[int, int], seed: str):
        self.width, self.height = size
        self.size = size
        self.chance = random.Random(seed)  # noqa: S311
        self.image = Image.new("RGB", size)

    def sky(self, top: Colour, bottom: Colour, middle: Colour | None = None) -> None:
        self.image.paste(gradient(self.size, top, bottom, middle))

    @contextmanager
    def painting(
        self, paint: Colour | Image.Image, *, soft: float = 0, strength: float = 1, rounded: float = 0
    ) -> Iterator["Pen"]:
        """
        Lends a pen and then paints what it drew. `paint` is a colour or a picture of the canvas' size, `soft` blurs
        the edge and `rounded` takes the corners off, both by so many pixels.
        """
        pen = Pen()
        yield pen
        if region := pen.region(self.size, margin=3 * max(soft, rounded)):
            mask = pen.mask(region, soft, rounded)
            mask = mask.point(lambda value: int(value * strength)) if strength < 1 else mask
            self.image.paste(paint.crop(region) if isinstance(paint, Image.Image) else paint, region, mask)

    def fill(self, shape: "Shape", paint: Colour | Image.Image, *, soft: float = 0, strength: float = 1) -> None:
        with self.painting(paint, soft=soft, strength=strength) as pen:
            shape(pen)

    def box(self, paint: Colour | Image.Image, *edges: float, soft: float = 0, strength: float = 1) -> None:
        with self.painting(paint, soft=soft, strength=strength) as pen:
            pen.box(*edges)

    def disc(self, paint: Colour | Image.Image, *place: float, soft: float = 0, strength: float = 1) -> None:
        with self.painting(paint, soft=soft, strength=strength) as pen:
            pen.disc(*place)

    def polygon(
        self, paint: Colour | Image.Image, points: Sequence[Point], *, soft: float = 0, strength: float = 1
    ) -> None:
        with self.painting(paint, soft=soft, strength=strength) as pen:
            pen.polygon(points)

    def line(
        self,
        paint: Colour | Image.Image,
        points: Sequence[Point],
        width: float,
        *,
        soft: float = 0,
        strength: float = 1,
    ) -> None:
        with self.painting(paint, soft=soft, strength=strength) as pen:
            pen.line(points, width)

    def lay(self, paint: Colour | Image.Image, mask: Image.Image, strength: float = 1) -> None:
        """Paints through a mask of the canvas' size."""
        if strength < 1:
            mask = mask.point(lambda value: int(value * strength))
        self.image.paste(paint, (0, 0) if isinstance(paint, Image.Image) else None, mask)

    def mask(self, shape: "Shape", *, soft: float = 0) -> Image.Image:
        pen = Pen()
        shape(pen)
        return pen.mask((0, 0, *self.size), soft)

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1) -> None:
        """Light that fades out in all directions."""
        diameter = int(radius * 2)
        spot = ImageOps.invert(Image.radial_gradient("L")).resize((diameter, diameter))
        # The corners of the gradient lie outside the circle: without the floor they would show as a square.
        spot = spot.point(lambda value: int((max(0, value - 75) / 180) ** 2 * 255 * strength))
        mask = Image.new("L", self.size)
        mask.paste(spot, (int(centre[0] - radius), int(centre[1] - radius)))
        self.lay(colour, mask)

    def haze(self, colour: Colour, top: float, bottom: float, strength: float) -> None:
        """Thickens downwards from `top` to `bottom`, both in pixels."""
        mask = Image.new("L", self.size)
        veil = Image.linear_gradient("L").resize((self.width, max(1, int(bottom - top))))
        mask.paste(veil, (0, int(top)))
        self.lay(colour, mask, strength)

    def noise(self, *scales: int) -> Image.Image:
        """Soft noise from 0 to 255. A scale says how many lumps go across; each counts half of the one before."""
        total = None
        for step, scale in enumerate(scales):
            across, down = scale, max(2, scale * self.height // self.width)
            layer = Image.frombytes("L", (across, down), self.chance.randbytes(across * down))
            layer = layer.resize(self.size, Image.Resampling.BICUBIC)
            total = layer if total is None else Image.blend(total, layer, 0.5**step * 0.55)
        return ImageOps.autocontrast(total, cutoff=1)

    def clouds(self, colour: Colour, strength: float, *, until: float) -> None:
        """Streaks in the upper part of the picture, thinning out at `until`, in pixels."""
        lumps = self.noise(5, 11, 24, 60)
        lumps = lumps.point(lambda value: max(0, value - 110) * 255 // 145)
        fade = ImageOps.flip(Image.linear_gradient("L")).resize((self.width, int(until)))
        mask = Image.new("L", self.size)
        mask.paste(fade)
        self.lay(colour, ImageChops.multiply(lumps, mask), strength)

    def finished(self, *, grain: int = 18, vignette: float = 0.26) -> Image.Image:
        """Darker corners and the grain of a print hold the flat shapes together."""
        corners = Image.radial_gradient("L").resize(self.size)
        self.lay("#0b0d12", corners.point(lambda value: int((value / 255) ** 2.4 * 255 * vignette)))
        speckle = Image.frombytes("L", self.size, self.chance.randbytes(self.width * self.height))
        speckle = speckle.filter(ImageFilter.GaussianBlur(0.6)).point(lambda value: 128 + (value - 128) * grain // 64)
        return ImageChops.soft_light(self.image, Image.merge("RGB", [speckle] * 3))


class Pen:
    """Notes down what is to be drawn, in the canvas' own pixels: only the part it covers is worked on afterwards."""

    def __init__(self):
        self._strokes: list[tuple[str, list[Point], int, float]] = []

    def polygon(self, points: Sequence[Point], value: int = 255) -> None:
        self._strokes.append(("polygon", list(points), value, 0))

    def box(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
        if right > left and bottom > top:
            self._strokes.append(("rectangle", [(left, top), (right, bottom)], value, 0))

    def disc(self, x: float, y: float, across: float, down: float | None = None, value: int = 255) -> None:
        """`across` and `down` are half of its width and height."""
        if across > 0:
            down = across if down is None else down
            self._strokes.append(("ellipse", [(x - across, y - down), (x + across, y + down)], value, 0))

    def line(self, points: Sequence[Point], width: float, value: int = 255) -> None:
        self._strokes.append(("line", list(points), value, width))

    def region(self, size: tuple[int, int], margin: float) -> tuple[int, int, int, int] | None:
        """The part of the canvas that is touched; None if nothing is."""
        reach = margin + 2 + max((width for *_, width in self._strokes), default=0)
        across = [x for _, points, *_ in self._strokes for x, _ in points]
        down = [y for _, points, *_ in self._strokes for _, y in points]
        if not across:
            return None
        left, top = max(0, int(min(across) - reach)), max(0, int(min(down) - reach))
        right, bottom = min(size[0], int(max(across) + reach)), min(size[1], int(max(down) + reach))
        return (left, top, right, bottom) if left < right and top < bottom else None

    def mask(self, region: tuple[int, int, int, int], soft: float, rounded: float = 0) -> Image.Image:
        left, top, right, bottom = region
        large = Image.new("L", ((right - left) * SHARPNESS, (bottom - top) * SHARPNESS))
        draw = ImageDraw.Draw(large)
        for kind, points, value, width in self._strokes:
            placed = [((x - left) * SHARPNESS, (y - top) * SHARPNESS) for x, y in points]
            options = {"width": max(1, round(width * SHARPNESS)), "joint": "curve"} if kind == "line" else {}
            getattr(draw, kind)(placed, fill=value, **options)
        if rounded:
            # Where a blurred shape is half as dark lies its old edge, except at corners, which shrink.
            large = large.filter(ImageFilter.GaussianBlur(rounded * SHARPNESS))
            large = large.point(lambda value: min(255, max(0, (value - 112) * 8)))
        mask = large.reduce(SHARPNESS)
        return mask.filter(ImageFilter.GaussianBlur(soft)) if soft else mask


Shape = Callable[[Pen], None]


def gradient(size: tuple[int, int], top: Colour, bottom: Colour, middle: Colour | None = None) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    return ImageOps.colorize(ramp, top, bottom, middle)


def across(size: tuple[int, int], left: Colour, right: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").rotate(90).resize(size)
    return ImageOps.colorize(ramp, left, right)


def mix(first: Colour, second: Colour, part: float) -> Colour:
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def ridge(
    chance: random.Random, width: int, base: float, height: float, *, steps: int = 7, rough: float = 0.52
) -> list[Point]:
    """The line of a mountain range by halving: its points from left to right around `base`."""
    levels = [chance.uniform(-1, 1) * height for _ in range(4)]
    spread = height * 0.8
    for _ in range(steps):
        between = [(a + b) / 2 + chance.uniform(-spread, spread) for a, b in zip(levels, levels[1:], strict=False)]
        levels = [level for pair in zip(levels, between, strict=False) for level in pair] + levels[-1:]
        spread *= rough
    return [(width * step / (len(levels) - 1), base - level) for step, level in enumerate(levels)]


def ground_below(line: Sequence[Point], bottom: float) -> list[Point]:
    return [*line, (line[-1][0], bottom), (line[0][0], bottom)]


def reflect(canvas: Canvas, horizon: int, tint: Colour, strength: float = 0.45) -> None:
    """Makes everything below the horizon still water: what stands above it, upside down, streaked and darker."""
    depth = canvas.height - horizon
    above = ImageOps.flip(canvas.image.crop((0, max(0, horizon - depth), canvas.width, horizon)))
    streaked = above.resize((canvas.width, 14), Image.Resampling.BOX).resize((canvas.width, depth))
    water = Image.blend(above.resize((canvas.width, depth)).filter(ImageFilter.GaussianBlur(3)), streaked, 0.45)
    canvas.image.paste(Image.blend(water, Image.new("RGB", water.size, tint), strength), (0, horizon))


def ripples(canvas: Canvas, top: float, bottom: float, colour: Colour, count: int, strength: float = 0.5) -> None:
    """Short level strokes that grow wider and thicker towards the viewer."""

    def strokes(pen: Pen) -> None:
        for _ in range(count):
            near = canvas.chance.random() ** 1.6
            y = top + near * (bottom - top)
            x, length = canvas.chance.uniform(-50, canvas.width), (20 + 170 * near) * canvas.chance.uniform(0.3, 1)
            pen.line([(x, y), (x + length, y)], 0.8 + 2.4 * near, canvas.chance.randint(60, 255))

    canvas.fill(strokes, colour, strength=strength)


def windows(pen: Pen, chance: random.Random, box: tuple[float, float, float, float], pane: Point, lit: float) -> None:
    """A grid of panes in a wall, of which the part `lit` is drawn."""
    left, top, right, bottom = box
    wide, high = pane
    y = top
    while y + high <= bottom:
        x = left
        while x + wide <= right:
            if chance.random() < lit:
                pen.box(x, y, x + wide, y + high, chance.randint(120, 255))
            x += wide * 2
        y += high * 1.9


def figure(pen: Pen, x: float, feet: float, scale: float) -> None:
    """Somebody who stands and waits, in a long coat."""
    top = feet - 250 * scale
    pen.disc(x, top + 26 * scale, 19 * scale, 24 * scale)
    shoulders = [(x - 15, top + 48), (x - 40 * scale, top + 70 * scale), (x - 46 * scale, top + 176 * scale)]
    hem = [
        (x - 34 * scale, top + 196 * scale),
        (x + 34 * scale, top + 196 * scale),
        (x + 46 * scale, top + 176 * scale),
    ]
    pen.polygon([*shoulders, *hem, (x + 40 * scale, top + 70 * scale), (x + 15, top + 48)])
    for side in (-1, 1):
        pen.polygon(
            [
                (x + side * 6 * scale, top + 190 * scale),
                (x + side * 28 * scale, top + 190 * scale),
                (x + side * 24 * scale, feet),
                (x + side * 7 * scale, feet),
            ]
        )
