"""Whether a screen can be read from where people stand: its size in inches, their distance.

"A visitor at five metres reads window, commitment, number and telephone within five seconds."
ISO 9241-303 gives 20 to 22 minutes of arc as comfortable for letters. Chinese characters have more
strokes, and visitors include old people: 22 for the smallest text, 30 for the body, 45 for titles.
"""

import math
from dataclasses import dataclass

from app.kernel.slides import Layout

SMALLEST, BODY, TITLE = 22, 30, 45
MM_PER_INCH = 25.4
# Of the panel, in points: the canvas has as many, whatever the panel's own resolution.
LONG_SIDE, SHORT_SIDE = 1920, 1080
SMALL_TEXT = 50


@dataclass(frozen=True, kw_only=True)
class Legibility:
    """What is needed at a distance, in points of the canvas, and from how far it can be read."""

    smallest: int
    body: int
    title: int
    is_legible: bool
    farthest_metres: float


def judge(layout: Layout, *, inches: int, metres: int) -> Legibility:
    """Compare a layout's sizes with what its screen needs."""
    sizes = {SMALLEST: SMALL_TEXT, BODY: layout.body[0], TITLE: layout.title[0]}
    needed = {angle: points_for(angle, inches=inches, metres=metres) for angle in sizes}
    return Legibility(
        smallest=needed[SMALLEST],
        body=needed[BODY],
        title=needed[TITLE],
        is_legible=all(sizes[angle] >= needed[angle] for angle in sizes),
        farthest_metres=min(farthest(angle, sizes[angle], inches=inches) for angle in sizes),
    )


def pitch_of(inches: int) -> float:
    """Give the width of a point in millimetres: 0.634 for 55 inches."""
    return inches * MM_PER_INCH / math.hypot(LONG_SIDE, SHORT_SIDE)


def share_of(angle: int) -> float:
    """Give the height that is seen under an angle, in minutes, by the distance."""
    return 2 * math.tan(math.radians(angle / 60) / 2)


def points_for(angle: int, *, inches: int, metres: int) -> int:
    """Give how high a text must be."""
    return round(metres * 1000 * share_of(angle) / pitch_of(inches))


def farthest(angle: int, points: int, *, inches: int) -> float:
    """Give from how many metres a text of that height can be read, rounded down to a tenth."""
    metres = (points + 0.5) * pitch_of(inches) / share_of(angle) / 1000
    return math.floor(metres * 10) / 10
