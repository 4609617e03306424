"""
The chart of the quarters, reckoned for an SVG without any script or style: a column per quarter, oldest first, what
was received below and what is promised above it, the goal as a line, later changes as a mark. Widths are per cent of
the drawing, so that it fits any page; heights are pixels. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from donations import wording
from donations.figures import PublicQuarter
from donations.money import Money, exponent

HEIGHT, FOOT, HEAD = 240, 40, 14  # the drawing's height, of which the labels take the foot; a little air above
GROUND = HEIGHT - FOOT
LABELS = 13  # beyond so many quarters only the years are named
ROOMY = 6  # beyond so many quarters two years beside each other do not fit
LAST_OF_YEAR = 4
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Column:
    """Every figure is text, ready for an attribute; an empty height is nothing to draw."""

    title: str
    x: str
    width: str
    middle: str
    received_y: str = ""
    received_height: str = ""
    promised_y: str = ""
    promised_height: str = ""
    goal_y: str = ""
    changed_y: str = ""
    changed_height: str = ""
    is_hidden: bool = False
    label: str = ""
    year: str = ""


@dataclass(frozen=True)
class Line:
    y: str
    label: str


@dataclass(frozen=True)
class Chart:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    height: int = HEIGHT
    ground: int = GROUND
    label_y: int = GROUND + 16
    year_y: int = GROUND + 32


def draw(quarters: Sequence[PublicQuarter], base: str) -> Chart | None:
    """`quarters` as they are listed, the newest first. None while there is nothing to draw."""
    if not any(quarter.backers for quarter in quarters):
        return None
    top, step = _scale(max(_highest(quarter) for quarter in quarters), base)
    scale = Decimal(GROUND - HEAD) / top
    oldest_first = list(reversed(quarters))
    columns = tuple(_column(place, oldest_first, scale) for place in range(len(oldest_first)))
    lines = tuple(
        Line(_figure(GROUND - step * number * scale), wording.amount(Money(step * number, base)))
        for number in range(1, top // step + 1)
    )
    return Chart(columns, lines)


def _highest(quarter: PublicQuarter) -> int:
    """In minor units of the base currency. A goal far above everything must not press the columns flat."""
    total = quarter.total.minor if quarter.total else 0
    goal = quarter.goal.money.minor if quarter.goal and not quarter.is_hidden else 0
    return max(total, min(goal, total * 3))


def _scale(highest: int, base: str) -> tuple[int, int]:
    """The top of the drawing, and the distance of its lines: round figures, two to four of them."""
    unit = 10 ** exponent(base)
    highest = max(highest, 4 * unit)
    step = next(
        step
        for power in range(12)
        for factor in _STEPS
        if (step := factor * 10**power * unit) * 4 >= highest and highest > step
    )
    return -(-highest // step) * step, step


def _column(place: int, quarters: Sequence[PublicQuarter], scale: Decimal) -> Column:
    quarter, share = quarters[place], Decimal(100) / len(quarters)
    left, width = share * place + share * 18 / 100, share * 64 / 100
    is_named = len(quarters) <= LABELS
    begins_year = quarter.quarter.number == 1 or (place == 0 and not _is_next_year_near(quarters))
    return Column(
        title=_title(quarter),
        x=_figure(left),
        width=_figure(width),
        middle=_figure(share * place + share / 2),
        is_hidden=quarter.is_hidden,
        label=f"Q{quarter.quarter.number}" if is_named else "",
        year=str(quarter.quarter.year) if begins_year and (is_named or quarter.quarter.number == 1) else "",
        **_heights(quarter, scale),
    )


def _is_next_year_near(quarters: Sequence[PublicQuarter]) -> bool:
    """So near to the first one that both would run into each other on a phone."""
    return len(quarters) > ROOMY and quarters[0].quarter.number == LAST_OF_YEAR


def _heights(quarter: PublicQuarter, scale: Decimal) -> dict[str, str]:
    heights = {}
    if quarter.goal and quarter.goal.money.minor * scale <= GROUND:
        heights["goal_y"] = _figure(GROUND - quarter.goal.money.minor * scale)
    if not quarter.total or not quarter.total.minor:
        return heights
    promised = quarter.promised.minor if quarter.promised else 0
    received = quarter.total.minor if quarter.received is None else quarter.received.minor
    top = GROUND - received * scale
    if received:
        heights |= {"received_y": _figure(top), "received_height": _figure(received * scale)}
    if promised:
        heights |= {"promised_y": _figure(top - promised * scale), "promised_height": _figure(promised * scale)}
    return heights | _change(quarter, top, scale)


def _change(quarter: PublicQuarter, top: Decimal, scale: Decimal) -> dict[str, str]:
    """What was taken off the closed column's top since, or put on it. Seen even where it is very little."""
    if not quarter.changes:
        return {}
    change = Decimal(quarter.changed_micro) / 1_000_000 * 10 ** exponent(quarter.total.currency) * scale
    change = max(top - GROUND, min(top, change)) if change < 0 else min(top, change)
    height = max(abs(change), Decimal(3))
    return {"changed_y": _figure(top - height if change > 0 else top), "changed_height": _figure(height)}


def _title(quarter: PublicQuarter) -> str:
    told = "amount not shown" if quarter.is_hidden else ""
    if quarter.total and quarter.backers:
        told = wording.about(wording.amount(quarter.total), is_converted=quarter.is_about)
    parts = [
        wording.people(quarter.backers),
        *([told] if told else []),
        *(["changed since"] if quarter.changes else []),
    ]
    return f"{quarter.quarter}: {', '.join(parts)}"


def _figure(number: Decimal) -> str:
    """At most two decimals, without zeros at the end, in no language's own way of writing."""
    return f"{number.quantize(Decimal('0.01'), rounding=ROUND_FLOOR).normalize():f}"
