"""A line of the readings of one indicator over time, as an SVG whose points are reckoned here.

Drawn only where there is a course to see: two days at least. Words and numbers stand in the table
below it, so that nobody needs the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kernel import formats
from app.measures.models import IndicatorKind, MeasureIndicator, MeasureReading

WIDTH, HEIGHT = 640, 120
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 12, 12
LEAST_POINTS = 2
DRAWN = {
    IndicatorKind.AT_LEAST,
    IndicatorKind.MORE_THAN,
    IndicatorKind.AT_MOST,
    IndicatorKind.EQUAL,
    IndicatorKind.RANGE,
    IndicatorKind.RELATIVE,
    IndicatorKind.WATCHED,
}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A line with its dots; `target` is the height of the target's line, `says` is it in words."""

    points: str
    dots: Sequence[tuple[str, str]]
    target: str
    first: str
    last: str
    low: str
    high: str
    says: str


def draw(indicator: MeasureIndicator, readings: Sequence[MeasureReading]) -> Chart | None:
    """Draw the readings that count, one a day; None where there is no course to see."""
    newest = {each.read_on: each for each in sorted(readings, key=lambda each: each.id)}
    days = sorted(newest)
    if indicator.kind not in DRAWN or len(days) < LEAST_POINTS:
        return None
    values = [newest[day].value for day in days]
    marks = [*values, *((indicator.target,) if indicator.target is not None else ())]
    low, high = min(marks), max(marks)
    whole = (days[-1] - days[0]).days
    places = [
        (across((day - days[0]).days, whole), up(value, low, high))
        for day, value in zip(days, values, strict=True)
    ]
    unit = indicator.unit
    return Chart(
        points=" ".join(f"{x},{y}" for x, y in places),
        dots=places,
        target="" if indicator.target is None else up(indicator.target, low, high),
        first=formats.day(days[0]),
        last=formats.day(days[-1]),
        low=f"{formats.marks(low)}{unit}",
        high=f"{formats.marks(high)}{unit}",
        says=f"{len(days)}次读数，从{formats.marks(values[0])}{unit}到{formats.marks(values[-1])}{unit}",
    )


def across(days: int, whole: int) -> str:
    """Give where a day stands from left to right."""
    return f"{LEFT + (WIDTH - LEFT - RIGHT) * days / whole:.1f}"


def up(value: Decimal, low: Decimal, high: Decimal) -> str:
    """Give where a value stands from top to bottom; in the middle where all are the same."""
    part = Decimal("0.5") if high == low else (high - value) / (high - low)
    return f"{TOP + (HEIGHT - TOP - BOTTOM) * float(part):.1f}"
