"""Lights, derived from two dates and never typed: 绿 正常, 蓝 临期, 黄 已退回, 红 逾期.

"绿 正常 · 蓝 临期（剩余不超过三分之一或两个工作日） · 黄 滞后或已退回一次 · 红 逾期. The due day
itself is never red." A light says why in one sentence.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.kernel import clock, formats
from app.workdays.calendar import Calendar

NEAR_DAYS = 2
MOST_COUNTED = 400


class LightKind(StrEnum):
    """The four lights, in the order of their urgency."""

    RED = "red"
    AMBER = "amber"
    BLUE = "blue"
    GREEN = "green"


LIGHT_LABELS = {
    LightKind.RED: "逾期",
    LightKind.AMBER: "已退回",
    LightKind.BLUE: "临期",
    LightKind.GREEN: "正常",
}


@dataclass(frozen=True, kw_only=True)
class Light:
    """A light with its word and the sentence that says why."""

    kind: LightKind
    reason: str

    @property
    def word(self) -> str:
        """Give the word that stands beside the shape."""
        return LIGHT_LABELS[self.kind]


def light_of(
    *, opened_at: datetime, due_at: datetime, is_returned: bool, calendar: Calendar, now: datetime
) -> Light:
    """Derive the light of something that is open; both times are aware."""
    due_on, today = clock.local(due_at).date(), clock.local(now).date()
    until = f"期限{formats.month_day(due_on)}{clock.local(due_at):%H:%M}"
    if today > due_on:
        late = count_workdays(calendar, due_at, now)
        passed = f"{late}个工作日" if late else "，之后还没有工作日"
        return Light(kind=LightKind.RED, reason=f"{until}，已超过{passed}。")
    left = count_workdays(calendar, now, due_at)
    remaining = f"还有{left}个工作日" if left else "今天到期"
    if is_returned:
        return Light(kind=LightKind.AMBER, reason=f"退回过一次；{until}，{remaining}。")
    whole = count_workdays(calendar, opened_at, due_at)
    kind = LightKind.BLUE if left <= NEAR_DAYS or left * 3 <= whole else LightKind.GREEN
    return Light(kind=kind, reason=f"{until}，{remaining}。")


def count_workdays(calendar: Calendar, since: datetime, until: datetime) -> int:
    """Count the working days after the day of `since`, up to the day of `until`."""
    day, last, count = clock.local(since).date(), clock.local(until).date(), 0
    while day < last and count < MOST_COUNTED:
        day += timedelta(days=1)
        count += calendar.is_workday(day)
    return count
