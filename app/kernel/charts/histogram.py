"""How many values lie in each span."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.charts.values import MISSING, WIDTH, number

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
