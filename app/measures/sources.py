"""Figures that the site itself knows, by name: read live, and never stored as if typed.

A name that no room offers means that the row asks for manual readings.
"""

from decimal import ROUND_HALF_UP, Decimal

from flask import current_app

from app.kernel.evidence import Span
from app.kernel.feature import features
from app.kernel.indicators import Indicator, Reading

PLACES = Decimal("0.01")


def find_source(name: str) -> Indicator | None:
    """Give the figure of that name, or None where no room of this site offers it."""
    if not name:
        return None
    found = (each for room in features(current_app) for each in room.indicators)
    return next((each for each in found if each.name == name), None)


def read_source(name: str, span: Span) -> Reading | None:
    """Read a figure over a span; None where nobody knows it or there is nothing to count."""
    source = find_source(name)
    return None if source is None else source.read(span)


def stored_value(value: Decimal) -> Decimal:
    """Round a value as readings are kept."""
    return value.quantize(PLACES, rounding=ROUND_HALF_UP)
