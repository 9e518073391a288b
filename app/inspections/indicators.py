"""Figures of 巡查 for the measures of the plans: finished rounds, and the ways that were used.

清廉8 “通过现场巡查、电子监察、投诉反馈、明察暗访等方式”: rounds by their 方式, 投诉反馈 by the
建议单 that came of it.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from app.inspections.models import INSPECTION_WAY_LABELS, Inspection
from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading
from app.suggestions.indicators import count_complaints

ENDPOINT = "inspections.list_inspections"
COMPLAINTS = "投诉反馈"
UNITS = {COMPLAINTS: "张建议单"}


def finished_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions of rounds of a span that are finished."""
    return Inspection.ended_at.is_not(None), Inspection.day.between(span.first, span.last)


def read_rounds(span: Span) -> Reading | None:
    """Count the rounds."""
    count = db.session.scalar(select(func.count(Inspection.id)).where(*finished_in(span))) or 0
    return Reading(value=Decimal(count), note="已经结束的巡查。")


def read_ways(span: Span) -> Reading | None:
    """Count which of the four ways were used: three by their records, 电子监察 has none here."""
    rows = db.session.execute(
        select(Inspection.way, func.count(Inspection.id))
        .where(*finished_in(span))
        .group_by(Inspection.way)
    )
    rounds = {row[0]: row[1] for row in rows}
    used = {label: rounds.get(way, 0) for way, label in INSPECTION_WAY_LABELS.items()}
    used[COMPLAINTS] = count_complaints(span)
    found = [f"{label}{count}{UNITS.get(label, '次')}" for label, count in used.items() if count]
    if not found:
        return None
    note = f"{'、'.join(found)}；电子监察在本站没有记录，请手工填报。"
    return Reading(value=Decimal(len(found)), note=note)


INDICATORS = (
    Indicator(
        name="inspections.rounds", label="巡查次数", unit="次", read=read_rounds, endpoint=ENDPOINT
    ),
    Indicator(
        name="inspections.ways", label="用到的效能监察方式", unit="种", read=read_ways,
        endpoint=ENDPOINT,
    ),
)  # fmt: skip
