"""Counting working days and the hall's hours: golden dates, then a naive count at random."""

import os
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.clock import SHANGHAI
from app.workdays.calendar import DEFAULT_WEEK, Calendar
from app.workdays.notices import official_calendar, official_days, official_years
from app.workdays.periods import Period, show_week

ROUNDS = int(os.environ.get("ROUNDS", "200"))
OFFICIAL = official_calendar()
MORNING = (Period(time(9), time(12)),)
ALL_DAY = (Period(time(9), time(17)),)
EXTENDED = (*(ALL_DAY,) * 5, MORNING, ())


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        # 春节调休 2026: Saturday 02-14 and 02-28 are worked, 02-15 to 02-23 are off.
        ("2026-02-12 10:00", 3, "2026-02-24"),
        ("2026-02-12 10:00", 5, "2026-02-26"),
        ("2026-02-13 17:01", 0, "2026-02-14"),
        ("2026-02-14 10:00", 0, "2026-02-14"),
        ("2026-02-14 10:00", 1, "2026-02-24"),
        ("2026-02-14 17:01", 0, "2026-02-24"),
        ("2026-02-27 10:00", 1, "2026-02-28"),
        # 国庆: 2026-09-20 and 10-10 are worked, 10-01 to 10-07 are off.
        ("2026-09-28 10:00", 15, "2026-10-23"),
        ("2026-09-30 09:00", 1, "2026-10-08"),
        ("2026-10-01 09:00", 0, "2026-10-08"),
        ("2026-10-09 09:00", 1, "2026-10-10"),
        ("2025-09-26 10:00", 3, "2025-09-30"),
        ("2025-09-29 10:00", 3, "2025-10-10"),
        ("2025-09-30 10:00", 5, "2025-10-14"),
        ("2026-04-30 10:00", 3, "2026-05-08"),
        # Over the end of a year.
        ("2025-12-31 10:00", 3, "2026-01-06"),
        # Ordinary weeks.
        ("2026-11-20 16:59", 0, "2026-11-20"),
        ("2026-11-20 17:00", 0, "2026-11-20"),
        ("2026-11-20 17:01", 0, "2026-11-23"),
        ("2026-11-20 17:01", 1, "2026-11-24"),
        ("2026-11-21 10:00", 0, "2026-11-23"),
        ("2026-11-20 10:00", 1, "2026-11-23"),
        ("2026-11-20 10:00", 20, "2026-12-18"),
    ],
)
def test_deadline_of_a_golden_date(received, days, due):
    deadline = OFFICIAL.add_workdays(at(received), days)
    assert deadline.due == at(f"{due} 17:00")
    assert deadline.due.isoformat() == f"{due}T17:00:00+08:00"
    assert not deadline.provisional


