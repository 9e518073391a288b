"""Charts: geometry only, one source for page and paper; `templates/_macros/chart.html` draws it.

A chart is never the only way to a figure: its table stands beside it, and a sentence says what it
shows. Nothing is told by colour alone: a missing value is a gap with its word. The edges are drawn
as they are: no value, one, all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel import formats

WIDTH = 640
MISSING = "无数据"


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value with its name; `text` is what is written beside it. None is no data, not nought."""

    label: str
    value: float | None
    text: str = ""

    @property
    def said(self) -> str:
        """Give what is written for it."""
        return MISSING if self.value is None else self.text or f"{self.value:g}"


def number(value: float) -> str:
    """Write a coordinate."""
    return f"{value:.1f}"


# ---------- a line over time


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


# ---------- a histogram


COLUMN_HEIGHT, COLUMN_TOP, COLUMN_BOTTOM, COLUMN_GAP = 208, 24, 36, 4


@dataclass(frozen=True, kw_only=True)
class Column:
    """One span of values and how many lie in it."""

    label: str
    count: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    text_y: str


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """Counts side by side."""

    width: int
    height: int
    foot: str
    label_y: str
    columns: tuple[Column, ...]
    says: str


def histogram(counts: Sequence[tuple[str, int]]) -> Histogram:
    """Draw how many lie in each span; a span without any has its 0 and no column."""
    highest = max((count for _, count in counts), default=0) or 1
    pitch = WIDTH / max(1, len(counts))
    room = COLUMN_HEIGHT - COLUMN_TOP - COLUMN_BOTTOM
    columns = []
    for place, (label, count) in enumerate(counts):
        tall = room * count / highest
        top = COLUMN_HEIGHT - COLUMN_BOTTOM - tall
        columns.append(
            Column(
                label=label,
                count=count,
                x=number(place * pitch + COLUMN_GAP / 2),
                y=number(top),
                width=number(pitch - COLUMN_GAP),
                height=number(tall),
                middle=number((place + 0.5) * pitch),
                text_y=number(top - 6),
            )
        )
    return Histogram(
        width=WIDTH,
        height=COLUMN_HEIGHT,
        foot=number(COLUMN_HEIGHT - COLUMN_BOTTOM),
        label_y=number(COLUMN_HEIGHT - 8),
        columns=tuple(columns),
        says="，".join(f"{label}：{count}人" for label, count in counts) or MISSING,
    )


# ---------- bars


BAR_LEFT, BAR_RIGHT, BAR_PITCH, BAR_HEIGHT = 176, 84, 26, 16
LONGEST_LABEL = 12


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar from left to right; without a value it has no width."""

    label: str
    text: str
    y: str
    text_y: str
    width: str
    text_x: str
    has_data: bool


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Bars below each other, from nought to `highest`."""

    width: int
    height: int
    left: int
    thickness: int
    bars: tuple[Bar, ...]
    says: str


def bars(values: Sequence[Value], *, highest: float | None = None) -> Bars:
    """Draw values from nought; `highest` is the end of the scale, else the largest of them.

    A value beyond the scale ends with it, a negative one is not drawn but written.
    """
    top = highest or max((each.value or 0 for each in values), default=0) or 1
    room = WIDTH - BAR_LEFT - BAR_RIGHT
    drawn = []
    for place, each in enumerate(values):
        length = room * min(max(each.value or 0, 0), top) / top
        drawn.append(
            Bar(
                # A longer name would run into its bar; the table beside it has the whole.
                label=formats.shorten(each.label, LONGEST_LABEL - 1)
                if len(each.label) > LONGEST_LABEL
                else each.label,
                text=each.said,
                y=number(place * BAR_PITCH + (BAR_PITCH - BAR_HEIGHT) / 2),
                text_y=number(place * BAR_PITCH + BAR_PITCH / 2 + 4.5),
                width=number(length),
                text_x=number(BAR_LEFT + length + 8),
                has_data=each.value is not None,
            )
        )
    return Bars(
        width=WIDTH,
        height=max(1, len(values)) * BAR_PITCH,
        left=BAR_LEFT,
        thickness=BAR_HEIGHT,
        bars=tuple(drawn),
        says=say(values),
    )


def say(values: Sequence[Value]) -> str:
    """Say all values in a sentence, for whoever hears the page."""
    return "，".join(f"{each.label}{each.said}" for each in values) or MISSING
