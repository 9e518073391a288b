"""Counting in 工作日, and when the hall is open: rules without database and clock.

"Start day not counted; ends at close of business; received after 17:00 or on a day off counts as
next working day; make-up days count; a year without its official notice counts Monday to Friday,
says 暂定." What fills a Calendar stands in models.py and notices.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.kernel.clock import SHANGHAI, local
from app.workdays.periods import Period, Periods, Week

CLOSE_OF_BUSINESS = time(17)
SATURDAY = 5
MONDAY = 0
# What holds until the hall has registered its own hours.
DEFAULT_WEEK: Week = ((Period(time(9), CLOSE_OF_BUSINESS),),) * SATURDAY + ((), ())


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The last moment: 17:00 in the hall's time; provisional where a year on the way is 暂定."""

    due: datetime
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The hall's two calendars at one moment.

    `announced` are the years whose official notice is registered; `workdays` says of exceptional
    days whether one works; `hours` are the hall's exceptional hours, none meaning closed; `weeks`
    are its usual hours, each from a day on.
    """

    announced: frozenset[int] = frozenset()
    workdays: Mapping[date, bool] = field(default_factory=dict)
    hours: Mapping[date, Periods] = field(default_factory=dict)
    weeks: Sequence[tuple[date, Week]] = ()

    def is_workday(self, day: date) -> bool:
        """Tell whether a day counts for deadlines; without a notice, Monday to Friday do."""
        return self.workdays.get(day, day.weekday() < SATURDAY)

    def is_provisional(self, year: int) -> bool:
        """Tell whether a year still lacks its notice."""
        return year not in self.announced

    def next_workday(self, day: date) -> date:
        """Give the first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def last_workday(self, day: date) -> date:
        """Give a day, or the working day before it where it is none."""
        while not self.is_workday(day):
            day -= timedelta(days=1)
        return day

    def counted_day(self, received: datetime) -> date:
        """Give the working day on which something counts as received."""
        moment = local(received)
        if self.is_workday(moment.date()) and moment.time() <= CLOSE_OF_BUSINESS:
            return moment.date()
        return self.next_workday(moment.date())

    def add_workdays(self, received: datetime, days: int) -> Deadline:
        """Give the deadline of `days` working days; 0 ends on the very day that counts as received.

        Raises ValueError for a naive time or a negative number.
        """
        if received.tzinfo is None or days < 0:
            raise ValueError("an aware time and a number of days from 0 on are needed")
        due_on = self.counted_day(received)
        for _ in range(days):
            due_on = self.next_workday(due_on)
        years = range(local(received).year, due_on.year + 1)
        return Deadline(
            due=datetime.combine(due_on, CLOSE_OF_BUSINESS, SHANGHAI),
            provisional=any(self.is_provisional(year) for year in years),
        )

    def is_open(self, day: date) -> bool:
        """Tell whether the hall opens at all on a day."""
        return bool(self.periods(day))

    def periods(self, day: date) -> Periods:
        """Give the hall's hours on a day.

        What was registered for the day itself comes first; then a holiday is closed, weekend or
        not; a make-up day on a weekend has Monday's hours; every other day has those of its week.
        """
        if day in self.hours:
            return self.hours[day]
        if not self.workdays.get(day, True):
            return ()
        is_make_up = day in self.workdays and day.weekday() >= SATURDAY
        return self.week_of(day)[MONDAY if is_make_up else day.weekday()]

    def week_of(self, day: date) -> Week:
        """Give the usual hours in force on a day."""
        in_force = [week for valid_from, week in sorted(self.weeks) if valid_from <= day]
        return in_force[-1] if in_force else DEFAULT_WEEK
