"""Reading both calendars, registering days and hours, and the demonstration's calendar."""

import contextlib
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry, AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.workdays import demo, service
from app.workdays.calendar import DEFAULT_WEEK
from app.workdays.models import CalendarSource, DayKind, SpecialDay
from app.workdays.notices import official_calendar
from app.workdays.service import DayEntry, HallMode, HoursEntry
from tests.workdays.factories import (
    ALL_DAY,
    EXTENDED_WEEK,
    MORNING,
    add_day,
    add_hours,
    add_year,
)

pytestmark = pytest.mark.db

FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def context(app):
    with clock.frozen(datetime(2026, 11, 20, 2, 0, tzinfo=UTC)), app.app_context():
        yield


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def events(event):
    found = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq)
    return list(db.session.scalars(found))


def test_an_empty_table_counts_monday_to_friday_and_is_provisional():
    deadline = service.get_deadline(received=at("2026-02-13 17:01"), days=0)
    assert deadline.due == at("2026-02-16 17:00")
    assert deadline.provisional


def test_an_imported_year_counts_as_its_notice_does():
    add_year(2026)
    calendar = service.get_calendar()
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert calendar.is_workday(day) == official_calendar().is_workday(day)
    deadline = service.get_deadline(received=at("2026-02-13 17:01"), days=0)
    assert deadline.due == at("2026-02-14 17:00")
    assert not deadline.provisional


def test_a_typed_day_moves_deadlines():
    add_year(2026)
    add_day(date(2026, 11, 23), DayKind.OFF, "停电")
    assert service.get_deadline(received=at("2026-11-20 10:00"), days=1).due == at(
        "2026-11-24 17:00"
    )


@pytest.mark.parametrize(
    ("received", "days", "field"),
    [
        ("2026-11-20 10:00", -1, "days"),
        ("2026-11-20 10:00", service.MAX_DAYS + 1, "days"),
        ("2003-12-31 10:00", 1, "received"),
        ("2100-01-01 10:00", 1, "received"),
    ],
)
def test_deadlines_outside_of_the_table_are_refused(received, days, field):
    with pytest.raises(RefusedError) as refusal:
        service.get_deadline(received=at(received), days=days)
    assert list(refusal.value.errors) == [field]


def test_a_closed_day_says_nothing_about_deadlines():
    add_day(FRIDAY, periods=())
    calendar = service.get_calendar()
    assert calendar.is_workday(FRIDAY)
    assert not calendar.is_open(FRIDAY)
    assert service.get_day(day=FRIDAY).hall is HallMode.CLOSED


def test_a_changed_day_is_written_down_with_before_and_after():
    add_day(FRIDAY, DayKind.OFF, "停电", MORNING)
    [entry] = events(AuditEvent.WORKDAYS_DAY_CHANGED)
    assert entry.object_id == "2026-11-20"
    assert entry.data["before"] == {"kind": "ordinary", "name": "", "periods": None}
    assert entry.data["after"] == {
        "kind": "off",
        "name": "停电",
        "periods": [["09:00", "12:00"]],
    }


def test_an_unchanged_day_makes_no_event_and_no_version():
    add_day(FRIDAY, DayKind.OFF)
    add_day(FRIDAY, DayKind.OFF, version=1)
    assert service.get_day(day=FRIDAY).version == 1
    assert len(events(AuditEvent.WORKDAYS_DAY_CHANGED)) == 1


def test_a_stale_edit_of_a_day_writes_nothing():
    add_day(FRIDAY, DayKind.OFF, "停电")
    with pytest.raises(StaleEditError):
        add_day(FRIDAY, DayKind.WORK, "加班", version=0)
    assert service.get_day(day=FRIDAY).name == "停电"
    with pytest.raises(StaleEditError):
        add_day(date(2026, 11, 23), DayKind.OFF, version=1)


@pytest.mark.parametrize("entry", [{"kind": DayKind.OFF}, {"periods": ()}, {"periods": ALL_DAY}])
def test_an_exception_without_a_reason_is_refused(entry):
    with pytest.raises(RefusedError) as refusal:
        add_day(FRIDAY, name="", **entry)
    assert list(refusal.value.errors) == ["name"]


