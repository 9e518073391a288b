"""Figures of 以评促优 for the measures of the plans: 建议单, in time, and 二次回访 (效能10)."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading, share_of
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import ImprovementOrder, OrderSource, OrderState
from app.workflow.punctuality import count_in_time

ENDPOINT = "suggestions.list_orders"
# 投诉反馈: what those who come have said, in whichever way.
COMPLAINTS = (
    OrderSource.OPINION,
    OrderSource.HOTLINE,
    OrderSource.RATING,
    OrderSource.COMPLAINT,
    OrderSource.FEEDBACK_WINDOW,
)


def count_at(column: Any, span: Span) -> Decimal:  # noqa: ANN401 - a column of times.
    """Count the 建议单 to which something happened in a span."""
    since, until = span.moments
    found = select(func.count(ImprovementOrder.id)).where(column >= since, column < until)
    return Decimal(db.session.scalar(found) or 0)


def read_orders(span: Span) -> Reading | None:
    """Count the 建议单 that were issued."""
    return Reading(value=count_at(ImprovementOrder.issued_at, span), note="已经签发的建议单。")


def count_complaints(span: Span) -> int:
    """Count the 建议单 issued in a span that began with what people had complained of."""
    since, until = span.moments
    return (
        db.session.scalar(
            select(func.count(ImprovementOrder.id)).where(
                ImprovementOrder.issued_at >= since,
                ImprovementOrder.issued_at < until,
                ImprovementOrder.source.in_(COMPLAINTS),
            )
        )
        or 0
    )


def read_revisited(span: Span) -> Reading | None:
    """Count the second visits."""
    return Reading(value=count_at(ImprovementOrder.revisited_at, span), note="已经办理的二次回访。")


def read_closed_in_time(span: Span) -> Reading | None:
    """Give the share of 建议单, of those that were closed, that were carried out by their day."""
    found = count_in_time(ORDER_FLOW, ended=OrderState.CLOSED, steps=("finish",), span=span)
    return share_of(*found, "已办结的建议单中，承办没有逾期的。")


INDICATORS = (
    Indicator(
        name="suggestions.orders", label="优化工作建议单", unit="张", read=read_orders,
        endpoint=ENDPOINT,
    ),
    Indicator(
        name="suggestions.closed_in_time", label="建议单按期办结率", unit="%",
        read=read_closed_in_time, endpoint=ENDPOINT,
    ),
    Indicator(
        name="suggestions.revisited", label="二次回访", unit="次", read=read_revisited,
        endpoint=ENDPOINT,
    ),
)  # fmt: skip
