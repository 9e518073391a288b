"""Being called back to the window in the middle of an exam: asking, and coming back.

"called back to the window in the middle = one restart confirmed by the lead": once a sitting, which
the UNIQUE of the table says too. Paper and answers stay as they are.
"""

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.exams import call_back_flow
from app.exams.models import CallBack, CallBackState, Exam, Sitting
from app.exams.service import running, scope
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow

ONCE = "这场考试已经叫回过一次，每场只有一次。"
NOT_NOW = "现在不能叫回：考试没有在作答，或者计时已经停着。"


def get_of(sitting_id: int) -> CallBack | None:
    """Give the call-back of a sitting."""
    found: CallBack | None = db.session.scalar(
        select(CallBack).where(CallBack.sitting_id == sitting_id)
    )
    return found


def ask(*, sitting_id: int, user: Principal) -> int:
    """Stop the clock now and ask the lead to confirm it; returns its id. Raises RefusedError."""
    sitting = db.session.get_one(Sitting, sitting_id, with_for_update=True)
    now = clock.now()
    if get_of(sitting_id) is not None:
        raise RefusedError(form=ONCE)
    is_over = sitting.deadline_at is None or now >= sitting.deadline_at
    if is_over or sitting.stopped_at is not None or not running.is_running(sitting, now):
        raise RefusedError(form=NOT_NOW)
    record = CallBack(
        sitting_id=sitting_id,
        state=CallBackState.ASKED,
        called_at=now,
        left_seconds=int(sitting.time_left(now).total_seconds()),
    )
    sitting.stopped_at = now
    db.session.add(record)
    workflow.begin(call_back_flow.FLOW, record, user=user)
    return record.id


def cancel(*, record_id: int, user: Principal) -> None:
    """Take it back as the person himself; raises RefusedError."""
    workflow.execute(call_back_flow.FLOW, record_id=record_id, name="cancel", user=user)


def resume(*, record_id: int, user: Principal) -> datetime | None:
    """Come back as the person himself; gives the close where it cuts what was left, else None.

    Raises RefusedError.
    """
    record = workflow.execute(call_back_flow.FLOW, record_id=record_id, name="resume", user=user)
    sitting = db.session.get_one(Sitting, record.sitting_id)
    left = int(sitting.time_left(clock.now()).total_seconds())
    return sitting.deadline_at if left < record.left_seconds else None


def get_own(user: Principal, record_id: int) -> Sitting | None:
    """Give the sitting of one's own call-back."""
    found: Sitting | None = db.session.scalar(
        select(Sitting)
        .join(CallBack, CallBack.sitting_id == Sitting.id)
        .where(CallBack.id == record_id, Sitting.person_id == user.person_id)
    )
    return found


def select_for(user: Principal) -> Statement:
    """Select the call-backs of those whom this person leads; a 经办人 sees those of all."""
    found = (
        select(CallBack, Sitting, Exam, Person, Department)
        .join(Sitting, Sitting.id == CallBack.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Person, Person.id == Sitting.person_id)
        .join(Department, Department.id == Sitting.department_id)
    )
    return scope.within(found, user, Permission.EXAMS_CALLBACK_CONFIRM)


def get_for(user: Principal, record_id: int) -> CallBack | None:
    """Give one that this person may see."""
    found: CallBack | None = db.session.scalar(select_for(user).where(CallBack.id == record_id))
    return found


def lapse() -> None:
    """Take back what nobody confirmed before the answers were collected; nobody waits for it."""
    waiting = (
        select(CallBack.id)
        .join(Sitting, Sitting.id == CallBack.sitting_id)
        .where(CallBack.state == CallBackState.ASKED, Sitting.handed_in_at.is_not(None))
    )
    if db.session.scalar(waiting.limit(1)) is None:
        return
    with db.write():
        for record_id in db.session.scalars(waiting).all():
            workflow.execute(call_back_flow.FLOW, record_id=record_id, name="cancel", user=None)
