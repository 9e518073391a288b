"""Results: for the person after release, for organisers after grading; rates with denominators.

参考率 = 实考 ÷ (应考 - 缓考 - 免考), 合格率 = 合格 ÷ 实考; who stands how says `attendance`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.accounts.models import Department, Person
from app.exams import attendance
from app.exams.answer_shapes import write_answer
from app.exams.attendance import PassCounts
from app.exams.faces import Face, face_of
from app.exams.marking import BY_HAND
from app.exams.models import (
    GRACE,
    Exam,
    LateAdmission,
    LateAnswer,
    PaperKey,
    PaperQuestion,
    Sitting,
    SittingResult,
)
from app.exams.monthly import MONTHS, is_monthly
from app.exams.service import hand_answers, sittings
from app.exams.service.amendments import Amendment, read_amendments
from app.exams.service.given import read_chosen
from app.exams.service.keys import select_keyed
from app.exams.withholding import Outcome, withhold
from app.kernel import clock, db, keyed
from app.questions.key_text import write_key
from app.questions.kinds import CHOICES, QuestionKind


@dataclass(frozen=True, kw_only=True)
class ResultItem:
    """One question of a result: what was answered, what is right, and what it rests on.

    `place` is the 题号 that the person read; `further` are answers that count since a correction.
    """

    number: int
    place: int
    question_id: int
    kind: QuestionKind
    stem: str
    options: Sequence[dict[str, str]]
    face: Face
    marks: Decimal
    earned: Decimal
    chosen: str
    key: str
    basis: str
    analysis: str
    is_right: bool
    is_demonstration: bool
    # What markers wrote to an answer in words.
    remarks: Sequence[str] = ()
    further: str = ""
    is_void: bool = False

    @property
    def is_by_hand(self) -> bool:
        """Tell whether a person has marked it: its key is a model answer."""
        return self.kind in BY_HAND

    @property
    def is_corrected(self) -> bool:
        """Tell whether a decided correction says something of it."""
        return self.is_void or bool(self.further)


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of one sitting; `items` are those that its reader may see now."""

    sitting: Sitting
    exam: Exam
    run: int
    marks: Decimal
    is_passed: bool
    correct_count: int
    items: Sequence[ResultItem]
    # How many questions wait for the release of another exam, and how many wait to cover them.
    hidden_count: int = 0
    cover_count: int = 0

    @property
    def wrong_items(self) -> list[ResultItem]:
        """The questions that were not answered right."""
        return [item for item in self.items if not item.is_right]

    @property
    def right_items(self) -> list[ResultItem]:
        """The questions that were answered right."""
        return [item for item in self.items if item.is_right]


@dataclass(frozen=True, kw_only=True)
class Figures(PassCounts):
    """The figures of an exam; shares are written with their denominators."""

    mean: Decimal | None


def has_result(exam: Exam, sitting: Sitting) -> bool:
    """Tell whether a sitting has a result in the run that counts."""
    return db.session.get(SittingResult, (sitting.id, exam.graded_run)) is not None


def get_result(
    exam: Exam, sitting: Sitting, *, hidden: frozenset[int] = frozenset()
) -> Result | None:
    """Give the result of a sitting in the run that counts; the caller decides who may see it.

    `hidden` are the questions whose keys the reader must not see yet (`questions.hidden_from`):
    they are left out, and with them as many others as their right or wrong would be told by.
    """
    stored = db.session.get(SittingResult, (sitting.id, exam.graded_run))
    if stored is None:
        return None
    items = list_result_items(exam, sitting, stored.details)
    numbers = frozenset(item.number for item in items if item.question_id in hidden)
    drawn = sorted(items, key=lambda item: keyed.digest(f"{sitting.public_id}:{item.number}"))
    left_out = withhold([outcome(item) for item in drawn], numbers)
    return Result(
        sitting=sitting,
        exam=exam,
        run=exam.graded_run,
        marks=stored.marks,
        is_passed=stored.is_passed,
        correct_count=stored.correct_count,
        items=[item for item in items if item.number not in left_out],
        hidden_count=len(numbers),
        cover_count=len(left_out) - len(numbers),
    )


def outcome(item: ResultItem) -> Outcome:
    """Give what withholding needs of a question."""
    return Outcome(number=item.number, marks=item.marks, earned=item.earned)


def list_question_ids(exam_id: int) -> frozenset[int]:
    """Give the questions of the bank that a published paper puts, in any of its forms."""
    ids = select(PaperQuestion.question_id).where(PaperQuestion.exam_id == exam_id)
    return frozenset(db.session.scalars(ids))


def is_asked_elsewhere(exam_id: int, hidden: frozenset[int]) -> bool:
    """Tell whether a paper holds a question whose key the reader must not see yet."""
    return not hidden.isdisjoint(list_question_ids(exam_id))


def with_marks(statement: Select[Exam, Sitting]) -> Select[Exam, Sitting, SittingResult]:
    """Add the marks in the run that counts to exams with their sittings, for lines on a page."""
    return statement.outerjoin(SittingResult, is_counted()).add_columns(SittingResult)


def list_own_year(person_id: int) -> list[tuple[Exam, SittingResult]]:
    """Give somebody's released results of the last twelve 一月一考, the oldest first."""
    rows = db.session.execute(
        select(Exam, SittingResult)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .join(SittingResult, is_counted())
        .where(Sitting.person_id == person_id, Exam.released_at.is_not(None), is_monthly())
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
        .limit(MONTHS)
    )
    return [(exam, result) for exam, result in rows][::-1]


