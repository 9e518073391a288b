"""Marking an exam again after its marks are there: as a job, and only those who change are told.

Each run keeps its results for ever; the one that counts is the last whole one. After release each
run that counts is a new version of the 成绩通报.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB, is_grading, job_key
from app.exams.models import (
    CorrectionState,
    Exam,
    QuestionCorrection,
    Sitting,
    SittingResult,
)
from app.exams.service.papers import get_locked, log
from app.inbox import service as inbox
from app.jobs import service as jobs
from app.kernel import db, formats
from app.kernel.forms import RefusedError

BUSY = "正在评卷，请等评完再办。"
UP_TO_DATE = "成绩已经按最新的决定评过，不用再评。"


def check_idle(exam: Exam) -> None:
    """Refuse while another run is under way: it would be about other marks; raises RefusedError."""
    if is_grading(exam):
        raise RefusedError(form=BUSY)


def order(exam: Exam, *, reason: str = "", ordered_by_id: int | None) -> str:
    """Order the next run of an exam, in the open write; gives the job's public id.

    With a reason it is marked again, and whoever gets other marks is told why.
    """
    run = exam.graded_run + 1
    why = {"reason": reason} if reason else {}
    if not is_grading(exam):
        log(AuditEvent.EXAMS_GRADING_ORDERED, exam, ordered_by_id, run=run, **why)
    return jobs.order(
        kind=GRADE_JOB,
        key=job_key(exam.id, run),
        title=f"{'重新评卷' if reason else '评卷'}：{exam.title}",
        payload={"exam_id": exam.id, "run": run, **why},
        ordered_by_id=ordered_by_id,
    )


def is_behind(exam: Exam) -> bool:
    """Tell whether a decision about a question waits for a run that nobody has under way."""
    return find_behind(exam) is not None and not is_grading(exam)


def find_behind(exam: Exam) -> QuestionCorrection | None:
    """Give the last correction that was decided or taken back since the run that counts."""
    at = func.coalesce(QuestionCorrection.revoked_at, QuestionCorrection.decided_at)
    found: QuestionCorrection | None = db.session.scalar(
        select(QuestionCorrection)
        .where(
            QuestionCorrection.exam_id == exam.id,
            QuestionCorrection.state.in_((CorrectionState.APPLIED, CorrectionState.REVOKED)),
            at > exam.graded_at,
        )
        .order_by(at.desc())
        .limit(1)
    )
    return found


def order_again(exam_id: int, *, ordered_by_id: int) -> str:
    """Order once more the run that a decision wants and whose job failed; raises RefusedError."""
    exam = get_locked(exam_id)
    check_idle(exam)
    if find_behind(exam) is None:
        raise RefusedError(form=UP_TO_DATE)
    return order(exam, reason="题目更正", ordered_by_id=ordered_by_id)


@dataclass(frozen=True, kw_only=True)
class MarksChanged:
    """One sitting whose marks two runs see apart."""

    person_id: int
    public_id: str
    before: Decimal
    after: Decimal
    is_passed: bool


def list_changes(exam_id: int, before: int, after: int) -> list[MarksChanged]:
    """Give the sittings of an exam whose marks are others in the later run."""
    old, new = aliased(SittingResult), aliased(SittingResult)
    rows = db.session.execute(
        select(Sitting.person_id, Sitting.public_id, old.marks, new.marks, new.is_passed)
        .join(old, (old.sitting_id == Sitting.id) & (old.run == before))
        .join(new, (new.sitting_id == Sitting.id) & (new.run == after))
        .where(Sitting.exam_id == exam_id, old.marks != new.marks)
        .order_by(Sitting.id)
    )
    return [
        MarksChanged(
            person_id=person_id, public_id=public_id, before=was, after=now, is_passed=is_passed
        )
        for person_id, public_id, was, now, is_passed in rows
    ]


def announce(exam: Exam, before: int, reason: str) -> int:
    """Tell whoever has other marks than in the run before; gives their number.

    In the write in which the new run begins to count. Nobody has seen marks before the release.
    """
    changes = list_changes(exam.id, before, exam.graded_run)
    if exam.released_at is None:
        return len(changes)
    exam.release_version += 1
    for each in changes:
        inbox.tell(
            [each.person_id],
            write_change(exam.title, reason, each),
            endpoint="exams.show_result",
            arguments={"public_id": each.public_id},
        )
    return len(changes)


def write_change(title: str, reason: str, change: MarksChanged) -> str:
    """Write what somebody is told whose marks have changed."""
    old, new = formats.marks(change.before), formats.marks(change.after)
    verdict = "合格" if change.is_passed else "不合格"
    return f"{title}：{reason}，已重新评卷。你的成绩由{old}分改为{new}分（{verdict}）。"
