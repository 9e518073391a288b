"""Sitting an exam: start, save, hand in. What was acknowledged is a row that was committed.

The server's clock decides. An answer counts until 60 s after the deadline; a later one is kept
beside the sitting. An older page never overwrites a newer one; handing in can be repeated and
always gives the same receipt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    func,
    select,
    update,
)

from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams import attendance
from app.exams.answer_shapes import AnswerShape
from app.exams.arrangement import Piece, arrange
from app.exams.models import (
    FROZEN_STATES,
    GRACE,
    STANDING_LABELS,
    Answer,
    Exam,
    ExamPhase,
    HandedInBy,
    LateAdmission,
    LateAnswer,
    LateCause,
    PaperQuestion,
    Sitting,
    SittingStanding,
)
from app.exams.service import batches, extra_time, grading
from app.exams.service.frozen import FrozenQuestion, paper_of
from app.files.models import StoredFile
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.kernel.types import UtcDateTime

NOT_OPEN = "考试现在没有开放，请看开放时间。"
EXCUSED = "这场考试你已经批准{0}，不用参加。"
ALREADY_OVER = "你已经交卷，不能再次进入。"
PAUSED = "考试正在暂停，请稍等，继续以后就能进入。"
STANDS_STILL = "计时停着的时候不能交卷，请先等考试继续，或者先返回考试。"


class SaveOutcome(StrEnum):
    """What became of a save."""

    SAVED = "saved"
    STALE = "stale"
    LATE = "late"
    SEALED = "sealed"
    STOPPED = "stopped"
    TAKEN = "taken"


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The outcome of a save, with what the database holds now."""

    outcome: SaveOutcome
    revision: int
    chosen: Sequence[str]
    saved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of handing in; the same each time it is asked for."""

    code: str
    handed_in_at: datetime
    is_by_system: bool
    answered: int
    total: int


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """One answer as a sitting page begins with it."""

    chosen: Sequence[str]
    is_flagged: bool
    revision: int


@dataclass(frozen=True, kw_only=True)
class PlacedQuestion:
    """A frozen question where one person finds it: its 题号 and the order of its options."""

    question: FrozenQuestion
    place: int
    labels: Sequence[str]


def select_exams_for(principal: Principal) -> Select[Exam, Sitting]:
    """Select the published exams that this person is on the roll of, with his sitting."""
    return exams_of(principal.person_id)


def exams_of(person_id: int | BindParameter[int]) -> Select[Exam, Sitting]:
    """Select the published exams that somebody is on the roll of, with his sitting."""
    return (
        select(Exam, Sitting)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .where(Sitting.person_id == person_id, Exam.state.in_(FROZEN_STATES))
    )


# Built once: every save asks for it, and building a statement costs more than running it.
MY_SITTING = exams_of(bindparam("person_id", type_=Integer)).where(
    Sitting.public_id == bindparam("public_id")
)


def get_exam_for(principal: Principal, exam_id: int) -> tuple[Exam, Sitting] | None:
    """Give an exam with this person's own sitting."""
    found = db.session.execute(select_exams_for(principal).where(Exam.id == exam_id)).one_or_none()
    return None if found is None else (found[0], found[1])


def get_sitting_for(principal: Principal, public_id: str) -> tuple[Exam, Sitting] | None:
    """Give this person's own sitting by its public id."""
    values = {"person_id": principal.person_id, "public_id": public_id}
    found = db.session.execute(MY_SITTING, values).one_or_none()
    return None if found is None else (found[0], found[1])


def get_shape(exam: Exam, sitting: Sitting, number: int) -> AnswerShape | None:
    """Give what an answer may be; None where this person's form has no such question."""
    paper = paper_of(exam)
    return paper.questions[number].shape if number in paper.forms[sitting.form_code] else None


def list_questions(exam_id: int) -> list[PaperQuestion]:
    """Give the frozen questions of a whole paper, without their keys."""
    return list(
        db.session.scalars(
            select(PaperQuestion)
            .where(PaperQuestion.exam_id == exam_id)
            .order_by(PaperQuestion.number)
        )
    )


