"""stub"""

from datetime import date


def fill(day: date) -> None:
    """Make."""
    del day
