"""Values side by side from nought, each with its name at the left."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel import formats
from app.kernel.charts.values import WIDTH, Value, number, say

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