def list_asked(exam: Exam, sitting: Sitting) -> list[FrozenQuestion]:
    """Give the questions of somebody's form."""
    return paper_of(exam).of_form(sitting.form_code)


def list_placed(exam: Exam, sitting: Sitting) -> list[PlacedQuestion]:
    """Give the questions of somebody's form in the order in which he finds them."""
    return place_questions(exam, sitting.public_id, list_asked(exam, sitting))


def place_questions(
    exam: Exam, sitting_key: str, questions: Sequence[FrozenQuestion]
) -> list[PlacedQuestion]:
    """Put frozen questions in the order of a sitting."""
    pieces = [
        Piece(number=each.number, kind=each.kind, group_key=each.group_key, labels=each.labels)
        for each in questions
    ]
    by_number = {each.number: each for each in questions}
    return [
        PlacedQuestion(question=by_number[placed.number], place=placed.place, labels=placed.labels)
        for placed in arrange(exam.seed, sitting_key, pieces, is_shuffled=exam.is_shuffled)
    ]


def get_picture(exam: Exam, sitting: Sitting, number: int, place: int) -> StoredFile | None:
    """Give a picture of a question of somebody's own form; `place` counts from 1."""
    is_asked = number in paper_of(exam).forms[sitting.form_code]
    return get_any_picture(exam, number, place) if is_asked else None


def get_any_picture(exam: Exam, number: int, place: int) -> StoredFile | None:
    """Give a picture of a frozen question; `place` counts from 1."""
    question = paper_of(exam).questions.get(number)
    if question is None or not 1 <= place <= len(question.pictures):
        return None
    return db.session.get(StoredFile, question.pictures[place - 1]["file"])


def read_answers(sitting_id: int) -> Mapping[int, GivenAnswer]:
    """Give what is stored of a sitting, by question number."""
    rows = db.session.scalars(select(Answer).where(Answer.sitting_id == sitting_id))
    return {
        row.number: GivenAnswer(chosen=row.chosen, is_flagged=row.is_flagged, revision=row.revision)
        for row in rows
    }


def start_sitting(*, exam_id: int, person_id: int, device: str = "") -> str:
    """Begin a sitting, or go on with the one that was begun; raises RefusedError.

    The deadline is fixed now: the exam's minutes from here, but never after its close; beside that
    what an organiser has given. `device` is the hash of the browser's mark. Returns the sitting's
    public id.
    """
    # Shared by all who start, so that nobody slips in while the whole exam is being paused.
    exam = db.session.get_one(Exam, exam_id, with_for_update={"read": True})
    sitting = db.session.execute(
        select(Sitting).where(Sitting.exam_id == exam_id, Sitting.person_id == person_id)
    ).scalar_one()
    now = clock.now()
    if sitting.is_over(now):
        raise RefusedError(form=ALREADY_OVER)
    if sitting.started_at is not None:
        return sitting.public_id
    if sitting.standing is not SittingStanding.DUE:
        raise RefusedError(form=EXCUSED.format(STANDING_LABELS[sitting.standing]))
    if exam.phase(now) is not ExamPhase.OPEN:
        raise RefusedError(form=NOT_OPEN)
    batches.check_entry(exam, sitting, now)
    if exam.paused_at is not None:
        raise RefusedError(form=PAUSED)
    extra = extra_time.read_one(exam_id, sitting.id) if exam.control_count else timedelta(0)
    begun = db.session.execute(
        update(Sitting)
        .where(Sitting.id == sitting.id, attendance.has_not_come())
        .values(
            started_at=now,
            deadline_at=min(now + timedelta(minutes=exam.minutes), exam.closes_at) + extra,
            device=device,
        )
    )
    if begun.rowcount == 1:  # type: ignore[attr-defined]
        append(
            AuditEvent.EXAMS_STARTED,
            person_id=person_id,
            object_type="sitting",
            object_id=sitting.public_id,
        )
    return sitting.public_id


