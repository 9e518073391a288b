"""The year's plan: a line for each class that is meant to be held, with its kind and month."""

from sqlalchemy import Select, select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.training.models import VOID_STATES, ClassKind, PlanItem, TrainingClass


def select_plan_for(user: Principal) -> Select[PlanItem, Person, TrainingClass]:
    """Select the plan with who put each line in, and the class that came of it."""
    held = (TrainingClass.plan_item_id == PlanItem.id) & TrainingClass.state.not_in(VOID_STATES)
    statement = (
        select(PlanItem, Person, TrainingClass)
        .join(Person, Person.id == PlanItem.added_by_id)
        .outerjoin(TrainingClass, held)
        .where(PlanItem.dropped_at.is_(None))
    )
    if user.can(Permission.TRAINING_CLASS_READ):
        return statement
    return statement.where(PlanItem.id < 0)


def get_item(item_id: int) -> PlanItem | None:
    """Give a line of the plan that stands."""
    return db.session.scalar(
        select(PlanItem).where(PlanItem.id == item_id, PlanItem.dropped_at.is_(None))
    )


def add(*, year: int, month: int, kind: ClassKind, title: str, user: Principal) -> int:
    """Add a line in the open write; gives its id. Raises RefusedError."""
    if (year, month) < (clock.today().year, clock.today().month):
        raise RefusedError(month="这个月已经过去，请选以后的月份。")
    item = PlanItem(
        year=year,
        month=month,
        kind=kind,
        title=title,
        added_by_id=user.person_id,
        added_at=clock.now(),
    )
    db.session.add(item)
    db.session.flush()
    log(AuditEvent.TRAINING_PLANNED, item, user)
    return item.id


def drop(*, item_id: int, user: Principal) -> None:
    """Take a line out in the open write; raises RefusedError where a class came of it."""
    item = db.session.get_one(PlanItem, item_id, with_for_update=True)
    if item.dropped_at is not None:
        return
    held = select(TrainingClass.id).where(
        TrainingClass.plan_item_id == item_id, TrainingClass.state.not_in(VOID_STATES)
    )
    if db.session.scalar(held.limit(1)) is not None:
        raise RefusedError(form="这一项已经开课，不能移出计划；不办了的，请取消那个课堂。")
    item.dropped_at = clock.now()
    log(AuditEvent.TRAINING_PLAN_DROPPED, item, user)


def log(event: AuditEvent, item: PlanItem, user: Principal) -> None:
    """Write down what was done with a line."""
    append(
        event,
        person_id=user.person_id,
        object_type="training_plan_item",
        object_id=item.id,
        name=f"{item.year}年{item.month}月 {item.title}",
    )
    db.session.flush()
