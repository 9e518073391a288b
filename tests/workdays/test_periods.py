"""Opening hours as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workdays.periods import (
    Period,
    dump_periods,
    load_periods,
    parse_periods,
    show_periods,
)

MORNING, AFTERNOON = Period(time(9), time(12)), Period(time(13, 30), time(17))


@pytest.mark.parametrize(
    "text",
    [
        "9:00-12:00、13:30-17:00",
        "09:00—12:00，13:30—17:00",
        "9：00至12：00 13：30到17：00",
        " 9:00 ~ 12:00 ; 13:30 – 17:00 ",
        "９:００－１２:００和１３:３０－１７:００",
    ],
)
def test_hours_are_read_however_they_are_written(text):
    assert parse_periods(text) == (MORNING, AFTERNOON)


def test_no_text_is_a_closed_hall():
    assert parse_periods("  ") == ()
    assert show_periods(()) == "闭厅"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("全天", "请写成"),
        ("9-12", "请写成"),
        ("9:00-12:00 休息", "请写成"),
        ("9:00-25:00", "没有这样的钟点"),
        ("9:60-12:00", "没有这样的钟点"),
        ("12:00-9:00", "开始要早于结束"),
        ("9:00-9:00", "开始要早于结束"),
        ("9:00-12:00、11:00-17:00", "不能重叠"),
        ("9:00-12:00、12:00-17:00", "合并成一个时段"),
        ("13:00-17:00、9:00-12:00", "从早到晚"),
        ("1:00-2:00、3:00-4:00、5:00-6:00、7:00-8:00、9:00-10:00", "最多4个时段"),
    ],
)
def test_what_is_no_time_table_is_refused_with_advice(text, advice):
    with pytest.raises(ValueError, match=advice):
        parse_periods(text)


MINUTES = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=8, unique=True).map(sorted)


@given(minutes=MINUTES)
def test_periods_survive_text_and_json(minutes):
    times = [time(minute // 60, minute % 60) for minute in minutes]
    periods = tuple(Period(*pair) for pair in zip(times[::2], times[1::2], strict=False))
    assert parse_periods(show_periods(periods)) == periods
    assert load_periods(dump_periods(periods)) == periods
