"""Months of a pair: which ones it covers, and until when the record of one may be written."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from app.kernel import clock
from app.mentoring.settings import RECORD_GRACE
from app.settings import service as settings
from app.workdays import service as workdays

MONTHS_PER_YEAR = 12
LONGEST_MONTH = 31
NOON = time(12)
# Whoever begins after this day of a month writes no record of it.
LATEST_START = 20


def first_of(day: date) -> date:
    """Give the first day of a day's month."""
    return day.replace(day=1)


def add_months(day: date, count: int) -> date:
    """Give the same day some months on, or the last of a shorter month."""
    months = day.year * MONTHS_PER_YEAR + day.month - 1 + count
    first = date(months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1, 1)
    return min(first + timedelta(days=day.day - 1), last_of(first))


def end_of_term(starts_on: date, count: int) -> date:
    """Give the last day of a term of some months."""
    return add_months(starts_on, count) - timedelta(days=1)


def last_of(day: date) -> date:
    """Give the last day of a day's month."""
    return first_of(first_of(day) + timedelta(days=LONGEST_MONTH)) - timedelta(days=1)


def months_from(first: date, last: date) -> Iterator[date]:
    """Give the first days of all months from one day to another."""
    month = first_of(first)
    while month <= last:
        yield month
        month = first_of(month + timedelta(days=LONGEST_MONTH))


def recorded(starts_on: date, until: date) -> Iterator[date]:
    """Give the months of which a record is kept: the first one only if most of it is left."""
    for month in months_from(starts_on, until):
        if month > starts_on or starts_on.day <= LATEST_START:
            yield month


def label(month: date) -> str:
    """2026年10月."""
    return f"{month.year}年{month.month}月"


def record_deadline(month: date) -> datetime:
    """Give until when a month's record may be written: some working days after its end."""
    end = clock.from_local(datetime.combine(last_of(month), NOON))
    return workdays.get_deadline(received=end, days=settings.get(RECORD_GRACE)).due


def workdays_until(day: date) -> int:
    """Give how many working days there are until a day; one at least, so that one can act."""
    calendar = workdays.get_calendar()
    at, count = calendar.counted_day(clock.now()), 0
    while at < day:
        at = calendar.next_workday(at)
        count += 1
    return max(count, 1)


def length_text(since: date, until: date) -> str:
    """Say how long it is from one day to another: 3年2个月."""
    months = (until.year - since.year) * MONTHS_PER_YEAR + until.month - since.month
    months -= until.day < since.day
    years, rest = divmod(max(months, 0), MONTHS_PER_YEAR)
    parts = [f"{years}年" if years else "", f"{rest}个月" if rest else ""]
    return "".join(parts) or "不满一个月"
