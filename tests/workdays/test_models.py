"""What the tables themselves refuse and keep."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.kernel import db
from app.workdays.models import (
    FIRST_YEAR,
    LAST_YEAR,
    CalendarSource,
    CalendarYear,
    DayKind,
    OpeningWeek,
    SpecialDay,
)

pytestmark = pytest.mark.db

DAY = date(2026, 2, 14)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def special_day(**values):
    given = {"day": DAY, "kind": DayKind.WORK, "name": "春节调休", "source": CalendarSource.TYPED}
    return SpecialDay(**given | values)


def calendar_year(**values):
    given = {"year": 2026, "notice": "通知", "source": CalendarSource.TYPED, "registered_at": NOW}
    return CalendarYear(**given | values)


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"kind": DayKind.ORDINARY, "periods": [], "name": ""},
        {"name": None},
        {"kind": None},
        {"source": None},
    ],
)
def test_the_database_refuses_a_day(app, values):
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.add(special_day(**values))


@pytest.mark.parametrize(
    "values", [{"notice": ""}, {"year": FIRST_YEAR - 1}, {"year": LAST_YEAR + 1}]
)
def test_the_database_refuses_a_year(app, values):
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.add(calendar_year(**values))


def test_the_database_refuses_an_unknown_kind(app):
    statement = (
        "INSERT INTO special_day (day, kind, name, source, version)"
        " VALUES ('2026-02-14', 'half', '半天', 'typed', 1)"
    )
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.execute(text(statement))


def test_a_day_is_registered_once(app):
    with app.app_context():
        with db.write():
            db.session.add(special_day())
        with pytest.raises(IntegrityError), db.write():
            db.session.add(special_day())


def test_an_ordinary_day_needs_no_reason(app):
    with app.app_context():
        with db.write():
            db.session.add(special_day(kind=DayKind.ORDINARY, name=""))
        assert db.session.get(SpecialDay, DAY).periods is None


def test_closed_and_usual_hours_stay_two_things(app):
    with app.app_context():
        with db.write():
            db.session.add(special_day(periods=[]))
            db.session.add(special_day(day=date(2026, 2, 28)))
        assert db.session.get(SpecialDay, DAY).periods == []
        assert db.session.get(SpecialDay, date(2026, 2, 28)).periods is None


def test_every_change_counts_the_version_up(app):
    with app.app_context():
        with db.write():
            db.session.add(special_day())
            db.session.add(OpeningWeek(valid_from=DAY, days=[]))
        with db.write():
            db.session.get(SpecialDay, DAY).name = "春节"
            db.session.get(OpeningWeek, DAY).days = [[]]
        assert db.session.get(SpecialDay, DAY).version == 2
        assert db.session.get(OpeningWeek, DAY).version == 2
