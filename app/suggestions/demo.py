"""The demonstration's ideas and 建议单: three complaints that become one, one not adopted, one late."""

from datetime import date


def fill(day: date) -> None:
    """Fill in what the pages show."""
    del day
