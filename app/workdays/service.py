"""Reading and registering the hall's two calendars.

"Two calendars: 工作日 for deadlines; 大厅开放日和时段 (周六延时服务, 午间不间断) for screens,
值班表 and exam batches." Other rooms ask `get_calendar()`, or `get_deadline()` for one date.
How a year's official notice comes in stands in imports.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.workdays.calendar import CLOSE_OF_BUSINESS, DEFAULT_WEEK, Calendar, Deadline
from app.workdays.lights import count_workdays
from app.workdays.models import (
    FIRST_YEAR,
    LAST_YEAR,
    CalendarSource,
    CalendarYear,
    DayKind,
    OpeningWeek,
    SpecialDay,
)
from app.workdays.periods import Periods, Week, dump_periods, load_periods

MAX_DAYS = 1000
LONGEST_NOTICE = timedelta(days=366)


class HallMode(StrEnum):
    """When the hall opens on a day, told from its periods."""

    USUAL = "usual"
    CLOSED = "closed"
    OWN = "own"


@dataclass(frozen=True, kw_only=True)
class DayEntry:
    """A day as people see and edit it. Version 0: nothing was ever registered for it."""

    day: date
    kind: DayKind = DayKind.ORDINARY
    name: str = ""
    periods: Periods | None = None
    version: int = 0

    @property
    def hall(self) -> HallMode:
        """Tell 照常, 闭厅 and 另定时段 apart."""
        if self.periods is None:
            return HallMode.USUAL
        return HallMode.OWN if self.periods else HallMode.CLOSED


@dataclass(frozen=True, kw_only=True)
class HoursEntry:
    """The hall's usual hours from a day on. `version` counts all changes of usual hours so far."""

    valid_from: date
    week: Week
    version: int = 0


def get_calendar() -> Calendar:
    """Give both calendars as they stand now; take a new one for each request or job."""
    days = db.session.scalars(select(SpecialDay)).all()
    weeks = db.session.scalars(select(OpeningWeek)).all()
    return Calendar(
        announced=frozenset(db.session.scalars(select(CalendarYear.year))),
        workdays={
            each.day: each.kind is DayKind.WORK
            for each in days
            if each.kind is not DayKind.ORDINARY
        },
        hours={each.day: load_periods(each.periods) for each in days if each.periods is not None},
        weeks=[(each.valid_from, load_week(each.days)) for each in weeks],
    )


def get_deadline(*, received: datetime, days: int, calendar: Calendar | None = None) -> Deadline:
    """Give the deadline of `days` working days after an aware time.

    `calendar` stands in for the hall's own. Raises RefusedError outside of what the table can hold.
    """
    if not 0 <= days <= MAX_DAYS:
        raise RefusedError(days=f"工作日数请填0到{MAX_DAYS}之间的整数。")
    if not FIRST_YEAR <= clock.local(received).year < LAST_YEAR:
        raise RefusedError(received=f"日期请填{FIRST_YEAR}年到{LAST_YEAR - 1}年之间的。")
    return (calendar or get_calendar()).add_workdays(received, days)


def count_days_left(until: datetime) -> int:
    """Give with how many days `get_deadline` ends on the day of `until` now; 0 where it is over.

    What is received after close of business counts from the next working day, here as there.
    """
    calendar = get_calendar()
    counted = datetime.combine(calendar.counted_day(clock.now()), CLOSE_OF_BUSINESS, clock.SHANGHAI)
    return count_workdays(calendar, counted, until)


def select_rows(*, year: int) -> Select[SpecialDay]:
    """Select all that was ever registered for a year's days."""
    return select(SpecialDay).where(SpecialDay.day.between(date(year, 1, 1), date(year, 12, 31)))


def select_days(*, year: int) -> Select[SpecialDay]:
    """Select a year's special days, without those that have become ordinary again."""
    return select_rows(year=year).where(
        or_(SpecialDay.kind != DayKind.ORDINARY, SpecialDay.periods.is_not(None))
    )


def list_days(*, year: int) -> list[DayEntry]:
    """Give a year's special days in order."""
    found = db.session.scalars(select_days(year=year).order_by(SpecialDay.day))
    return [day_entry(each) for each in found]


