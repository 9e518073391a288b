"""Opening hours of one day as people type, read and store them. 午间不间断 is one period."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from app.kernel.formats import WEEKDAYS

MAX_PERIODS = 4
CLOSED = "闭厅"
PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*(?:[-–—~]+|至|到)\s*(\d{1,2}):(\d{2})")
SEPARATORS = " \t、,;和"


@dataclass(frozen=True, order=True)
class Period:
    """From `start` until `end` of one day, in the hall's time, to the minute."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}—{self.end:%H:%M}"


Periods = tuple[Period, ...]
# Seven times the periods of a day, Monday first.
Week = tuple[Periods, ...]


def parse_periods(text: str) -> Periods:
    """Read 9:00-12:00、13:00-17:00; empty text means that the hall is closed.

    Raises ValueError with a Chinese sentence that says what to do.
    """
    plain = unicodedata.normalize("NFKC", text)
    if PERIOD.sub("", plain).strip(SEPARATORS):
        raise ValueError("请写成“9:00-12:00、13:00-17:00”这样的时段。")
    periods = tuple(read_period(match.groups()) for match in PERIOD.finditer(plain))
    if len(periods) > MAX_PERIODS:
        raise ValueError(f"一天最多{MAX_PERIODS}个时段。")
    if any(earlier.end >= later.start for earlier, later in itertools.pairwise(periods)):
        raise ValueError("时段要从早到晚，不能重叠；中间不休息的，请合并成一个时段。")
    return periods


def read_period(parts: Sequence[str]) -> Period:
    """Build a period from hour, minute, hour, minute; raises ValueError like `parse_periods`."""
    hour, minute, end_hour, end_minute = map(int, parts)
    try:
        period = Period(time(hour, minute), time(end_hour, end_minute))
    except ValueError as error:
        raise ValueError("没有这样的钟点，请检查时段。") from error
    if period.start >= period.end:
        raise ValueError(f"{period}：开始要早于结束。")
    return period


def show_periods(periods: Periods) -> str:
    """Write periods for people; `parse_periods` reads the text of an open day back."""
    return "、".join(map(str, periods)) or CLOSED


def show_week(week: Week) -> str:
    """Write a week in one line, days with the same hours together."""
    parts = []
    for periods, days in itertools.groupby(range(len(week)), key=lambda day: week[day]):
        first, *others = [f"星期{WEEKDAYS[day]}" for day in days]
        until = f"至{others[-1]}" if others else ""
        parts.append(f"{first}{until} {show_periods(periods)}")
    return "；".join(parts)


def dump_periods(periods: Periods) -> list[list[str]]:
    """Give the JSON form: [["09:00", "12:00"], ...]."""
    return [[f"{each.start:%H:%M}", f"{each.end:%H:%M}"] for each in periods]


def load_periods(value: Sequence[Sequence[str]]) -> Periods:
    """Read the JSON form."""
    return tuple(Period(time.fromisoformat(start), time.fromisoformat(end)) for start, end in value)