def save_answer(
    *,
    sitting_id: int,
    number: int,
    chosen: Sequence[str],
    is_flagged: bool,
    revision: int,
    received_at: datetime,
    device: str = "",
) -> Saved:
    """Save one answer by one guarded upsert; the caller has tidied it and seen that it fits.

    `received_at` is when the request arrived: waiting for the gate costs nobody his answer.
    `device` is the hash of the browser's mark; a sitting without one takes any.
    """
    row = {
        "sitting_id": sitting_id,
        "number": number,
        "chosen": list(chosen),
        "is_flagged": is_flagged,
        "revision": revision,
        "saved_at": received_at,
    }
    values = {f"new_{name}": value for name, value in row.items()}
    written = db.session.execute(
        guarded_upsert(db.database.engine.dialect.name),
        {**values, "earliest_deadline": received_at - GRACE, "sent_device": device},
        execution_options={"preserve_rowcount": True},
    )
    if written.rowcount == 1:  # type: ignore[attr-defined]
        return Saved(
            outcome=SaveOutcome.SAVED, revision=revision, chosen=chosen, saved_at=received_at
        )
    return explain_refusal(row, received_at, device)


@cache
def guarded_upsert(dialect: str) -> Any:  # noqa: ANN401 - an upsert of either dialect.
    """Build the upsert: only into an open sitting in time, only over an older revision.

    Never while the clock stands still, whoever stopped it (a pause of the whole exam stops every
    sitting), and from no other device. Once for each dialect. Takes each column as `new_` with its
    name, `earliest_deadline` and `sent_device`.
    """
    del dialect  # db.insert knows it; here it is what the statement is kept under.
    table = cast("Table", Answer.__table__)
    names = [column.name for column in table.columns]
    # The row is held until the commit: no hand-in can come between the look and the answer. Held
    # by one save at a time: two that share it and then want more would wait for one another.
    allowed = (
        select(
            *(bindparam(f"new_{each.name}", type_=each.type).label(each.name) for each in table.c)
        )
        .select_from(Sitting.__table__)
        .where(
            Sitting.id == bindparam("new_sitting_id", type_=Integer),
            Sitting.handed_in_at.is_(None),
            Sitting.deadline_at >= bindparam("earliest_deadline", type_=UtcDateTime()),
            Sitting.stopped_at.is_(None),
            Sitting.device.in_(["", bindparam("sent_device", type_=String)]),
        )
        .with_for_update(key_share=True)
    )
    statement = db.insert(table).from_select(names, allowed)
    return statement.on_conflict_do_update(
        index_elements=[table.c.sitting_id, table.c.number],
        set_={
            name: statement.excluded[name] for name in names if name not in {"sitting_id", "number"}
        },
        where=statement.excluded.revision > table.c.revision,
    )


def explain_refusal(row: Mapping[str, Any], received_at: datetime, device: str) -> Saved:
    """Say why an upsert wrote nothing; what is not taken is kept beside the sitting.

    While the clock stands still nothing is decided: the page keeps its answer and sends it again.
    """
    sitting = db.session.get_one(Sitting, row["sitting_id"], with_for_update={"key_share": True})
    if sitting.handed_in_by is HandedInBy.PERSON:
        return refused(SaveOutcome.SEALED)
    if sitting.deadline_at is None or sitting.is_over(received_at):
        keep_late(row, received_at)
        return refused(SaveOutcome.LATE)
    if sitting.device not in {"", device}:
        keep_late(row, received_at, LateCause.TAKEN_OVER)
        return refused(SaveOutcome.TAKEN)
    if sitting.stopped_at is not None:
        return refused(SaveOutcome.STOPPED)
    stored = db.session.get_one(Answer, (row["sitting_id"], row["number"]))
    is_repeat = (stored.revision, stored.chosen) == (row["revision"], row["chosen"])
    return Saved(
        outcome=SaveOutcome.SAVED if is_repeat else SaveOutcome.STALE,
        revision=stored.revision,
        chosen=stored.chosen,
        saved_at=stored.saved_at,
    )