def test_a_day_that_is_ordinary_again_leaves_the_list_but_not_the_table():
    add_day(FRIDAY, DayKind.OFF)
    add_day(FRIDAY, name="多余的事由", version=1)
    assert service.get_day(day=FRIDAY) == DayEntry(day=FRIDAY, version=2)
    assert service.list_days(year=2026) == []
    assert db.session.get(SpecialDay, FRIDAY) is not None


def test_own_hours_of_a_holiday_leave_its_source_alone():
    add_year(2026)
    day = date(2026, 10, 1)
    add_day(day, DayKind.OFF, "国庆节", MORNING, version=1)
    assert db.session.get(SpecialDay, day).source is CalendarSource.IMPORTED
    assert service.get_calendar().periods(day) == MORNING
    add_day(day, DayKind.OFF, "国庆", MORNING, version=2)
    assert db.session.get(SpecialDay, day).source is CalendarSource.TYPED


def test_without_registered_hours_the_default_week_holds():
    [hours] = service.list_hours(on=FRIDAY)
    assert hours == HoursEntry(valid_from=FRIDAY, week=DEFAULT_WEEK)


def test_hours_change_from_a_day_on():
    add_hours()
    add_hours(date(2026, 12, 1), week=DEFAULT_WEEK, version=1)
    in_force, planned = service.list_hours(on=FRIDAY)
    assert (in_force.valid_from, in_force.week) == (date(2026, 1, 1), EXTENDED_WEEK)
    assert (planned.valid_from, planned.week) == (date(2026, 12, 1), DEFAULT_WEEK)
    calendar = service.get_calendar()
    assert calendar.periods(date(2026, 11, 28)) == MORNING
    assert calendar.periods(date(2026, 12, 5)) == ()
    assert [entry.object_id for entry in events(AuditEvent.WORKDAYS_HOURS_CHANGED)] == [
        "2026-01-01",
        "2026-12-01",
    ]


def test_planned_hours_can_be_changed_where_they_begin():
    add_hours()
    add_hours(date(2026, 12, 1), week=DEFAULT_WEEK, version=1)
    add_hours(date(2026, 12, 1), week=(MORNING,) * 7, version=2)
    assert service.list_hours(on=FRIDAY)[-1] == HoursEntry(
        valid_from=date(2026, 12, 1), week=(MORNING,) * 7, version=3
    )


def test_a_stale_edit_of_hours_writes_nothing():
    add_hours()
    with pytest.raises(StaleEditError):
        add_hours(date(2026, 12, 1), version=0)
    assert len(service.list_hours(on=FRIDAY)) == 1


def test_hours_of_the_past_and_weeks_without_an_open_day_are_refused():
    add_hours()
    with pytest.raises(RefusedError) as past:
        add_hours(date(2026, 11, 19), version=1)
    assert list(past.value.errors) == ["valid_from"]
    with pytest.raises(RefusedError) as closed:
        add_hours(date(2026, 12, 1), week=((),) * 7, version=1)
    assert list(closed.value.errors) == [""]


def test_the_demonstration_has_a_calendar_with_extended_saturdays_and_one_closed_day():
    demo.fill(FRIDAY)
    calendar = service.get_calendar()
    assert calendar.announced >= {2025, 2026}
    assert calendar.periods(FRIDAY) == ALL_DAY
    assert calendar.periods(date(2026, 11, 21)) == MORNING
    assert calendar.periods(date(2026, 11, 28)) == ()
    [closed] = [day for day, periods in calendar.hours.items() if not periods]
    assert closed == date(2026, 11, 28)


def test_the_demonstrations_closed_day_is_no_holiday():
    add_year(2026)
    # Saturday 2026-10-03 is a holiday and 10-10 a make-up day.
    assert demo.next_open_saturday(date(2026, 9, 25)) == date(2026, 10, 17)


def test_of_two_who_register_the_same_day_at_once_one_is_told(app, monkeypatch):
    outcomes, both_have_read, flush = [], threading.Barrier(2), service.flush

    def flush_together():
        # On SQLite the second one still waits at the gate, so that nobody comes.
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=0.5)
        flush()

    def register(name):
        with app.app_context():
            try:
                add_day(FRIDAY, DayKind.OFF, name)
            except StaleEditError:
                outcomes.append("stale")
            else:
                outcomes.append(name)

    monkeypatch.setattr(service, "flush", flush_together)
    threads = [threading.Thread(target=register, args=(name,)) for name in ("停电", "停水")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["stale", "停水"], ["stale", "停电"])
    assert service.get_day(day=FRIDAY).name in outcomes
