"""Values over time as a line; a missing one is a gap."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.charts.values import WIDTH, Value, number, say

LINE_HEIGHT, LINE_LEFT, LINE_RIGHT, LINE_TOP, LINE_BOTTOM = 176, 30, 30, 26, 38


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A value on its line, with what is written above and its name below."""

    x: str
    y: str
    text_y: str
    text: str
    label: str
    has_data: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """Values side by side; `pieces` are the stretches without a gap."""

    width: int
    height: int
    foot: str
    label_y: str
    pieces: tuple[str, ...]
    dots: tuple[Dot, ...]
    says: str


def line(values: Sequence[Value]) -> Line:
    """Draw values in their order, at equal distances; neighbours that have data are joined."""
    known = [each.value for each in values if each.value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    places = [
        None if each.value is None else (across(place, len(values)), up(each.value, low, high))
        for place, each in enumerate(values)
    ]
    return Line(
        width=WIDTH,
        height=LINE_HEIGHT,
        foot=number(LINE_HEIGHT - LINE_BOTTOM + 6),
        label_y=number(LINE_HEIGHT - 6),
        pieces=pieces(places),
        dots=tuple(
            dot(each, across(place, len(values)), at)
            for place, (each, at) in enumerate(zip(values, places, strict=True))
        ),
        says=say(values),
    )


def across(place: int, count: int) -> float:
    """Give how far from the left a value stands; the only one in the middle."""
    room = WIDTH - LINE_LEFT - LINE_RIGHT
    return LINE_LEFT + (room / 2 if count == 1 else room * place / (count - 1))


def up(value: float, low: float, high: float) -> float:
    """Give how far from the top a value stands; in the middle where all are the same."""
    part = 0.5 if high == low else (high - value) / (high - low)
    return LINE_TOP + (LINE_HEIGHT - LINE_TOP - LINE_BOTTOM) * part


def pieces(places: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    """Give the stretches of two and more neighbours that have data."""
    found: list[list[str]] = [[]]
    for at in places:
        if at is None:
            found.append([])
        else:
            found[-1].append(f"{number(at[0])},{number(at[1])}")
    return tuple(" ".join(piece) for piece in found if len(piece) > 1)


def dot(value: Value, x: float, at: tuple[float, float] | None) -> Dot:
    """Give one dot; without data only its word, on the foot."""
    y = LINE_HEIGHT - LINE_BOTTOM if at is None else at[1]
    return Dot(
        x=number(x),
        y=number(y),
        text_y=number(y - 9),
        text=value.said,
        label=value.label,
        has_data=at is not None,
    )
