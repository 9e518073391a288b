"""题目纠错 of the hall of tests/site: a question that may be doubted, and one in every state."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.exams.correction_flow import FLOW
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import CorrectionKind, QuestionCorrection
from app.exams.service import corrections
from app.jobs import service as jobs
from app.jobs.models import Job, JobState
from app.kernel import clock, db
from app.workflow import service as workflow
from tests.site import exams_world
from tests.site.signing import sign_on_paper
from tests.support import cast


def fill(mark, question_ids):
    """Make them; gives the arguments of their addresses by name.

    The last two questions wait on the result of staff, who sits them elsewhere; the first two,
    right for everybody once they are void, are the only ones that can cover them.
    """
    texts = {"notice": f"办件优先。{mark}", "pass_marks": Decimal(10)}
    exam_id = exams_world.hold_exam(f"纠错月考{mark}", 3, question_ids, **texts)
    signed = propose(exam_id, 1, mark)
    sign_on_paper(FLOW, signed, "apply", "chief", mark)
    mark_again()
    applied = propose(exam_id, 2, mark)
    with db.write():
        workflow.execute(FLOW, record_id=applied, name="apply", user=cast.principal("chief"))
    mark_again()
    made = {
        "correction_signed": {"record_id": signed, "step": 3},
        "correction_applied": {"record_id": applied},
        "correction_raised": {"record_id": open_one(exam_id, 3)},
        "doubted": {**exams_world.of_staff(exam_id), "number": 4},
        "correction_proposed": {"record_id": propose(exam_id, 5, mark)},
        "correction_kept": {"record_id": propose(exam_id, 6, mark, kind=CorrectionKind.UNCHANGED)},
    }
    return {**made, "correction_behind": {"record_id": fail(mark, question_ids, texts)}}


def open_one(exam_id, number):
    """Begin a correction as the clerk does."""
    with db.write():
        return corrections.open_correction(
            exam_id=exam_id, number=number, user=cast.principal("clerk")
        )


def propose(exam_id, number, mark, kind=CorrectionKind.VOID):
    """Check a question as the clerk does; nobody decides."""
    record_id = open_one(exam_id, number)
    finding = corrections.Finding(kind=kind, further="", opinion=f"第三条已经修订。{mark}")
    with db.write():
        corrections.check_correction(
            correction_id=record_id,
            finding=finding,
            seen_version=db.session.get_one(QuestionCorrection, record_id).version,
            user=cast.principal("clerk"),
        )
    return record_id


def mark_again():
    """Do what a decision has ordered."""
    found = select(Job.id).where(Job.kind == GRADE_JOB).order_by(Job.id.desc()).limit(1)
    jobs.run_job(db.session.scalars(found).one())


def fail(mark, question_ids, texts):
    """Carry out a correction whose marking failed; gives its id."""
    exam_id = exams_world.hold_exam(f"评卷中断月考{mark}", 6, question_ids[:2], **texts)
    record_id = propose(exam_id, 1, mark)
    with clock.frozen(exams_world.NOW - timedelta(hours=1)):
        with db.write():
            workflow.execute(FLOW, record_id=record_id, name="apply", user=cast.principal("chief"))
        with db.write():
            job = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
            job.state, job.finished_at, job.error = JobState.FAILED, clock.now(), "disk full"
    return record_id
