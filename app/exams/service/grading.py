"""Grading: a job over stored answers that can run again and never grades a sitting twice in a run.

It begins when the exam has closed, or when everybody has handed in where the exam says so. A late
answer counts only if an organiser admitted it, with a reason, before release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import func, or_, select, update

from app.accounts.acting import acting
from app.audit.models import AuditEvent
from app.exams import exam_flow
from app.exams.comparing import is_free_order
from app.exams.exam_flow import job_key
from app.exams.marking import BY_HAND, KeyedQuestion, Marked, Scheme, mark
from app.exams.models import (
    GRACE,
    Exam,
    ExamState,
    HandedInBy,
    LateAdmission,
    LateAnswer,
    PaperForm,
    PaperQuestion,
    Sitting,
    SittingResult,
    SittingStanding,
)
from app.exams.service import analysis, hand_answers, hand_marking, remarking
from app.exams.service.amendments import Amendment, read_amendments
from app.exams.service.given import read_chosen
from app.exams.service.hand_marking import Marking
from app.exams.service.keys import select_keyed
from app.exams.service.papers import get_locked, log
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal

BATCH = 50
# A save that arrived within the grace may wait for its turn to write; nothing is sealed before, so
# that its arrival decides. One second more is for what comes between arriving and queueing.
SETTLING = timedelta(seconds=db.GATE_TIMEOUT_SECONDS + 1)
STILL_OPEN = "考试还没有结束，不能评卷。"
NOT_ALL_MARKED = "还有主观题没有评完，不能评卷。"
ALREADY_RELEASED = "成绩已经公布，不能再改。"


@dataclass(frozen=True, kw_only=True)
class KeyedPaper:
    """What marking needs of an exam: its rule, and of each form (by its code) the questions."""

    exam_id: int
    scheme: Scheme
    forms: Mapping[int, Sequence[KeyedQuestion]]
    pass_marks: Decimal

    @cached_property
    def marked_by_hand(self) -> Mapping[int, Decimal]:
        """Give the full marks of the questions that people mark, by number."""
        asked = (each for form in self.forms.values() for each in form)
        return {each.number: each.marks for each in asked if each.kind in BY_HAND}


def order_grading(*, exam_id: int, ordered_by_id: int | None) -> str:
    """Order the next grading run of an exam; raises RefusedError. Returns the job's public id."""
    exam = get_locked(exam_id)
    if exam.released_at is not None:
        raise RefusedError(form=ALREADY_RELEASED)
    if not is_finished(exam, clock.now()):
        raise RefusedError(form=STILL_OPEN)
    if waiting := hand_answers.count_waiting(exam_id):
        raise RefusedError(form=hand_answers.WAITING.format(count=waiting))
    return remarking.order(exam, ordered_by_id=ordered_by_id)


def is_finished(exam: Exam, now: datetime) -> bool:
    """Tell whether no answer can come any more: closed and settled, or all handed in."""
    if not exam.is_frozen:
        return False
    if exam.closes_at < settled_by(now):
        # Extra time may last past the close.
        return exam.control_count == 0 or not has_extra_time(exam.id, now)
    if exam.is_for_named and not has_sittings(exam.id):
        # Nobody is missing because nobody has been named yet.
        return False
    return exam.releases_when_complete and count_missing(exam.id, now) == 0


def has_sittings(exam_id: int) -> bool:
    """Tell whether anybody is on the roll of an exam."""
    found = select(Sitting.id).where(Sitting.exam_id == exam_id).limit(1)
    return db.session.scalar(found) is not None


def has_extra_time(exam_id: int, now: datetime) -> bool:
    """Tell whether somebody's own deadline is still to come."""
    found = select(Sitting.id).where(
        Sitting.exam_id == exam_id,
        Sitting.handed_in_at.is_(None),
        Sitting.deadline_at >= settled_by(now),
    )
    return db.session.scalar(found.limit(1)) is not None


def settled_by(now: datetime) -> datetime:
    """Give the latest deadline for which every answer in time has been written by now."""
    return now - GRACE - SETTLING


def count_missing(exam_id: int, now: datetime) -> int:
    """Count the sittings of an exam that may still bring answers."""
    may_come = or_(
        Sitting.deadline_at.is_(None),
        Sitting.deadline_at >= settled_by(now),
        Sitting.stopped_at.is_not(None),
    )
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Sitting)
            .where(
                Sitting.exam_id == exam_id,
                Sitting.standing == SittingStanding.DUE,
                Sitting.handed_in_at.is_(None),
                may_come,
            )
        )
        or 0
    )


def order_if_complete(exam_id: int) -> None:
    """Order the grading of an exam that releases by itself once nobody is missing."""
    if not db.session.get_one(Exam, exam_id).releases_when_complete:
        return
    # The last two may hand in at the same moment: the later one sees the earlier.
    exam = get_locked(exam_id)
    if exam.graded_run or not is_finished(exam, clock.now()):
        return
    if hand_answers.count_waiting(exam_id) == 0:
        order_grading(exam_id=exam_id, ordered_by_id=None)


