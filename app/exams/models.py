"""一月一考: papers, sittings, answers, marks (清廉8 “一月一考”, 效能11 “一月一考”).

Publishing freezes a paper and creates one sitting per person; from then on the database itself
refuses to change questions, keys, and whatever has been handed in. The key lies in a table of its
own, which nothing on the sitting side reads. 缓考, 免考 and 补考 come with the depth of the module.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change, refuse_if_exists
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, Marks, UtcDateTime, enum_column
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory


class ExamState(StrEnum):
    """Where a paper stands. Open, closed, graded and released are derived from times."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"


class ExamPhase(StrEnum):
    """What a paper's state and times amount to at a moment; derived, never stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    GRADED = "graded"
    RELEASED = "released"


EXAM_PHASE_LABELS = {
    ExamPhase.DRAFT: "起草中",
    ExamPhase.SUBMITTED: "待审核",
    ExamPhase.SCHEDULED: "待开放",
    ExamPhase.OPEN: "开放中",
    ExamPhase.CLOSED: "已结束，待评卷",
    ExamPhase.GRADED: "已评卷，待公布",
    ExamPhase.RELEASED: "已公布",
}

# A save that was on its way when the time ran out still counts.
GRACE = timedelta(seconds=60)


class HandedInBy(StrEnum):
    """Who ended a sitting: the person, or the clock."""

    PERSON = "person"
    SYSTEM = "system"


class Exam(Base):
    """One exam. Who drafted, changed or submitted it may not publish it."""

    __tablename__ = "exam"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes_within"),
        CheckConstraint("pass_marks >= 0", name="pass_marks_positive"),
        CheckConstraint("published_by_id <> drafted_by_id", name="drafter_is_not_publisher"),
        CheckConstraint("published_by_id <> submitted_by_id", name="submitter_is_not_publisher"),
        CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL) "
            "AND (published_at IS NULL) = (published_by_id IS NULL)",
            name="published_by_somebody",
        ),
        CheckConstraint("released_at IS NULL OR graded_run > 0", name="released_after_grading"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    notice: Mapped[str] = mapped_column(Text)
    state: Mapped[ExamState] = mapped_column(enum_column(ExamState, "state_valid"))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    minutes: Mapped[int]
    pass_marks: Mapped[Decimal] = mapped_column(Marks)
    # Grade and release by itself once everybody on the roll has handed in.
    releases_when_complete: Mapped[bool]
    # Sat by named persons (ExamPerson) whom another room names, such as those who were at a class;
    # published before they are known, and nobody else ever gets a sitting.
    is_for_named: Mapped[bool] = mapped_column(default=False, server_default=false())
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    sent_back_reason: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paper_hash: Mapped[str] = mapped_column(String(64), default="")
    full_marks: Mapped[Decimal] = mapped_column(Marks, default=Decimal(0))
    question_count: Mapped[int] = mapped_column(default=0)
    # The number of the last complete grading; results are those of this run.
    graded_run: Mapped[int] = mapped_column(default=0)
    graded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    version: Mapped[int] = mapped_column(default=1)

    def phase(self, now: datetime) -> ExamPhase:
        """Tell what the paper is at a moment."""
        if self.state is not ExamState.PUBLISHED:
            return ExamPhase(self.state.value)
        if self.released_at is not None:
            return ExamPhase.RELEASED
        if self.graded_run > 0:
            return ExamPhase.GRADED
        if now < self.opens_at:
            return ExamPhase.SCHEDULED
        return ExamPhase.OPEN if now < self.closes_at else ExamPhase.CLOSED


class ExamAuthor(Base):
    """Somebody who drafted, changed, filled or submitted a paper, and so may not publish it."""

    __tablename__ = "exam_author"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, info=PERSONAL)


class ExamDepartment(Base):
    """A department whose staff sit the exam."""

    __tablename__ = "exam_department"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class ExamPerson(Base):
    """Somebody who was named for an exam that is sat by named persons."""

    __tablename__ = "exam_person"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, index=True, info=PERSONAL
    )


class ExamItem(Base):
    """A question chosen for a draft, at its place; follows the bank until publication."""

    __tablename__ = "exam_item"
    __table_args__ = (
        UniqueConstraint("exam_id", "number"),
        CheckConstraint("marks > 0", name="marks_positive"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    number: Mapped[int]
    marks: Mapped[Decimal] = mapped_column(Marks)


class PaperQuestion(Base):
    """A question of a published paper as it is put to people: frozen, without its key."""

    __tablename__ = "paper_question"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, "kind_valid"))
    category: Mapped[QuestionCategory] = mapped_column(
        enum_column(QuestionCategory, "category_valid")
    )
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, str]]] = mapped_column(Json)
    marks: Mapped[Decimal] = mapped_column(Marks)
    is_demonstration: Mapped[bool]
    content_hash: Mapped[str] = mapped_column(String(64))


class PaperKey(Base):
    """The key of a frozen question; read by grading, and by results after release."""

    __tablename__ = "paper_key"
    __table_args__ = (
        ForeignKeyConstraint(
            ["exam_id", "number"], ["paper_question.exam_id", "paper_question.number"]
        ),
        {"info": SENSITIVE},
    )

    exam_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[list[str]] = mapped_column(Json)
    basis: Mapped[str] = mapped_column(Text)
    analysis: Mapped[str] = mapped_column(Text)


class Sitting(Base):
    """One person's sitting of one exam. Created at publication, sealed by handing in."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("exam_id", "person_id"),
        CheckConstraint("(started_at IS NULL) = (deadline_at IS NULL)", name="start_has_deadline"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint(
            "(handed_in_at IS NULL) = (handed_in_by IS NULL)", name="hand_in_by_somebody"
        ),
        CheckConstraint("handed_in_at IS NULL OR started_at IS NOT NULL", name="started_before"),
        Index(None, "person_id"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, info=INTERNAL)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The department at publication: figures by department don't move with a later transfer.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    # What a person can note down as proof of handing in; the same at every repeat.
    receipt: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_by: Mapped[HandedInBy | None] = mapped_column(
        enum_column(HandedInBy, "handed_in_by_valid")
    )

    def is_over(self, now: datetime) -> bool:
        """Tell whether answers are no longer taken: handed in, or the grace has passed."""
        if self.handed_in_at is not None:
            return True
        return self.deadline_at is not None and now > self.deadline_at + GRACE


class Answer(Base):
    """What a person answered last to one question. `revision` orders the saves of his pages."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        {"info": PERSONAL, "sqlite_with_rowid": False},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    chosen: Mapped[list[str]] = mapped_column(Json)
    is_flagged: Mapped[bool]
    revision: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LateAnswer(Base):
    """An answer that came after the grace: kept beside the sitting, counted only if admitted."""

    __tablename__ = "late_answer"
    __table_args__ = (UniqueConstraint("sitting_id", "number", "revision"), {"info": PERSONAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int]
    chosen: Mapped[list[str]] = mapped_column(Json)
    revision: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LateAdmission(Base):
    """The decision to count a late answer, with its reason; made before release."""

    __tablename__ = "late_admission"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    late_answer_id: Mapped[int] = mapped_column(ForeignKey("late_answer.id"), primary_key=True)
    admitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    reason: Mapped[str] = mapped_column(Text)
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SittingResult(Base):
    """The marks of one sitting in one grading run; `details` holds marks per question number."""

    __tablename__ = "sitting_result"
    __table_args__ = (
        CheckConstraint("marks >= 0", name="marks_not_negative"),
        {"info": PERSONAL},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    run: Mapped[int] = mapped_column(primary_key=True)
    marks: Mapped[Decimal] = mapped_column(Marks)
    is_passed: Mapped[bool]
    correct_count: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(Json)


class ResultSheet(Base):
    """个人成绩单: the PDF made from one result, with the check code that stands on it."""

    __tablename__ = "result_sheet"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sitting_id", "run"], ["sitting_result.sitting_id", "sitting_result.run"]
        ),
        {"info": PERSONAL},
    )

    sitting_id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    check_code: Mapped[str] = mapped_column(String(24))
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


_PUBLISHED = "SELECT 1 FROM exam WHERE id = {row}.exam_id AND state = 'published'"
_HANDED_IN = "SELECT 1 FROM sitting WHERE id = {row}.sitting_id AND handed_in_at IS NOT NULL"
_FROZEN = "the paper is published and frozen"
_SEALED = "the sitting is handed in"

TRIGGERS = [
    *(
        refuse_if_exists(
            f"{table}_frozen_{event.lower()}",
            table,
            event,
            _FROZEN,
            _PUBLISHED.format(row="OLD" if event == "DELETE" else "NEW"),
        )
        for table in ("paper_question", "paper_key", "exam_item", "exam_department")
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    *(
        refuse_if_exists(
            f"answer_sealed_{event.lower()}",
            "answer",
            event,
            _SEALED,
            _HANDED_IN.format(row="OLD" if event == "DELETE" else "NEW"),
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    *refuse_change(
        "sitting_sealed",
        "sitting",
        "UPDATE; DELETE",
        _SEALED,
        when="OLD.handed_in_at IS NOT NULL",
    ),
    *refuse_change(
        "sitting_result_kept",
        "sitting_result",
        "UPDATE; DELETE",
        "a result is never changed, only graded anew",
    ),
    *refuse_change("late_answer_kept", "late_answer", "UPDATE; DELETE", "a late answer is kept"),
    *refuse_change(
        "exam_author_kept",
        "exam_author",
        "UPDATE; DELETE",
        "who has worked on a paper stays on record",
    ),
    refuse_if_exists(
        "exam_author_frozen_insert",
        "exam_author",
        "INSERT",
        _FROZEN,
        _PUBLISHED.format(row="NEW"),
    ),
    refuse_if_exists(
        "exam_author_is_not_publisher",
        "exam",
        "UPDATE OF published_by_id",
        "who has worked on a paper may not publish it",
        "SELECT 1 FROM exam_author WHERE exam_id = NEW.id AND person_id = NEW.published_by_id",
    ),
]
