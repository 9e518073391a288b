"""Figures that the site knows: read live, written down once a month, and never typed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.exams.models import Exam, ExamState
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.kernel.feature import features
from app.measures import plans, readings
from app.measures.models import MeasureIndicator, MeasureReading, ReadingOrigin
from app.measures.sources import find_source
from app.rectifications.models import OrderState, RectificationOrder
from app.rectifications.workflow import FLOW as RECTIFICATION_FLOW
from app.suggestions.order_flow import ORDER_FLOW
from app.workflow.service import execute
from tests.measures.factories import find, load_plans
from tests.site import world
from tests.suggestions import world as suggestions
from tests.support import cast

# Whose figures are counted here by hand; those of other rooms have their own tests.
ROOMS = {"exams", "inspections", "rectifications", "commitments", "suggestions"}
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def filled(app):
    """Fill the world of tests/site, where every room has something to count."""
    with app.app_context():
        world.fill()
    return app


def values(app, span=YEAR):
    """Read every figure of the site."""
    found = [each for room in features(app) for each in room.indicators]
    read = {each.name: each.read(span) for each in found}
    return {
        name: None if each is None else (each.value, each.numerator, each.denominator)
        for name, each in read.items()
    }


def finish_late(mark=""):
    """Carry a 建议单 out forty days late, and close it."""
    order = suggestions.draft(mark)
    suggestions.bring(order, "carrying", mark)
    with clock.frozen(clock.now() + timedelta(days=60)):
        suggestions.move(order, "finish", "lead", ORDER_FLOW, result="已到位。")
        suggestions.move(order, "verify", "office", ORDER_FLOW, reason="看过现场。")
        suggestions.move(order, "skip-visit", "officer", ORDER_FLOW, reason="没有留姓名。")


def close_orders():
    """Close the 整改通知单 that wait for it."""
    found = select(RectificationOrder.id).where(RectificationOrder.state == OrderState.TO_CLOSE)
    for record_id in db.session.scalars(found).all():
        with db.write():
            execute(
                RECTIFICATION_FLOW,
                record_id=record_id,
                name="close",
                user=cast.principal("chief"),
            )


def test_figures_of_the_rooms(filled):
    with filled.app_context():
        finish_late()
        close_orders()
        found = values(filled, Span(date(2026, 1, 1), date(2027, 12, 31)))
    assert found == {
        "exams.held": (5, None, None),
        "exams.participation": (Decimal("16.13"), 5, 31),
        "exams.pass_rate": (100, 5, 5),
        "inspections.rounds": (1, None, None),
        "inspections.ways": (2, None, None),
        "rectifications.closed_in_time": (100, 1, 1),
        "commitments.windows": (Decimal("88.89"), 8, 9),
        "suggestions.orders": (9, None, None),
        "suggestions.closed_in_time": (50, 1, 2),
        "suggestions.revisited": (0, None, None),
    } | {name: each for name, each in found.items() if name.split(".")[0] not in ROOMS}
    with filled.app_context():
        before = values(filled, Span(date(2020, 1, 1), date(2020, 12, 31)))
    assert before["exams.held"] is None
    assert before["exams.pass_rate"] is None
    assert before["suggestions.closed_in_time"] is None
    assert before["commitments.windows"] == (0, 0, 9)


def test_only_released_exams_count(filled):
    with filled.app_context():
        with db.write():
            exam = db.session.scalars(select(Exam).where(Exam.released_at.is_not(None))).first()
            exam.state, exam.released_at = ExamState.GRADED, None
        found = values(filled)
    assert found["exams.held"][0] == 4
    assert found["exams.participation"] == (Decimal("13.33"), 4, 30)


def test_the_month_that_ended_is_written_down_once_and_stays_as_it_was(filled, now):
    now.move(days=12)
    with filled.app_context():
        readings.write_month()
        readings.write_month()
        found = {
            (name, reading.read_on): reading.value
            for reading, name in db.session.execute(
                select(MeasureReading, MeasureIndicator.source_name)
                .join(MeasureIndicator, MeasureIndicator.id == MeasureReading.indicator_id)
                .where(MeasureReading.origin == ReadingOrigin.AUTOMATIC)
            )
        }
        day = date(2026, 11, 30)
        assert found["exams.held", day] == 3
        assert found["exams.pass_rate", day] == 100
        assert found["suggestions.orders", day] == 8
        for statement in (
            "UPDATE measure_reading SET value = 1",
            "DELETE FROM measure_reading",
            "UPDATE measure SET source = 'x'",
        ):
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(text(statement))


def test_a_figure_that_no_room_offers_asks_for_readings_by_hand(browse, app, monkeypatch):
    load_plans(browse)
    url, _ = find(app, "11")
    monkeypatch.setattr("app.measures.sources.features", lambda _app: ())
    assert "本站还没有这一项数据，请手工填报" in browse("clerk").get(url).text


def test_every_figure_that_a_room_offers_is_read_by_a_row(filled):
    with filled.app_context():
        offered = {each.name for room in features(filled) for each in room.indicators}
        used = {
            indicator["source_name"]
            for file in plans.list_files()
            for row in file.content["measures"]
            for indicator in row["indicators"]
            if indicator.get("source_name")
        }
    assert used == offered


def test_the_ways_name_what_they_were_counted_from(filled):
    with filled.app_context():
        source = find_source("inspections.ways")
        found = source.read(Span(date(2026, 1, 1), date(2027, 12, 31)))
        assert found.note.startswith("现场巡查1次、投诉反馈")
        assert "电子监察在本站没有记录" in found.note
        assert source.read(Span(date(2020, 1, 1), date(2020, 12, 31))) is None
