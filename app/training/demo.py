"""The demonstration's classes."""

from datetime import date


def fill(day: date) -> None:
    """Make them all as of the day."""
    del day
