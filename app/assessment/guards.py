"""What keeps a scheme, a cycle or an objection from a move, and what whoever decides reads."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Person
from app.assessment import content
from app.assessment.content import Content
from app.assessment.models import (
    OBJECTION_GROUND_LABELS,
    AssessmentCycle,
    AssessmentScheme,
    Objection,
    ObjectionState,
    Portrait,
    PortraitKind,
    PortraitRow,
)
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.workflow.definition import Act

BEGUN = "{period}已经开始，细则不能再审定或者撤回：细则要在考核期开始之前锁定。"
NOT_FROZEN = "数据还没有采集完，请先采集。"
NOBODY = "没有采集到任何人，不能开始预览。"
NOT_OVER = "预览期到{until}为止，期满后再审定。"
OPEN = "还有{count}条异议没有答复，不能审定，也不能公布。"


def check_scheme(scheme: AssessmentScheme, act: Act) -> None:
    """Refuse to send a scheme that is not whole; raises RefusedError."""
    check_before_period(scheme, act)
    faults = content.faults_of(content.load(scheme.content))
    if faults:
        raise RefusedError(form="".join(faults))


def check_before_period(scheme: AssessmentScheme, act: Act) -> None:
    """Refuse once the quarter has begun, also what was signed on paper; raises RefusedError."""
    del act
    if clock.today() >= scheme.span.first:
        raise RefusedError(form=BEGUN.format(period=scheme.period))


def check_frozen(cycle: AssessmentCycle, act: Act) -> None:
    """Refuse a preview of nothing; raises RefusedError."""
    del act
    if cycle.frozen_at is None:
        raise RefusedError(form=NOT_FROZEN)
    if not count_portraits(cycle.id):
        raise RefusedError(form=NOBODY)


def check_preview_over(cycle: AssessmentCycle, act: Act) -> None:
    """Refuse while anybody may still object, or waits for an answer; raises RefusedError."""
    check_no_open(cycle, act)
    if cycle.objections_until is None or clock.now() <= cycle.objections_until:
        until = formats.moment(cycle.objections_until or clock.now())
        raise RefusedError(form=NOT_OVER.format(until=until))


def check_no_open(cycle: AssessmentCycle, act: Act) -> None:
    """Refuse while an objection is open; the database refuses too. Raises RefusedError."""
    del act
    found = count_open(cycle.id)
    if found:
        raise RefusedError(form=OPEN.format(count=found))


def count_open(cycle_id: int) -> int:
    """Count the objections of a cycle that wait for an answer."""
    statement = (
        select(func.count(Objection.id))
        .join(Portrait, Portrait.id == Objection.portrait_id)
        .where(Portrait.cycle_id == cycle_id, Objection.state == ObjectionState.OPEN)
    )
    return db.session.scalar(statement) or 0


def count_portraits(cycle_id: int, kind: PortraitKind | None = None) -> int:
    """Count the persons of a cycle, all or those of one kind."""
    statement = select(func.count(Portrait.id)).where(Portrait.cycle_id == cycle_id)
    if kind is not None:
        statement = statement.where(Portrait.kind == kind)
    return db.session.scalar(statement) or 0


def scheme_facts(found: Content) -> Sequence[tuple[str, str]]:
    """Give what whoever approves a scheme reads beside the question."""
    weights = "、".join(f"{each.name}{each.weight}%" for each in found.dimensions)
    return [
        ("维度和权重", weights),
        ("权重合计", f"{found.weight_sum}%"),
        ("加分上限", f"{formats.marks(found.bonus_cap)}分"),
        ("数据不足", f"在岗不满{found.least_days}天，或者有数据的权重不满{found.least_weight}%"),
    ]


def cycle_facts(cycle: AssessmentCycle) -> Sequence[tuple[str, str]]:
    """Give what whoever approves a cycle reads beside the question."""
    return [
        ("考核画像", f"{count_portraits(cycle.id, PortraitKind.SCORED)}份"),
        ("情况反馈函", f"{count_portraits(cycle.id, PortraitKind.FACTS)}份"),
        ("没有答复的异议", f"{count_open(cycle.id)}条"),
        ("数据截止", formats.moment(cycle.frozen_at) if cycle.frozen_at else "还没有采集"),
        ("预览期至", formats.moment(cycle.objections_until) if cycle.objections_until else "—"),
    ]


def parts_of(objection: Objection) -> tuple[Portrait, PortraitRow, Person]:
    """Give portrait, row and person of an objection."""
    portrait = db.session.get_one(Portrait, objection.portrait_id)
    row = db.session.get_one(PortraitRow, objection.row_id)
    return portrait, row, db.session.get_one(Person, portrait.person_id)


def objection_title(objection: Objection) -> str:
    """Name an objection in lists of what waits."""
    _, row, person = parts_of(objection)
    return f"{person.name} {formats.month_day(row.occurred_on)} {row.text[:20]}"


def objection_department(objection: Objection) -> int:
    """Give the department of whoever objects."""
    return db.session.get_one(Portrait, objection.portrait_id).department_id


def objection_facts(objection: Any) -> Sequence[tuple[str, str]]:  # noqa: ANN401 - a record.
    """Give what whoever decides an objection reads beside the question."""
    _, row, person = parts_of(objection)
    return [
        ("姓名", f"{person.name}（{person.staff_number}）"),
        ("日期", formats.day(row.occurred_on)),
        ("事实", row.text),
        ("条款", row.clause or "—"),
        ("异议", OBJECTION_GROUND_LABELS[objection.ground]),
        ("理由", objection.reason),
    ]
