"""对本题有疑问: what somebody who sat a paper says against one of its questions, after release.

One doubt per person and question, with a reason, within some working days of the release. Doubts
about one question wait together as one correction; who raised them stands on no page of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.exams import correction_flow
from app.exams.models import CorrectionState, Exam, QuestionCorrection, QuestionDoubt, Sitting
from app.exams.service.papers import get_locked, log
from app.exams.settings import DOUBT_DAYS
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.settings import service as settings
from app.workdays import service as workdays
from app.workflow import service as workflow

OPEN_STATES = (CorrectionState.RAISED, CorrectionState.CHECKED)
TOO_LATE = "提出疑问的期限已经过了，有问题请直接找业务科室。"
ALREADY_SAID = "你对这道题已经提出过疑问，办理结果会通知你。"
NO_REASON = "请写明疑问在哪里：哪个选项、依据哪一条。"


@dataclass(frozen=True, kw_only=True)
class OwnDoubt:
    """A doubt of one's own, and how far the correction is that took it in."""

    doubt: QuestionDoubt
    correction: QuestionCorrection | None

    @property
    def state(self) -> str:
        """How far it is, in the words of the flow."""
        raised = CorrectionState.RAISED
        return correction_flow.FLOW.state(
            self.correction.state if self.correction else raised
        ).label

    @property
    def is_applied(self) -> bool:
        """Tell whether the question was corrected."""
        return bool(self.correction and self.correction.state is CorrectionState.APPLIED)


def ends_at(exam: Exam) -> datetime | None:
    """Give until when doubts about a released exam are taken; None before its release."""
    if exam.released_at is None:
        return None
    return workdays.get_deadline(received=exam.released_at, days=settings.get(DOUBT_DAYS)).due


def is_time(exam: Exam, now: datetime) -> bool:
    """Tell whether a doubt may be raised at a moment."""
    until = ends_at(exam)
    return until is not None and now <= until


def list_own(sitting: Sitting) -> Mapping[int, OwnDoubt]:
    """Give somebody's doubts about his paper by number, each with the correction that followed."""
    doubts = db.session.scalars(
        select(QuestionDoubt).where(QuestionDoubt.sitting_id == sitting.id)
    ).all()
    corrections = db.session.scalars(
        select(QuestionCorrection)
        .where(
            QuestionCorrection.exam_id == sitting.exam_id,
            QuestionCorrection.number.in_([each.number for each in doubts]),
        )
        .order_by(QuestionCorrection.id)
    ).all()
    return {
        each.number: OwnDoubt(doubt=each, correction=follows(each, corrections)) for each in doubts
    }


def follows(
    doubt: QuestionDoubt, corrections: Sequence[QuestionCorrection]
) -> QuestionCorrection | None:
    """Give the correction that took a doubt in: the first that was not decided before it."""
    same = [each for each in corrections if each.number == doubt.number]
    return next(
        (each for each in same if each.decided_at is None or each.decided_at >= doubt.raised_at),
        None,
    )


def raise_doubt(*, sitting: Sitting, number: int, reason: str) -> int:
    """Say what is wrong with a question; the caller has checked that the person sees it.

    Returns the id of the correction that takes it in. Raises RefusedError.
    """
    exam = get_locked(sitting.exam_id)
    if not is_time(exam, clock.now()):
        raise RefusedError(form=TOO_LATE)
    if not reason:
        raise RefusedError(reason=NO_REASON)
    said = select(QuestionDoubt.id).where(
        QuestionDoubt.sitting_id == sitting.id, QuestionDoubt.number == number
    )
    if db.session.scalar(said) is not None:
        raise RefusedError(form=ALREADY_SAID)
    db.session.add(
        QuestionDoubt(
            exam_id=exam.id,
            number=number,
            sitting_id=sitting.id,
            reason=reason,
            raised_at=clock.now(),
        )
    )
    log(AuditEvent.EXAMS_DOUBT_RAISED, exam, sitting.person_id, number=number)
    correction = get_open(exam.id, number) or begin(exam.id, number)
    return correction.id


def get_open(exam_id: int, number: int) -> QuestionCorrection | None:
    """Give the correction of a question that nobody has decided yet."""
    found: QuestionCorrection | None = db.session.scalar(
        select(QuestionCorrection).where(
            QuestionCorrection.exam_id == exam_id,
            QuestionCorrection.number == number,
            QuestionCorrection.state.in_(OPEN_STATES),
        )
    )
    return found


def begin(exam_id: int, number: int, *, user: Principal | None = None) -> QuestionCorrection:
    """Let a question wait for somebody to check it; without a user somebody's doubt begins it."""
    correction = QuestionCorrection(
        exam_id=exam_id, number=number, state=CorrectionState.RAISED, further_key=[], opinion=""
    )
    db.session.add(correction)
    workflow.begin(correction_flow.FLOW, correction, user=user)
    return correction


def list_reasons(correction: QuestionCorrection) -> list[QuestionDoubt]:
    """Give the doubts about a question, oldest first."""
    found = (
        select(QuestionDoubt)
        .where(
            QuestionDoubt.exam_id == correction.exam_id, QuestionDoubt.number == correction.number
        )
        .order_by(QuestionDoubt.id)
    )
    return list(db.session.scalars(found))
