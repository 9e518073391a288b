"""Years, days and hours for tests, made through the room's own services."""

from datetime import date, time

from app.kernel import db
from app.workdays import imports, notices, service
from app.workdays.models import DayKind
from app.workdays.periods import Period

MORNING = (Period(time(9), time(12)),)
ALL_DAY = (Period(time(9), time(17)),)
EXTENDED_WEEK = (*(ALL_DAY,) * 5, MORNING, ())


def add_year(year):
    """Import a year's notice as it comes with the site."""
    with db.write():
        imports.import_year(
            year=year, notice=notices.notice_title(year), seen=None, imported_by_id=None
        )


def add_day(day, kind=DayKind.ORDINARY, name="设备检修", periods=None, version=0):
    """Register a day as somebody of the hall types it."""
    with db.write():
        service.change_day(
            entry=service.DayEntry(day=day, kind=kind, name=name, periods=periods, version=version),
            changed_by_id=None,
        )


def add_hours(valid_from=date(2026, 1, 1), week=EXTENDED_WEEK, version=0):
    """Register the usual hours, by default with 周六延时服务 and 午间不间断."""
    with db.write():
        service.change_hours(
            entry=service.HoursEntry(valid_from=valid_from, week=week, version=version),
            changed_by_id=None,
        )
