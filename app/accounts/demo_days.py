"""Days of the demonstration: each told from the day on which it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from app.kernel import clock, db
from app.kernel.evidence import Span

# The site began two months ago: before last month's exam was drafted.
BEGUN = timedelta(days=60)
SATURDAY = 5
MIDDLES = (11, 8, 5, 2)
MIDDLE_DAY = 15
# What happened in the middle of a quarter is at least so long ago.
PAST = timedelta(days=3)
# So long after its last day a quarter's assessment is in the hands of the people.
SETTLED = timedelta(days=16)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give an instant of a day in the hall's time."""
    return clock.from_local(datetime.combine(day, time(hour, minute)))


def weekday(day: date) -> date:
    """Give the day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


@contextmanager
def on(day: date, hour: int = 10, minute: int = 0) -> Iterator[datetime]:
    """Let it be a moment of a working day, and open one write."""
    moment = at(weekday(day), hour, minute)
    with clock.frozen(moment), db.write():
        yield moment


def mid_quarter(day: date) -> date:
    """Give the last middle of a quarter that lies behind, on a weekday."""
    middles = (
        weekday(date(year, month, MIDDLE_DAY))
        for year in (day.year, day.year - 1)
        for month in MIDDLES
    )
    return next(each for each in middles if each <= day - PAST)


def quarter_before(day: date) -> Span:
    """Give the quarter before that of a day."""
    last = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return Span(first=last.replace(month=last.month - 2, day=1), last=last)


def assessed_quarters(day: date) -> tuple[Span, Span]:
    """Give the quarter whose portraits are out, and the one after it, whose portraits are read."""
    newer = quarter_before(day - SETTLED)
    return quarter_before(newer.first), newer
