"""Figures of 巡查 for the measures of the plans: finished rounds, and the ways that were used."""

from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from app.inspections.models import Inspection
from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading

ENDPOINT = "inspections.list_inspections"


def finished_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions of rounds of a span that are finished."""
    return Inspection.ended_at.is_not(None), Inspection.day.between(span.first, span.last)


def read_rounds(span: Span) -> Reading | None:
    """Count the rounds."""
    count = db.session.scalar(select(func.count(Inspection.id)).where(*finished_in(span))) or 0
    return Reading(value=Decimal(count), note="已经结束的巡查。")


def read_ways(span: Span) -> Reading | None:
    """Count which of the four ways were used; the site itself knows two of them."""
    ways = select(func.count(Inspection.way.distinct())).where(*finished_in(span))
    count = db.session.scalar(ways) or 0
    if not count:
        return None
    note = "现场巡查、明察暗访按巡查记录计；电子监察、投诉反馈请手工填报。"
    return Reading(value=Decimal(count), note=note)


INDICATORS = (
    Indicator(
        name="inspections.rounds", label="巡查次数", unit="次", read=read_rounds, endpoint=ENDPOINT
    ),
    Indicator(
        name="inspections.ways", label="用到的效能监察方式", unit="种", read=read_ways,
        endpoint=ENDPOINT,
    ),
)  # fmt: skip
