"""Scores on axes around a centre, with those of the time before.

A dimension without data leaves a gap in outline and area, and its axis is dashed. The scale starts
at 60 and says so; figures stand in the table beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.charts.values import MISSING

RADIUS, LABEL_RADIUS = 82.0, 96.0
CENTRE_X, CENTRE_Y = 165.0, 118.0
WIDTH, HEIGHT = 330, 240
LOWEST, HIGHEST = 60.0, 100.0
RINGS = (70, 80, 90, 100)
LEAST_AXES = 3
# How far from the vertical a label must stand to be written beside its axis.
BESIDE = 0.2


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis with its label."""

    x: str
    y: str
    label_x: str
    label_y: str
    anchor: str
    name: str
    value: str
    has_data: bool


@dataclass(frozen=True, kw_only=True)
class Radar:
    """All that is drawn, as texts of coordinates."""

    axes: tuple[Axis, ...]
    rings: tuple[str, ...]
    areas: tuple[str, ...]
    lines: tuple[str, ...]
    before: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]


def radar(dimensions: Sequence[tuple[str, float | None, float | None]]) -> Radar | None:
    """Draw (name, score, score before) of each dimension; None for fewer than three with data."""
    count = len(dimensions)
    if sum(score is not None for _, score, _ in dimensions) < LEAST_AXES:
        return None
    now = [place(index, count, score) for index, (_, score, _) in enumerate(dimensions)]
    before = [place(index, count, score) for index, (_, _, score) in enumerate(dimensions)]
    return Radar(
        axes=tuple(axis(index, count, name, score)
                   for index, (name, score, _) in enumerate(dimensions)),
        rings=tuple(
            " ".join(text(point(index, count, radius(ring))) for index in range(count))
            for ring in RINGS
        ),
        areas=tuple(f"{CENTRE_X:.1f},{CENTRE_Y:.1f} {pair}" for pair in pairs(now)),
        lines=pairs(now),
        before=pairs(before),
        dots=tuple((f"{each[0]:.1f}", f"{each[1]:.1f}") for each in now if each),
    )  # fmt: skip


def axis(index: int, count: int, name: str, score: float | None) -> Axis:
    """Give an axis with its label."""
    end, label = point(index, count, RADIUS), point(index, count, LABEL_RADIUS)
    side = math.sin(angle(index, count))
    anchor = "middle" if abs(side) < BESIDE else "start" if side > 0 else "end"
    return Axis(
        x=f"{end[0]:.1f}",
        y=f"{end[1]:.1f}",
        label_x=f"{label[0]:.1f}",
        label_y=f"{label[1] - 3:.1f}",
        anchor=anchor,
        name=name,
        value=MISSING if score is None else f"{score:.1f}",
        has_data=score is not None,
    )


def angle(index: int, count: int) -> float:
    """Give the angle of an axis from the vertical, clockwise."""
    return 2 * math.pi * index / count


def point(index: int, count: int, distance: float) -> tuple[float, float]:
    """Give a point on an axis."""
    turned = angle(index, count)
    return CENTRE_X + distance * math.sin(turned), CENTRE_Y - distance * math.cos(turned)


def radius(score: float) -> float:
    """Give how far from the centre a score stands."""
    return RADIUS * (min(max(score, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)


def place(index: int, count: int, score: float | None) -> tuple[float, float] | None:
    """Give where a score stands; None without one."""
    return None if score is None else point(index, count, radius(score))


def text(each: tuple[float, float]) -> str:
    """Write a point."""
    return f"{each[0]:.1f},{each[1]:.1f}"


def pairs(points: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    """Give the lines between neighbours that both have data."""
    return tuple(
        f"{text(first)} {text(second)}"
        for first, second in zip(points, [*points[1:], points[0]], strict=True)
        if first is not None and second is not None
    )
