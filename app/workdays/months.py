"""A year as twelve small months, as the page draws it: every state has a sign and a word."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.workdays.calendar import SATURDAY, Calendar
from app.workdays.models import DayKind
from app.workdays.service import DayEntry

# What a sign says; the legend lists them in this order.
SIGNS = {
    "休": "放假",
    "班": "调休上班",
    "开": "休息日，大厅开放",
    "闭": "工作日，大厅不开放",
}


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """One day: its signs, and the same in words."""

    day: date
    signs: tuple[str, ...]
    words: str
    is_rest: bool
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month: weeks from Monday to Sunday, None outside of it; and how many days one works."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    workdays: int


def build_months(
    chosen: Calendar, *, year: int, entries: Iterable[DayEntry], today: date
) -> list[Month]:
    """Build a year's months; `entries` are its special days, for their reasons."""
    by_day = {entry.day: entry for entry in entries}
    months = []
    for number in range(1, 13):
        weeks = tuple(
            tuple(
                build_cell(chosen, day, by_day.get(day), today) if day.month == number else None
                for day in week
            )
            for week in calendar.Calendar().monthdatescalendar(year, number)
        )
        workdays = sum(cell is not None and not cell.is_rest for week in weeks for cell in week)
        months.append(Month(number=number, weeks=weeks, workdays=workdays))
    return months


def build_cell(chosen: Calendar, day: date, entry: DayEntry | None, today: date) -> DayCell:
    """Build one day; an ordinary one has neither signs nor words."""
    is_work, signs = chosen.is_workday(day), []
    if entry and entry.kind is DayKind.OFF:
        signs.append("休")
    elif is_work and day.weekday() >= SATURDAY:
        signs.append("班")
    if is_work != chosen.is_open(day):
        signs.append("闭" if is_work else "开")
    words = [SIGNS[sign] for sign in signs] + ([entry.name] if entry else [])
    return DayCell(
        day=day,
        signs=tuple(signs),
        words="，".join(words),
        is_rest=not is_work,
        is_today=day == today,
    )
