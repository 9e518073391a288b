"""Lights from time and progress, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from app.measures.lights import Fact, Target, judge, period_of, worst
from app.measures.models import IndicatorKind, IndicatorPeriod, IndicatorWay
from app.workdays.lights import LightKind

BEGINS, ENDS = date(2026, 1, 1), date(2026, 12, 31)
KIND, WAY, PERIOD = IndicatorKind, IndicatorWay, IndicatorPeriod


def look(value, day, *, kind=KIND.AT_LEAST, way=WAY.RUNNING, period=PERIOD.PLAN, low=10, **given):
    """Judge one reading, or several of (day, value)."""
    said = value if isinstance(value, list) else [] if value is None else [(day, value)]
    mean = given.pop("mean", None)
    facts = [Fact(on=on, value=Decimal(number), mean=mean) for on, number in said]
    target = Target(
        kind=kind, way=way, period=period, target=Decimal(low), upper=given.pop("upper", None)
    )
    return judge(target, facts, day=day, begins=BEGINS, ends=ENDS, **given)


@pytest.mark.parametrize(
    ("value", "day", "kind"),
    [
        ("4", date(2026, 7, 15), LightKind.GREEN),
        ("3", date(2026, 7, 15), LightKind.AMBER),
        ("9", date(2026, 11, 1), LightKind.BLUE),
        ("9", date(2026, 12, 31), LightKind.BLUE),
        ("10", date(2026, 12, 31), LightKind.GREEN),
        ("9", date(2027, 1, 1), None),
    ],
)
def test_a_running_figure_is_judged_against_time_and_the_due_day_is_not_red(value, day, kind):
    assert look(value, day).kind is kind


def test_after_the_day_what_was_read_before_decides():
    late = look([(date(2026, 12, 30), "9")], date(2027, 1, 1))
    assert late.kind is LightKind.RED
    assert "期限2026年12月31日已过" in late.reason
    assert look([(date(2026, 12, 30), "10")], date(2027, 1, 1)).kind is LightKind.GREEN


def test_what_has_no_reading_is_not_red_even_after_its_day():
    for day in (date(2026, 6, 1), date(2027, 6, 1)):
        found = look(None, day)
        assert found.kind is None
        assert found.word == "无数据"


def test_a_quarter_that_was_missed_stays_red_through_the_next_and_then_gives_way():
    said = [(date(2026, 8, 31), "0"), (date(2026, 10, 20), "1")]
    given = {"kind": KIND.RANGE, "period": PERIOD.QUARTER, "low": 1, "upper": Decimal(3)}
    assert look(said, date(2026, 9, 30), **given).kind is LightKind.BLUE
    red = look(said, date(2026, 10, 25), **given)
    assert red.kind is LightKind.RED
    assert red.reason.startswith("2026年第三季度已过，读数0")
    said.append((date(2026, 12, 20), "2"))
    assert judge_end(said, given) is LightKind.RED
    assert look(said[1:], date(2026, 12, 25), **given).kind is LightKind.GREEN


def judge_end(said, given):
    """Judge the last day of the year."""
    return look(said, date(2026, 12, 31), **given).kind


def test_other_kinds_compare_as_they_say():
    day = date(2026, 5, 1)
    level = {"way": WAY.LATEST}
    assert look("20", day, kind=KIND.AT_MOST, low=20, **level).kind is LightKind.GREEN
    assert look("21", day, kind=KIND.AT_MOST, low=20, **level).kind is LightKind.AMBER
    assert look("70", day, kind=KIND.MORE_THAN, low=70, **level).kind is LightKind.AMBER
    assert look("99.9", day, kind=KIND.EQUAL, low=100, **level).kind is LightKind.AMBER
    assert look("91", day, kind=KIND.RELATIVE, mean=Decimal(91), **level).kind is LightKind.GREEN
    assert look("91", day, kind=KIND.RELATIVE, **level).kind is None
    assert look("5", day, kind=KIND.WATCHED, **level).kind is None
    words = {"kind": KIND.QUALITATIVE, "low": 1, **level}
    assert look([(date(2026, 1, 2), "0")], day, **words).kind is LightKind.AMBER
    assert look([(date(2026, 4, 2), "0")], day, **words).kind is LightKind.GREEN
    assert look("1", day, **words).kind is LightKind.GREEN


def test_the_sites_own_figure_comes_before_a_typed_one():
    facts = [
        Fact(on=date(2026, 5, 31), value=Decimal(1), is_automatic=True),
        Fact(on=date(2026, 6, 1), value=Decimal(10)),
    ]
    target = Target(kind=KIND.AT_LEAST, way=WAY.RUNNING, period=PERIOD.PLAN, target=Decimal(10))
    found = judge(target, facts, day=date(2026, 6, 2), begins=BEGINS, ends=ENDS)
    assert found.fact is facts[0]


def test_periods_are_those_of_the_calendar_within_the_measure():
    span = period_of(PERIOD.QUARTER, date(2026, 2, 3), date(2026, 2, 1), ENDS)
    assert (span.first, span.last) == (date(2026, 2, 1), date(2026, 3, 31))
    span = period_of(PERIOD.MONTH, date(2027, 5, 5), BEGINS, ENDS)
    assert (span.first, span.last) == (date(2026, 12, 1), ENDS)


def test_the_worst_light_decides():
    assert worst([None, LightKind.GREEN, LightKind.AMBER]) is LightKind.AMBER
    assert worst([None, None]) is None