def refused(outcome: SaveOutcome) -> Saved:
    """Give an outcome that stored nothing in the sitting."""
    return Saved(outcome=outcome, revision=0, chosen=(), saved_at=None)


def keep_late(
    row: Mapping[str, Any], received_at: datetime, cause: LateCause = LateCause.LATE
) -> None:
    """Keep an answer that came too late or from a device taken over; a repeat is kept once.

    Two windows may number different answers alike: the later one gets the next free number.
    """
    newer = db.session.scalars(
        select(LateAnswer).where(
            LateAnswer.sitting_id == row["sitting_id"],
            LateAnswer.number == row["number"],
            LateAnswer.revision >= row["revision"],
        )
    ).all()
    if row["chosen"] in [late.chosen for late in newer]:
        return
    taken = {late.revision for late in newer}
    db.session.add(
        LateAnswer(
            sitting_id=row["sitting_id"],
            number=row["number"],
            chosen=row["chosen"],
            revision=max(taken) + 1 if row["revision"] in taken else row["revision"],
            received_at=received_at,
            cause=cause,
        )
    )
    db.session.flush()


def hand_in(*, sitting_id: int, received_at: datetime) -> None:
    """End a sitting; a repeat changes nothing. After the grace the clock has ended it."""
    sitting = db.session.get_one(Sitting, sitting_id)
    if sitting.handed_in_at is not None:
        return
    if sitting.deadline_at is None:
        raise RefusedError(form="考试还没有开始作答，不用交卷。")
    if sitting.stopped_at is not None:
        raise RefusedError(form=STANDS_STILL)
    is_late = received_at > sitting.deadline_at + GRACE
    by = HandedInBy.SYSTEM if is_late else HandedInBy.PERSON
    at = sitting.deadline_at if is_late else received_at
    ended = db.session.execute(
        update(Sitting)
        .where(
            Sitting.id == sitting_id,
            Sitting.handed_in_at.is_(None),
            # Paused in this very moment: the page tries again.
            Sitting.stopped_at.is_(None),
        )
        .values(handed_in_at=at, handed_in_by=by)
    )
    if ended.rowcount == 1:  # type: ignore[attr-defined]
        append(
            AuditEvent.EXAMS_HANDED_IN,
            person_id=sitting.person_id,
            object_type="sitting",
            object_id=sitting.public_id,
            by=by,
        )
        grading.order_if_complete(sitting.exam_id)


def get_receipt(sitting: Sitting, exam: Exam) -> Receipt | None:
    """Give the receipt of a sitting that is over, also when only the clock has ended it."""
    if sitting.deadline_at is None or not sitting.is_over(clock.now()):
        return None
    return Receipt(
        code=sitting.receipt,
        handed_in_at=sitting.handed_in_at or sitting.deadline_at,
        is_by_system=sitting.handed_in_by is not HandedInBy.PERSON,
        answered=count_answered(sitting.id),
        total=exam.question_count,
    )


def count_answered(sitting_id: int) -> int:
    """Count the questions with an answer; a mere flag is none."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Answer)
            .where(Answer.sitting_id == sitting_id, Answer.chosen != [])
        )
        or 0
    )


def list_late_answers(sitting_id: int) -> list[tuple[LateAnswer, bool]]:
    """Give the answers of a sitting that came too late, each with whether it was admitted."""
    rows = db.session.execute(
        select(LateAnswer, LateAdmission.late_answer_id)
        .outerjoin(LateAdmission, LateAdmission.late_answer_id == LateAnswer.id)
        .where(LateAnswer.sitting_id == sitting_id)
        .order_by(LateAnswer.id)
    )
    return [(late, admission is not None) for late, admission in rows]
