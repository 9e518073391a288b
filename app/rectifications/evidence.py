"""What 整改 says for the assessment: which orders a department mended within their time.

清廉11 “盯住转办、回访、整改等重点环节”. An order counts once it is closed: as mended in time where
that was by its deadline, counted from its receipt; what a re-check had sent back is mended later.
An order that an 申诉 took away is no order.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.kernel import clock, db, formats
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.rectifications.models import OrderState, RectificationOrder
from app.workdays import service as workdays

IN_TIME = EvidenceRule(
    name="rectifications.in_time",
    version=1,
    label="按期整改",
    unit="件",
    kind=EvidenceKind.SHARE,
    basis="清廉11 “盯住转办、回访、整改等重点环节”",
    is_department=True,
)
RULES = (IN_TIME,)


def read(span: Span) -> Iterator[Evidence]:
    """Give a fact for each order that was closed in a span."""
    since = clock.from_local(datetime.combine(span.first, time()))
    until = clock.from_local(datetime.combine(span.last + timedelta(days=1), time()))
    calendar = workdays.get_calendar()
    orders = db.session.scalars(
        select(RectificationOrder)
        .where(
            RectificationOrder.state == OrderState.CLOSED,
            RectificationOrder.closed_at >= since,
            RectificationOrder.closed_at < until,
        )
        .order_by(RectificationOrder.id)
    )
    for order in orders:
        if order.closed_at and order.received_at and order.repaired_at:
            due = calendar.add_workdays(order.received_at, order.mend_days).due
            yield fact_of(order, order.closed_at, due, is_in_time=order.repaired_at <= due)


def fact_of(
    order: RectificationOrder, closed_at: datetime, due: datetime, *, is_in_time: bool
) -> Evidence:
    """Give whether an order was mended within its time."""
    said = "按期" if is_in_time else "超期"
    return Evidence(
        rule=IN_TIME.name,
        department_id=order.department_id,
        occurred_on=clock.local(closed_at).date(),
        amount=Decimal(int(is_in_time)),
        denominator=Decimal(1),
        event_key=f"rectification:{order.id}",
        text=f"{order.name}：限{formats.month_day(clock.local(due).date())}改好，{said}改好并销号。",
        clause=order.basis,
        number=order.number or "",
        endpoint="rectifications.show_order",
        values={"public_id": order.public_id},
    )
