"""Quarters: the periods that are assessed, and how they are called."""

from datetime import date, timedelta

from app.kernel.evidence import Span

MONTHS = 3
QUARTERS = "一二三四"


def quarter_of(day: date) -> tuple[int, int]:
    """Give year and quarter of a day."""
    return day.year, (day.month - 1) // MONTHS + 1


def span_of(year: int, quarter: int) -> Span:
    """Give the days of a quarter."""
    first = date(year, (quarter - 1) * MONTHS + 1, 1)
    following = date(year + quarter // 4, quarter % 4 * MONTHS + 1, 1)
    return Span(first=first, last=following - timedelta(days=1))


def following(year: int, quarter: int) -> tuple[int, int]:
    """Give the quarter after one."""
    return (year + 1, 1) if quarter == len(QUARTERS) else (year, quarter + 1)


def preceding(year: int, quarter: int) -> tuple[int, int]:
    """Give the quarter before one."""
    return (year - 1, len(QUARTERS)) if quarter == 1 else (year, quarter - 1)


def name_of(year: int, quarter: int) -> str:
    """Call a quarter as people do: 2026年第三季度."""
    return f"{year}年第{QUARTERS[quarter - 1]}季度"