def is_counted(exam: Exam | None = None) -> ColumnElement[bool]:
    """Give the condition that a result is a sitting's in the run that counts.

    Without an exam that of the statement is meant.
    """
    run = Exam.graded_run if exam is None else exam.graded_run
    return and_(SittingResult.sitting_id == Sitting.id, SittingResult.run == run)


def list_result_items(exam: Exam, sitting: Sitting, details: dict[str, str]) -> list[ResultItem]:
    """Build the questions of a result as its person met them, with the answers that counted."""
    places = {each.question.number: each.place for each in sittings.list_placed(exam, sitting)}
    chosen = read_chosen([sitting.id]).get(sitting.id, {})
    amendments = read_amendments(exam.id)
    remarks = hand_answers.list_remarks(sitting.id)
    rows = db.session.execute(select_keyed(exam.id).where(PaperQuestion.number.in_(places)))
    items = [
        result_item(
            question,
            key,
            place=places[question.number],
            chosen=chosen.get(question.number, ()),
            earned=Decimal(details.get(str(question.number), "0")),
            amendment=amendments[question.number],
            remarks=remarks.get(question.number, ()),
        )
        for question, key in rows
    ]
    return sorted(items, key=lambda each: each.place)


def result_item(
    question: PaperQuestion,
    key: PaperKey,
    *,
    place: int,
    chosen: Sequence[str],
    earned: Decimal,
    amendment: Amendment,
    remarks: Sequence[str],
) -> ResultItem:
    """Build one question of a result."""
    return ResultItem(
        number=question.number,
        place=place,
        question_id=question.question_id,
        kind=question.kind,
        stem=question.stem,
        options=question.options,
        face=face_of(question),
        marks=question.marks,
        earned=earned,
        chosen=write_answer(question.kind, chosen),
        key=write_right(question.kind, key.key),
        basis=key.basis,
        analysis=key.analysis,
        is_right=earned == question.marks,
        is_demonstration=question.is_demonstration,
        remarks=remarks,
        further="、".join(write_right(question.kind, each) for each in amendment.further),
        is_void=amendment.is_void,
    )


def write_right(kind: QuestionKind, key: Sequence[Any]) -> str:
    """Write what is right as people read it, in the words in which answers are written."""
    if kind in CHOICES or kind is QuestionKind.TRUE_FALSE:
        return write_answer(kind, key)
    return write_key(kind, key)


def select_sittings(exam: Exam) -> Select[Sitting, Person, Department, SittingResult]:
    """Select everybody on the roll of an exam with his marks in the run that counts."""
    return (
        select(Sitting, Person, Department, SittingResult)
        .join(Person, Person.id == Sitting.person_id)
        .join(Department, Department.id == Sitting.department_id)
        .outerjoin(SittingResult, is_counted(exam))
        .where(Sitting.exam_id == exam.id)
    )


def get_sitting_of(exam_id: int, public_id: str) -> tuple[Sitting, Person] | None:
    """Give a sitting of an exam with its person; the caller has been allowed the exam."""
    found = db.session.execute(
        select(Sitting, Person)
        .join(Person, Person.id == Sitting.person_id)
        .where(Sitting.exam_id == exam_id, Sitting.public_id == public_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def read_sitter(sitting: Sitting) -> tuple[Person, str]:
    """Give who sat, and his department at that time."""
    person, department = db.session.execute(
        select(Person, Department.name)
        .join(Department, Department.id == sitting.department_id)
        .where(Person.id == sitting.person_id)
    ).one()
    return person, department


def read_figures(exam: Exam) -> Figures:
    """Count the roll, those who sat, and those who passed in the run that counts."""
    counts = attendance.count(None, Sitting.exam_id == exam.id)
    passed = db.session.scalar(
        select(func.count())
        .select_from(SittingResult)
        .join(Sitting, is_counted(exam))
        .where(Sitting.exam_id == exam.id, SittingResult.is_passed.is_(True))
    )
    return Figures(**vars(counts), passed=passed or 0, mean=mean_marks(exam))


def mean_marks(exam: Exam) -> Decimal | None:
    """Give the mean of all marks of the run that counts, to two places; None without any."""
    marks = db.session.scalars(
        select(SittingResult.marks)
        .join(Sitting, is_counted(exam))
        .where(Sitting.exam_id == exam.id)
    ).all()
    if not marks:
        return None
    return (sum(marks, Decimal(0)) / len(marks)).quantize(Decimal("0.01"))


def list_late(exam_id: int) -> list[tuple[LateAnswer, Person, LateAdmission | None]]:
    """Give the late answers of an exam with their persons and, where made, their admissions."""
    rows = db.session.execute(
        select(LateAnswer, Person, LateAdmission)
        .join(Sitting, Sitting.id == LateAnswer.sitting_id)
        .join(Person, Person.id == Sitting.person_id)
        .outerjoin(LateAdmission, LateAdmission.late_answer_id == LateAnswer.id)
        .where(Sitting.exam_id == exam_id)
        .order_by(LateAnswer.id)
    )
    return [(late, person, admission) for late, person, admission in rows]


def has_ended(now: datetime) -> ColumnElement[bool]:
    """Give in SQL what `Sitting.is_over` says of one: handed in, or its time has run out."""
    ran_out = and_(Sitting.deadline_at < now - GRACE, Sitting.stopped_at.is_(None))
    return or_(Sitting.handed_in_at.is_not(None), ran_out)


def count_progress(exam_id: int) -> tuple[int, int, int]:
    """Count the roll, those who have begun, and those who have handed in."""
    due, begun, ended = db.session.execute(
        select(
            func.count(Sitting.id),
            func.count(Sitting.started_at),
            func.count().filter(has_ended(clock.now())),
        ).where(Sitting.exam_id == exam_id)
    ).one()
    return due, begun, ended