@pytest.mark.parametrize(("year", "quarters"), [(2025, [59, 61, 67, 61]), (2026, [59, 61, 66, 62])])
def test_each_quarter_has_its_number_of_workdays(year, quarters):
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    counted = [
        sum(OFFICIAL.is_workday(day) for day in days if (day.month - 1) // 3 == quarter)
        for quarter in range(4)
    ]
    assert counted == quarters


def test_the_last_workday_up_to_a_day_is_the_day_itself_or_lies_before_it():
    calendar = Calendar()
    friday = date(2026, 11, 20)
    for days in range(3):
        assert calendar.last_workday(friday + timedelta(days=days)) == friday
    assert calendar.last_workday(friday + timedelta(days=3)) == date(2026, 11, 23)


def test_a_year_without_notice_counts_monday_to_friday_and_is_provisional():
    deadline = OFFICIAL.add_workdays(at("2027-01-01 10:00"), 1)
    assert deadline.due == at("2027-01-04 17:00")
    assert deadline.provisional


def test_a_deadline_that_reaches_into_an_unannounced_year_is_provisional():
    assert not OFFICIAL.add_workdays(at("2026-12-31 10:00"), 0).provisional
    assert OFFICIAL.add_workdays(at("2026-12-31 10:00"), 1).provisional
    assert OFFICIAL.add_workdays(at("2026-12-31 17:01"), 0).provisional


def test_an_unannounced_year_on_the_way_makes_a_deadline_provisional():
    known_ends = Calendar(announced=frozenset({2026, 2028}))
    assert known_ends.add_workdays(at("2026-12-31 10:00"), 265).provisional


def test_the_time_of_receipt_is_read_in_the_halls_zone():
    # 09:00 UTC is 17:00 in the hall, one second later it is closed.
    sharp = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert OFFICIAL.counted_day(sharp) == date(2026, 11, 20)
    assert OFFICIAL.counted_day(sharp + timedelta(seconds=1)) == date(2026, 11, 23)
    # 23:00 UTC on Sunday is Monday morning in the hall.
    assert OFFICIAL.counted_day(datetime(2026, 11, 22, 23, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_naive_times_and_negative_numbers_are_refused():
    with pytest.raises(ValueError, match="aware"):
        OFFICIAL.add_workdays(datetime(2026, 11, 20, 10, 0), 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        OFFICIAL.add_workdays(at("2026-11-20 10:00"), -1)


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
TIMES = st.times().map(lambda moment: moment.replace(microsecond=0))
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=60).map(
    lambda exceptions: Calendar(workdays=exceptions)
)


def count_naively(calendar, received, days):
    """Walk through every day and cross off those that count, as one does on paper."""
    working = [
        day
        for day in (received.date() + timedelta(days=number) for number in range(400))
        if calendar.workdays.get(day, day.weekday() in {0, 1, 2, 3, 4})
    ]
    if working[0] == received.date() and received.time() > time(17, 0):
        working = working[1:]
    return working[days]


@settings(max_examples=ROUNDS, deadline=None)
@given(calendar=CALENDARS, day=DAYS, moment=TIMES, days=st.integers(0, 60))
def test_deadlines_equal_a_naive_count(calendar, day, moment, days):
    received = datetime.combine(day, moment, SHANGHAI)
    due = calendar.add_workdays(received, days).due
    assert due.date() == count_naively(calendar, received, days)
    assert due.time() == time(17, 0)
    assert calendar.is_workday(due.date())


@settings(max_examples=ROUNDS, deadline=None)
@given(
    calendar=CALENDARS, day=DAYS, moment=TIMES, first=st.integers(0, 30), more=st.integers(0, 30)
)
def test_counting_on_from_a_deadline_adds_up(calendar, day, moment, first, more):
    received = datetime.combine(day, moment, SHANGHAI)
    halfway = calendar.add_workdays(received, first)
    assert calendar.add_workdays(halfway.due, more) == calendar.add_workdays(received, first + more)


@settings(max_examples=ROUNDS, deadline=None)
@given(
    calendar=CALENDARS,
    day=DAYS,
    moment=TIMES,
    later=st.timedeltas(timedelta(0)),
    days=st.integers(0, 9),
)
def test_who_hands_in_later_is_never_due_earlier(calendar, day, moment, later, days):
    received = datetime.combine(day, moment, SHANGHAI)
    after = received + min(later, timedelta(days=300))
    assert calendar.add_workdays(received, days).due <= calendar.add_workdays(after, days).due


def test_notices_name_holidays_with_their_weekend_and_make_up_days():
    days = official_days(2026)
    assert (days[date(2026, 1, 3)].is_workday, days[date(2026, 1, 3)].name) == (False, "元旦")
    assert (days[date(2026, 2, 14)].is_workday, days[date(2026, 2, 14)].name) == (True, "春节调休")
    assert date(2026, 2, 7) not in days
    assert len(days) == 39


def test_a_year_that_nobody_announced_has_no_notice():
    assert official_days(max(official_years()) + 1) == {}


HALL = Calendar(
    announced=frozenset({2026}),
    workdays={date(2026, 2, 14): True, date(2026, 2, 17): False, date(2026, 2, 21): False},
    hours={date(2026, 3, 4): (), date(2026, 3, 7): ALL_DAY},
    weeks=[(date(2026, 3, 1), EXTENDED), (date(2026, 1, 1), (*(MORNING,) * 5, (), ()))],
)


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2026, 1, 1), MORNING),  # the very first day of the new usual hours
        (date(2026, 1, 5), MORNING),
        (date(2026, 1, 10), ()),
        (date(2026, 2, 14), MORNING),  # a make-up Saturday has Monday's hours
        (date(2026, 2, 17), ()),  # a holiday is closed
        (date(2026, 3, 2), ALL_DAY),  # the new usual hours
        (date(2026, 3, 14), MORNING),  # 周六延时服务
        (date(2026, 3, 15), ()),
        (date(2026, 3, 4), ()),  # closed for this day
        (date(2026, 3, 7), ALL_DAY),  # open longer on this day
    ],
)
def test_the_hall_is_open_when_its_calendar_says_so(day, periods):
    assert HALL.periods(day) == periods
    assert HALL.is_open(day) == bool(periods)


def test_extended_service_does_not_take_place_in_a_holiday():
    week = [(date(2026, 1, 1), EXTENDED)]
    off = Calendar(workdays={date(2026, 2, 21): False}, weeks=week)
    assert off.periods(date(2026, 2, 21)) == ()
    assert off.periods(date(2026, 2, 28)) == MORNING


def test_make_up_saturdays_are_open_like_a_monday():
    hall = Calendar(workdays={date(2026, 2, 28): True}, weeks=[(date(2026, 1, 1), EXTENDED)])
    assert hall.periods(date(2026, 2, 28)) == ALL_DAY


def test_hours_before_the_first_registered_week_are_the_default_ones():
    assert HALL.week_of(date(2025, 12, 31)) == DEFAULT_WEEK
    assert show_week(DEFAULT_WEEK) == "星期一至星期五 09:00—17:00；星期六至星期日 闭厅"
