"""Drafting and reading 建议单; their moves are made by the workflow (order_flow.py).

效能10 “以典型案例库的形式记录、保存”. A 建议单 comes out of an idea that was adopted, or is
drafted from other sources: 12345, 好差评, 投诉, with the number of cases and their period.
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.suggestions.models import Idea, IdeaKind
from app.suggestions.order_effects import count_evidence
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import (
    ImprovementOrder,
    OrderEvidence,
    OrderSource,
    OrderState,
)
from app.suggestions.settings import usual_carry_days
from app.workflow import service as workflow
from app.workflow.service import begin

MOST_EVIDENCE = 12


@dataclass(frozen=True, kw_only=True)
class Content:
    """What whoever drafts fills in; the names are those of the columns."""

    title: str
    source: OrderSource
    source_number: str
    case_count: int
    period_from: date | None
    period_until: date | None
    department_id: int | None
    addressee_id: int | None
    problem: str
    cause: str
    demand: str
    indicator: str
    current_value: str
    target_value: str
    carry_days: int
    clause: str
    points: Decimal | None


def select_orders_for(user: Principal) -> Statement:
    """Select the 建议单 that somebody may read: all, or those of his departments once issued."""
    departments = user.departments_of(Permission.SUGGESTIONS_ORDER_READ)
    statement = select(ImprovementOrder, Department.name).outerjoin(
        Department, Department.id == ImprovementOrder.department_id
    )
    if departments is not None:
        statement = statement.where(ImprovementOrder.department_id.in_(departments))
    if not user.can(Permission.SUGGESTIONS_ORDER_DRAFT) and only_carries(user):
        statement = statement.where(ImprovementOrder.issued_at.is_not(None))
    return statement


def only_carries(user: Principal) -> bool:
    """Tell whether somebody reads 建议单 only because his department carries them out."""
    others = (
        Permission.SUGGESTIONS_ORDER_DRAFT,
        Permission.SUGGESTIONS_ORDER_ISSUE,
        Permission.SUGGESTIONS_ORDER_VERIFY,
        Permission.SUGGESTIONS_ORDER_VISIT,
    )
    return not any(user.can(each) for each in others)


def get_order_for(user: Principal, order_id: int) -> ImprovementOrder | None:
    """Give a 建议单 that somebody may read."""
    return db.session.scalar(select_orders_for(user).where(ImprovementOrder.id == order_id))


def blank_order(**given: object) -> ImprovementOrder:
    """Give a new 建议单 with every text empty but those given."""
    empty = {
        "state": OrderState.DRAFT,
        "source_number": "",
        "case_count": 1,
        "cause": "",
        "indicator": "",
        "current_value": "",
        "target_value": "",
        "clause": "",
        "verdict_reason": "",
        "measures": "",
        "responsible": "",
        "result": "",
        "verification": "",
        "unsuitable_reason": "",
        "visit_note": "",
        "revisit_note": "",
        "carry_days": usual_carry_days(),
    }
    now = clock.now()
    return ImprovementOrder(drafted_at=now, moved_at=now, version=1, **{**empty, **given})


def draft_order(*, content: Content, user: Principal) -> int:
    """Draft a 建议单 without an idea behind it; raises RefusedError. Gives its id."""
    check(content)
    order = blank_order(
        drafted_by_id=user.person_id, edited_by_id=user.person_id, **values_of(content)
    )
    return add(order, user)


def draft_from_idea(
    idea: Idea,
    *,
    department_id: int | None,
    title: str,
    problem: str,
    cause: str,
    demand: str,
    drafted_by_id: int | None,
    user: Principal | None,
) -> int:
    """Draft the 建议单 of an idea that is being adopted, in the same write.

    Nothing of what the idea says is copied: it may still turn out to be 涉廉材料 (HALL.md 6.1).
    """
    merged = select(Idea.id).where(Idea.merged_into_id == idea.id)
    is_public = idea.kind is IdeaKind.PUBLIC
    order = blank_order(
        idea_id=idea.id,
        drafted_by_id=drafted_by_id,
        source=OrderSource.OPINION if is_public else OrderSource.IDEA,
        case_count=1 + len(db.session.scalars(merged).all()),
        period_from=idea.received_on,
        period_until=clock.today(),
        department_id=department_id,
        title=title,
        problem=problem,
        cause=cause,
        demand=demand,
    )
    return add(order, user)


def add(order: ImprovementOrder, user: Principal | None) -> int:
    """Add a 建议单 and start its way."""
    db.session.add(order)
    db.session.flush()
    begin(ORDER_FLOW, order, user=user)
    return order.id


def values_of(content: Content) -> dict[str, object]:
    """Give the columns of what was filled in."""
    return {each.name: getattr(content, each.name) for each in fields(content)}


def check(content: Content) -> None:
    """Refuse what makes no sense together; raises RefusedError."""
    errors = {}
    if (content.period_from is None) != (content.period_until is None):
        errors["period_until"] = "期间请填写起止两天，或者都不填。"
    elif (
        content.period_from and content.period_until and content.period_until < content.period_from
    ):
        errors["period_until"] = "期间的结束不能早于开始。"
    if content.indicator and not (content.current_value and content.target_value):
        errors["target_value"] = "填了指标的，请把现值和目标值都填上。"
    if content.points is not None and not content.clause:
        errors["clause"] = "填了分值的，请写明计入考核的条款。"
    if content.department_id is not None and not db.session.get(Department, content.department_id):
        errors["department_id"] = "没有这个部门，请重新选。"
    if errors:
        raise RefusedError(**errors)


def edit_order(*, order_id: int, content: Content, seen_version: int, user: Principal) -> None:
    """Change a draft; raises RefusedError, or StaleEditError."""
    order = db.session.get_one(ImprovementOrder, order_id, with_for_update=True)
    if order.state is not OrderState.DRAFT:
        raise RefusedError(form="这张建议单已经送签，不能再改。")
    if order.version != seen_version:
        raise StaleEditError
    check(content)
    for name, value in values_of(content).items():
        setattr(order, name, value)
    order.edited_by_id = user.person_id
    workflow.touch(order)
    log(AuditEvent.SUGGESTIONS_ORDER_EDITED, order, user)
    db.session.flush()


def add_evidence(*, order_id: int, sha256: str, size: int, user: Principal) -> None:
    """Put a picture beside what is being carried out, in the open write; raises RefusedError."""
    order = db.session.get_one(ImprovementOrder, order_id, with_for_update=True)
    if order.state is not OrderState.CARRYING:
        raise RefusedError(file="建议单不在落实中，不能上传佐证。")
    if count_evidence(order) >= MOST_EVIDENCE:
        raise RefusedError(file=f"每次落实最多{MOST_EVIDENCE}张佐证图片。")
    name = f"建议单佐证{len(list_evidence(order_id)) + 1}.jpg"
    file = files.add_file(sha256=sha256, size=size, media_type="image/jpeg", name=name)
    db.session.add(
        OrderEvidence(
            order_id=order_id, file_id=file.id, added_by_id=user.person_id, added_at=clock.now()
        )
    )
    workflow.touch(order)
    log(AuditEvent.SUGGESTIONS_EVIDENCE_ADDED, order, user, file=file.sha256)
    db.session.flush()


def list_evidence(order_id: int) -> list[tuple[OrderEvidence, StoredFile, str]]:
    """Give the pictures of a 建议单 in their order, with who added them."""
    rows = db.session.execute(
        select(OrderEvidence, StoredFile, Person.name)
        .join(StoredFile, StoredFile.id == OrderEvidence.file_id)
        .join(Person, Person.id == OrderEvidence.added_by_id)
        .where(OrderEvidence.order_id == order_id)
        .order_by(OrderEvidence.id)
    )
    return [(evidence, file, name) for evidence, file, name in rows]


def mark_case(*, order_id: int, user: Principal) -> None:
    """Put a closed 建议单 on the list for the 典型案例库; raises RefusedError."""
    order = db.session.get_one(ImprovementOrder, order_id, with_for_update=True)
    if order.state is not OrderState.CLOSED:
        raise RefusedError(form="办结以后才能入案例库。")
    if order.is_case:
        raise RefusedError(form="已经入了案例库。")
    order.is_case, order.case_by_id = True, user.person_id
    workflow.touch(order)
    log(AuditEvent.SUGGESTIONS_CASE_MARKED, order, user)
    db.session.flush()


def log(event: AuditEvent, order: ImprovementOrder, user: Principal, **data: object) -> None:
    """Write down what was done with a 建议单."""
    append(
        event,
        person_id=user.person_id,
        object_type="improvement_order",
        object_id=order.id,
        **data,
    )
