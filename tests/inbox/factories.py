"""Steps that wait, written as the engine would."""

from datetime import timedelta

from app.inbox import service
from app.inbox.models import OpenStep
from app.kernel import clock, db
from app.kernel.permissions import Permission
from tests.support import cast


def put_step(
    record_id=1,
    *,
    who=None,
    permission=Permission.EXAMS_PAPER_PUBLISH,
    department_id=None,
    due_in=timedelta(days=4),
    is_approval=False,
    barred=(),
    title="一件事",
):
    """Let something wait for somebody by name, or for the holders of a permission."""
    with db.write():
        step = service.open_step(
            service.NewStep(
                flow="tests.slip",
                record_id=record_id,
                noun="单子",
                title=title,
                label="待审核",
                endpoint="workdays.list_days",
                arguments={},
                person_id=cast.person_id(who) if who else None,
                permission=None if who else permission,
                department_id=department_id,
                is_approval=is_approval,
                is_returned=False,
                days=4,
                due_at=clock.now() + due_in,
                barred=[cast.person_id(each) for each in barred],
            )
        )
        return step.id


def steps_of(who):
    """Give the records that wait for one of the cast."""
    rows = db.session.execute(service.select_steps_for(cast.principal(who))).all()
    return sorted(step.record_id for step, _ in rows)


def open_steps():
    """Give all that waits."""
    return db.session.query(OpenStep).filter(OpenStep.closed_at.is_(None)).all()
