"""The State Council's notices on holidays, as the package chinesecalendar has them.

The only door to that package. It ends with the last year announced when it was released: for later
years there is nothing, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from app.workdays.calendar import Calendar


@dataclass(frozen=True, kw_only=True)
class OfficialDay:
    """A day that a notice names: a holiday with its weekend, or a make-up day."""

    is_workday: bool
    name: str


def official_years() -> list[int]:
    """Give the years that the package knows, in order."""
    return sorted({day.year for day in holidays})


@lru_cache(maxsize=32)
def official_days(year: int) -> Mapping[date, OfficialDay]:
    """Give the days that a year's notice names; nothing for a year that the package lacks."""
    if year not in official_years():
        return {}
    days = sorted(day for day in {*holidays, *workdays} if day.year == year)
    named = {day: official_day(day) for day in days}
    return {day: found for day, found in named.items() if found is not None}


def official_day(day: date) -> OfficialDay | None:
    """Give what the notice says of one day, or None where it says nothing."""
    is_holiday, english = chinese_calendar.get_holiday_detail(day)
    if english is None:
        return None
    name = chinese_calendar.Holiday(english).chinese
    return OfficialDay(is_workday=not is_holiday, name=name if is_holiday else f"{name}调休")


def official_calendar() -> Calendar:
    """Build a calendar from the notices alone, for where there is no database."""
    days = {day: found for year in official_years() for day, found in official_days(year).items()}
    return Calendar(
        announced=frozenset(official_years()),
        workdays={day: found.is_workday for day, found in days.items()},
    )


def notice_title(year: int) -> str:
    """Propose the title of a year's notice, none where the package knows of none.

    Its number is for whoever has the paper at hand.
    """
    return f"国务院办公厅关于{year}年部分节假日安排的通知" if official_days(year) else ""