def get_day(*, day: date) -> DayEntry:
    """Give what is registered for a day; an ordinary entry of version 0 where nothing is."""
    found = db.session.get(SpecialDay, day)
    return day_entry(found) if found else DayEntry(day=day)


def day_entry(row: SpecialDay) -> DayEntry:
    """Detach a row from the database."""
    periods = None if row.periods is None else load_periods(row.periods)
    return DayEntry(day=row.day, kind=row.kind, name=row.name, periods=periods, version=row.version)


def change_day(*, entry: DayEntry, changed_by_id: int | None) -> None:
    """Register a day as `entry` says; an unchanged one is left alone.

    `entry.version` is the version that was seen: raises StaleEditError on another one, and
    RefusedError where an exception has no reason.
    """
    row = db.session.get(SpecialDay, entry.day, with_for_update=True)
    before = day_entry(row) if row else DayEntry(day=entry.day)
    if before.version != entry.version:
        raise StaleEditError
    is_ordinary = entry.kind is DayKind.ORDINARY and entry.periods is None
    if not is_ordinary and not entry.name:
        raise RefusedError(name="请写明事由，如“中秋”“设备检修”。")
    if is_ordinary:
        entry = replace(entry, name="")
    if before == entry:
        return
    if row is None:
        row = SpecialDay(day=entry.day, source=CalendarSource.TYPED)
        db.session.add(row)
    if (before.kind, before.name) != (entry.kind, entry.name):
        row.source = CalendarSource.TYPED
    row.kind, row.name = entry.kind, entry.name
    row.periods = None if entry.periods is None else dump_periods(entry.periods)
    flush()
    append(
        AuditEvent.WORKDAYS_DAY_CHANGED,
        person_id=changed_by_id,
        object_type="special_day",
        object_id=entry.day,
        before=describe(before),
        after=describe(entry),
    )


def describe(entry: DayEntry) -> dict[str, Any]:
    """Give what the log keeps of a day."""
    periods = None if entry.periods is None else dump_periods(entry.periods)
    return {"kind": entry.kind, "name": entry.name, "periods": periods}


def flush() -> None:
    """Send what is pending; a row that somebody else has just added makes the edit a stale one."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise StaleEditError from error


def list_hours(*, on: date) -> list[HoursEntry]:
    """Give the usual hours in force on a day, then those that are planned."""
    rows = list(db.session.scalars(select(OpeningWeek).order_by(OpeningWeek.valid_from)))
    version = sum(each.version for each in rows)
    entries = [
        HoursEntry(valid_from=each.valid_from, week=load_week(each.days), version=version)
        for each in rows
    ]
    past = [each for each in entries if each.valid_from <= on]
    planned = [each for each in entries if each.valid_from > on]
    in_force = past[-1:] or [HoursEntry(valid_from=on, week=DEFAULT_WEEK, version=version)]
    return [*in_force, *planned]


def change_hours(*, entry: HoursEntry, changed_by_id: int | None) -> None:
    """Register the usual hours from `entry.valid_from` on.

    Raises StaleEditError when any usual hours have changed since `entry.version`, RefusedError for
    a week without a single open day, for a change of what is past or more than a year ahead.
    """
    seen = db.session.scalar(select(func.coalesce(func.sum(OpeningWeek.version), 0)))
    if seen != entry.version:
        raise StaleEditError
    if not any(entry.week):
        raise RefusedError(form="一周至少要有一天开放；临时闭厅的，请登记到具体日期。")
    if seen and entry.valid_from < clock.today():
        raise RefusedError(valid_from="生效日期不能早于今天：已经过去的开放时间不再改。")
    if entry.valid_from > clock.today() + LONGEST_NOTICE:
        raise RefusedError(valid_from="生效日期最多提前一年，请检查年份。")
    days = [dump_periods(periods) for periods in entry.week]
    row = db.session.get(OpeningWeek, entry.valid_from, with_for_update=True)
    if row is None:
        db.session.add(OpeningWeek(valid_from=entry.valid_from, days=days))
    else:
        row.days = days
    flush()
    append(
        AuditEvent.WORKDAYS_HOURS_CHANGED,
        person_id=changed_by_id,
        object_type="opening_week",
        object_id=entry.valid_from,
        days=days,
    )


def load_week(days: Sequence[Any]) -> Week:
    """Read the JSON form of a week."""
    return tuple(load_periods(each) for each in days)
