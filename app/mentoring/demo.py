"""Demonstration."""

from datetime import date


def fill(day: date) -> None:
    """Make nothing yet."""
    del day
