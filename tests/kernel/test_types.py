"""Column types: exact marks, aware times, canonical JSON; the same on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import db
from app.kernel.types import Json, Marks, UtcDateTime, canonical_json

ENGINES = [sqlite.dialect(), postgresql.dialect()]


@pytest.mark.parametrize("dialect", ENGINES)
@given(hundredths=st.integers(min_value=-(10**9), max_value=10**9))
def test_marks_come_back_as_they_went_in(dialect, hundredths):
    marks = Decimal(hundredths) / 100
    stored = Marks().process_bind_param(marks, dialect)
    assert stored == hundredths
    assert Marks().process_result_value(stored, dialect) == marks


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal("9.995")])
def test_marks_with_three_places_are_refused_not_rounded(value):
    with pytest.raises(ValueError, match="two decimal places"):
        Marks().process_bind_param(value, ENGINES[0])


@pytest.mark.parametrize("dialect", ENGINES)
def test_an_instant_comes_back_aware_and_in_utc(dialect):
    in_hall = datetime(2026, 11, 21, 18, 0, tzinfo=timezone(timedelta(hours=8)))
    stored = UtcDateTime().process_bind_param(in_hall, dialect)
    back = UtcDateTime().process_result_value(stored, dialect)
    assert back == in_hall
    assert back.tzinfo is UTC


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 21), ENGINES[0])  # noqa: DTZ001


@pytest.mark.db
def test_the_database_sums_marks_exactly(app):
    table = Table(
        "marks_probe", MetaData(), Column("id", Integer, primary_key=True), Column("marks", Marks)
    )
    with app.app_context(), db.migrating(), db.database.engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"marks": Decimal("0.10")} for _ in range(30)])
        total = connection.execute(select(func.sum(table.c.marks, type_=Marks))).scalar()
        table.drop(connection)
    assert total == Decimal("3.00")


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none(), max_size=5))
def test_json_is_written_in_one_way_only(value):
    turned = dict(reversed(list(value.items())))
    assert canonical_json(value) == canonical_json(turned)
    stored = Json().process_bind_param(value, ENGINES[0])
    assert Json().process_result_value(stored, ENGINES[0]) == value
