"""The demonstration hall's calendar: open without a break at noon, Saturday mornings too."""

from datetime import date, time, timedelta

from app.kernel import db
from app.workdays import imports, service
from app.workdays.calendar import SATURDAY
from app.workdays.periods import Period

WEEKDAY = (Period(time(9), time(17)),)
SATURDAY_MORNING = (Period(time(9), time(12)),)
WEEK = (WEEKDAY,) * SATURDAY + (SATURDAY_MORNING, ())


def fill(day: date) -> None:
    """Register the years around `day`, the usual hours, and one Saturday on which it is closed."""
    since = date(day.year - 1, 1, 1)
    with db.write():
        imports.import_missing_years(around=day)
        service.change_hours(
            entry=service.HoursEntry(valid_from=since, week=WEEK), changed_by_id=None
        )
        service.change_day(
            entry=service.DayEntry(
                day=next_open_saturday(day), name="信息系统升级，延时服务暂停一次", periods=()
            ),
            changed_by_id=None,
        )


def next_open_saturday(day: date) -> date:
    """Give the first Saturday more than a week ahead that is neither holiday nor make-up day."""
    special = service.get_calendar().workdays
    day += timedelta(days=7 + (SATURDAY - day.weekday()) % 7)
    while day in special:
        day += timedelta(days=7)
    return day
