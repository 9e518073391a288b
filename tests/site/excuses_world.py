"""缓考, 免考 and batches of the hall of tests/site: a roll with A and B, and an application."""

from datetime import timedelta

from app.accounts import service as accounts
from app.accounts.models import Account
from app.exams.models import ExcuseCause, ExcuseKind, Sitting
from app.exams.service import batches, excuses
from app.exams.service.batches import Window
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.site import exams_world
from tests.support import cast


def fill(mark, question_ids):
    """Make them; gives the arguments of their addresses by name."""
    add_colleague(mark)
    texts = {"notice": f"办件优先。{mark}"}
    roll = publish_batched(f"分批月考{mark}", question_ids, **texts)
    applied = publish_batched(f"值守月考{mark}", question_ids, **texts)
    first, second = (
        db.session.query(Sitting).filter_by(exam_id=roll, batch=code).first().public_id
        for code in ("A", "B")
    )
    return {
        "roll": {"exam_id": roll, "first": first, "second": second},
        "excuse": {"record_id": apply(applied, mark), "step": 1},
    }


def add_colleague(mark):
    """Add somebody to the department of `staff`, so that there are two to change batches."""
    with db.write():
        accounts.add_person(
            staff_number="SY950",
            name=f"同科{mark}",
            department_id=cast.department_ids()[0],
            post="综合窗口",
            password_hash=db.session.query(Account.password_hash).limit(1).scalar(),
            roles=[Role.STAFF],
            joined_on=cast.JOINED_ON,
        )


def publish_batched(title, question_ids, **texts):
    """Publish an exam of two batches that opens in two days."""
    exam_id = exams_world.draft_exam(title, question_ids, days=2, **texts)
    opens = clock.now() + timedelta(days=2)
    with db.write():
        for place, code in enumerate("AB"):
            start = opens + timedelta(hours=3 * place)
            window = Window(code=code, opens_at=start, closes_at=start + timedelta(hours=2))
            batches.add(exam_id, window, edited_by_id=cast.person_id("clerk"))
    exams_world.publish(exam_id)
    return exam_id


def apply(exam_id, mark):
    """Let the lead apply for staff; nobody decides."""
    wanted = excuses.Wanted(
        kind=ExcuseKind.DEFERRAL, cause=ExcuseCause.OTHER, people="SY001", note=f"外出办事{mark}"
    )
    with db.write():
        [made] = excuses.apply_excuses(exam_id=exam_id, wanted=wanted, user=cast.principal("lead"))
    return made
