"""The demonstration's ideas and 建议单."""

from datetime import date


def fill(day: date) -> None:
    """Fill in what the pages show."""
    del day