def sweep() -> None:
    """Write down what the clock has decided: sittings that ran out, exams that want grading."""
    now = clock.now()
    waiting = db.session.scalars(
        select(Exam.id).where(
            Exam.state == ExamState.PUBLISHED,
            Exam.graded_run == 0,
            or_(Exam.closes_at < settled_by(now), Exam.releases_when_complete.is_(True)),
        )
    ).all()
    due = [exam_id for exam_id in waiting if wants_grading(exam_id, now)]
    expired = db.session.scalars(
        select(Sitting.id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(
            Sitting.handed_in_at.is_(None),
            Sitting.deadline_at < settled_by(now),
            # Whose clock stands still is not out of time before the exam closes.
            or_(Sitting.stopped_at.is_(None), Exam.closes_at < settled_by(now)),
        )
        .limit(BATCH)
    ).all()
    if not due and not expired:
        return
    with db.write():
        seal(expired)
        for exam_id in due:
            # The first run may have ended since the look: a second one is for people to order.
            if get_locked(exam_id).graded_run == 0:
                order_grading(exam_id=exam_id, ordered_by_id=None)


def wants_grading(exam_id: int, now: datetime) -> bool:
    """Tell whether an exam's first grading is due and not ordered yet."""
    exam = db.session.get_one(Exam, exam_id)
    if not is_finished(exam, now) or exam_flow.is_grading(exam):
        return False
    return hand_answers.count_waiting(exam_id) == 0


def seal(sitting_ids: Sequence[int]) -> None:
    """Hand in for those whose time ran out, as of their deadline."""
    if sitting_ids:
        db.session.execute(
            update(Sitting)
            .where(Sitting.id.in_(list(sitting_ids)), Sitting.handed_in_at.is_(None))
            .values(
                handed_in_at=Sitting.deadline_at, handed_in_by=HandedInBy.SYSTEM, stopped_at=None
            )
        )


def grade(job: JobRun) -> Mapping[str, Any]:
    """Grade every sitting of an exam, a batch per write; safe to repeat from any point."""
    exam_id, run = int(job.payload["exam_id"]), int(job.payload["run"])
    with db.write():
        seal(list_sittings(exam_id, is_open=True))
    paper = read_paper(exam_id)
    sitting_ids = list_sittings(exam_id, is_open=False)
    total = max(1, len(sitting_ids))
    for start in range(job.done, len(sitting_ids), BATCH):
        batch = sitting_ids[start : start + BATCH]
        results = mark_batch(run, paper, batch)
        with db.write():
            store_results(results)
        job.progress(done=min(start + BATCH, total), total=total)
    analysed = analysis.analyse_run(exam_id, run)
    with db.write():
        complete(exam_id, run, len(sitting_ids), str(job.payload.get("reason", "")), analysed)
    return {"graded": len(sitting_ids)}


def list_sittings(exam_id: int, *, is_open: bool) -> list[int]:
    """Give the begun sittings of an exam, open or handed in, always in the same order."""
    state = Sitting.handed_in_at.is_(None) if is_open else Sitting.handed_in_at.is_not(None)
    return list(
        db.session.scalars(
            select(Sitting.id)
            .where(Sitting.exam_id == exam_id, Sitting.started_at.is_not(None), state)
            .order_by(Sitting.id)
        )
    )


def read_paper(exam_id: int) -> KeyedPaper:
    """Give the frozen questions of each form with their keys, as marking wants them."""
    exam = db.session.get_one(Exam, exam_id)
    questions = {each.number: each for each in read_keys(exam_id)}
    forms = db.session.execute(
        select(PaperForm.code, PaperForm.numbers).where(PaperForm.exam_id == exam_id)
    )
    return KeyedPaper(
        exam_id=exam_id,
        scheme=Scheme(part_rule=exam.part_rule, option_marks=exam.option_marks),
        forms={code: [questions[number] for number in numbers] for code, numbers in forms},
        pass_marks=exam.pass_marks,
    )


def read_keys(exam_id: int) -> list[KeyedQuestion]:
    """Give all frozen questions of an exam with their keys, and what corrections say of them."""
    amendments = read_amendments(exam_id)
    rows = db.session.execute(select_keyed(exam_id))
    return [
        keyed_question(question, key.key, amendments[question.number]) for question, key in rows
    ]


def keyed_question(
    question: PaperQuestion, key: Sequence[Any], amendment: Amendment
) -> KeyedQuestion:
    """Give a frozen question as marking wants it."""
    return KeyedQuestion(
        number=question.number,
        kind=question.kind,
        marks=question.marks,
        key=key,
        is_free_order=is_free_order(question.stem),
        alternatives=amendment.further,
        is_void=amendment.is_void,
    )


def mark_batch(run: int, paper: KeyedPaper, sitting_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Mark some sittings, each by its form; reads only. Gives the rows to store."""
    codes = db.session.execute(
        select(Sitting.id, Sitting.form_code)
        .where(Sitting.id.in_(list(sitting_ids)))
        .order_by(Sitting.id)
    )
    chosen = read_chosen(sitting_ids)
    by_hand = hand_answers.settle_batch(paper.exam_id, paper.marked_by_hand, sitting_ids)
    return [
        mark_sitting(
            run,
            paper,
            sitting_id,
            mark(
                paper.forms[code],
                paper.scheme,
                chosen.get(sitting_id, {}),
                by_hand.get(sitting_id, {}),
            ),
        )
        for sitting_id, code in codes
    ]


def mark_sitting(run: int, paper: KeyedPaper, sitting_id: int, marked: Marked) -> dict[str, Any]:
    """Give the row of one sitting; raises JobRefusedError where an answer is not marked yet."""
    if not marked.is_complete:
        raise jobs.JobRefusedError(NOT_ALL_MARKED)
    return {
        "sitting_id": sitting_id,
        "run": run,
        "marks": marked.marks,
        "is_passed": marked.marks >= paper.pass_marks,
        "correct_count": marked.correct_count,
        "details": {str(number): str(earned) for number, earned in marked.by_number.items()},
    }


def store_results(rows: Sequence[Mapping[str, Any]]) -> None:
    """Store results once: a row that a killed worker had stored stays as it is."""
    if not rows:
        return
    db.session.execute(db.insert(SittingResult).on_conflict_do_nothing(), list(rows))


def complete(
    exam_id: int, run: int, count: int, reason: str, analysed: Sequence[Mapping[str, Any]]
) -> None:
    """Make a finished run the one that counts; release it where the exam releases by itself."""
    exam = get_locked(exam_id)
    before = exam.graded_run
    if before >= run:
        return
    exam.graded_run, exam.graded_at = run, clock.now()
    db.session.flush()
    analysis.store(analysed)
    changed = {"changed": remarking.announce(exam, before, reason)} if before else {}
    log(AuditEvent.EXAMS_GRADED, exam, None, run=run, sittings=count, **changed)
    if exam.state is ExamState.PUBLISHED:
        exam_flow.make_move(exam_id, "grade", None)
        if exam.releases_when_complete:
            exam_flow.make_move(exam_id, "release", None)


def release_results(*, exam_id: int, released_by_id: int) -> None:
    """Make marks visible to those who earned them, for stories; raises RefusedError."""
    exam_flow.make_move(exam_id, "release", acting(released_by_id))


def admit_late_answer(*, late_answer_id: int, reason: str, admitted_by_id: int) -> None:
    """Let a late answer count, with a reason, and grade anew; raises RefusedError after release."""
    late = db.session.get_one(LateAnswer, late_answer_id)
    exam = get_locked(db.session.get_one(Sitting, late.sitting_id).exam_id)
    if exam.released_at is not None:
        raise RefusedError(form=ALREADY_RELEASED)
    if not reason:
        raise RefusedError(reason="请写明采纳这份迟到答案的原因。")
    if jobs.is_running(job_key(exam.id, exam.graded_run + 1)):
        # This run may have marked the sitting already: the answer would count for nothing.
        raise RefusedError(form="正在评卷，请等评完再采纳。")
    if db.session.get(LateAdmission, late_answer_id) is not None:
        return
    db.session.add(
        LateAdmission(
            late_answer_id=late_answer_id,
            admitted_by_id=admitted_by_id,
            reason=reason,
            admitted_at=clock.now(),
        )
    )
    log(AuditEvent.EXAMS_LATE_ADMITTED, exam, admitted_by_id, late_answer=late.id, reason=reason)
    # What was marked by hand was another text.
    had_marks = hand_marking.forget_marks(late.sitting_id, late.number)
    if not is_finished(exam, clock.now()):
        return
    if waiting := hand_answers.count_waiting(exam.id):
        if had_marks or exam.graded_run:
            hand_marking.tell(exam, waiting, about=f":late:{late.id}")
        return
    order_grading(exam_id=exam.id, ordered_by_id=admitted_by_id)


def mark_by_hand(
    *, exam_id: int, number: int, code: str, marking: Marking, user: Principal
) -> None:
    """Store what a marker gives; after a run another one follows. Raises RefusedError."""
    exam = get_locked(exam_id)
    if not is_finished(exam, clock.now()):
        raise RefusedError(form=STILL_OPEN)
    remarking.check_idle(exam)
    hand_marking.mark_answer(exam_id=exam_id, number=number, code=code, marking=marking, user=user)
    if exam.graded_run and not hand_answers.count_waiting(exam_id):
        order_grading(exam_id=exam_id, ordered_by_id=user.person_id)


def tell_markers() -> None:
    """Tell whoever may mark, once for each exam, that answers wait for a person."""
    now = clock.now()
    ungraded = db.session.scalars(
        select(Exam).where(Exam.state == ExamState.PUBLISHED, Exam.graded_run == 0)
    ).all()
    for exam in ungraded:
        if not is_finished(exam, now) or hand_marking.were_told(exam.id):
            continue
        if waiting := hand_answers.count_waiting(exam.id):
            with db.write():
                hand_marking.tell(exam, waiting)
