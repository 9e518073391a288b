"""What 金点子 and 建议单 say for the assessment.

效能10 “落实情况纳入绩效考核”. An idea counts for its author once it was adopted, carried out and
verified by others. A department's 建议单 counts once it was verified: in time or not. 不采纳 with
reasons is no fault and counts nowhere. What was handed over to 纪检 is nowhere (HALL.md 6.1).
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.kernel import clock, db, formats
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.suggestions.ideas import visible
from app.suggestions.models import Idea, IdeaKind
from app.suggestions.order_models import ImprovementOrder
from app.workdays import service as workdays

ADOPTED = EvidenceRule(
    name="suggestions.adopted",
    version=1,
    label="金点子采纳并落实",
    unit="条",
    kind=EvidenceKind.MERIT,
    basis="效能10 “征集机制、创新企业群众意见建议”",
)
IN_TIME = EvidenceRule(
    name="suggestions.order_in_time",
    version=1,
    label="按期承办建议单",
    unit="件",
    kind=EvidenceKind.SHARE,
    basis="效能10 “落实情况纳入绩效考核”",
    is_department=True,
)
RULES = (ADOPTED, IN_TIME)


def read(span: Span) -> Iterator[Evidence]:
    """Give the facts of the 建议单 that were verified in a span."""
    since = clock.from_local(datetime.combine(span.first, time()))
    until = clock.from_local(datetime.combine(span.last + timedelta(days=1), time()))
    calendar = workdays.get_calendar()
    rows = db.session.execute(
        select(ImprovementOrder, Idea)
        .outerjoin(Idea, (Idea.id == ImprovementOrder.idea_id) & visible())
        .where(ImprovementOrder.verified_at >= since, ImprovementOrder.verified_at < until)
        .order_by(ImprovementOrder.id)
    )
    for order, idea in rows:
        yield from adopted(order, idea)
        if order.department_id and order.feedback_at and order.carried_at:
            due = calendar.add_workdays(order.feedback_at, order.carry_days).due
            yield in_time(order, due, is_in_time=order.carried_at <= due)


def adopted(order: ImprovementOrder, idea: Idea | None) -> Iterator[Evidence]:
    """Give that somebody's idea was carried out; that of the public is nobody's."""
    if idea is None or idea.kind is not IdeaKind.STAFF:
        return
    yield Evidence(
        rule=ADOPTED.name,
        person_id=idea.author_id,
        occurred_on=clock.local(order.verified_at or clock.now()).date(),
        amount=Decimal(1),
        event_key=f"improvement-order:{order.id}",
        text=f"金点子“{idea.headline}”被采纳，已经落实并核验。",
        clause="任务举措10“征集机制、创新企业群众意见建议”",
        number=order.number or "",
        endpoint="suggestions.show_adopted_idea",
        values={"public_id": idea.public_id},
    )


def in_time(order: ImprovementOrder, due: datetime, *, is_in_time: bool) -> Evidence:
    """Give whether a department carried a 建议单 out within its time."""
    day = formats.month_day(clock.local(due).date())
    said = "按期" if is_in_time else "超期"
    return Evidence(
        rule=IN_TIME.name,
        department_id=order.department_id,
        occurred_on=clock.local(order.verified_at or clock.now()).date(),
        amount=Decimal(int(is_in_time)),
        denominator=Decimal(1),
        event_key=f"improvement-order:{order.id}:carried",
        text=f"{order.number} {order.title}：限{day}落实，{said}落实。",
        clause=order.clause or "任务举措10“落实情况纳入绩效考核”",
        number=order.number or "",
        endpoint="suggestions.show_order",
        values={"record_id": order.id},
    )
