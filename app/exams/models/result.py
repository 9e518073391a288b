"""Marks: of a grading run, of a person's hand, and what became of a doubt about a question.

A result is never changed, only graded anew. 题目纠错: after release anybody who sat says
对本题有疑问; a 经办人 checks, a second person decides; the run that follows is another one and says
whose marks changed.
"""

from datetime import datetime
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.exams.advice import ItemFlag
from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, Marks, UtcDateTime, enum_column
from app.workflow.records import Flowing


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


class ItemAnalysis(Base):
    """题目分析 of one question in the run that counts: derived from results, written over by a run.

    `facility` and `discrimination_index` are times 100, `upper_lower_d` is a plain fraction; all
    rounded, for lists. `figures` and `options` have them exact, as app/exams/statistics gives them.
    """

    __tablename__ = "item_analysis"
    __table_args__ = (
        ForeignKeyConstraint(
            ["exam_id", "number"], ["paper_question.exam_id", "paper_question.number"]
        ),
        CheckConstraint("run > 0", name="run_positive"),
        CheckConstraint("n > 0", name="n_positive"),
        CheckConstraint("wrong BETWEEN 0 AND n", name="wrong_within"),
        Index(None, "question_id"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    n: Mapped[int]
    # Of these, who did not get its full marks.
    wrong: Mapped[int]
    facility: Mapped[Decimal | None] = mapped_column(Marks)
    discrimination_index: Mapped[Decimal | None] = mapped_column(Marks)
    upper_lower_d: Mapped[Decimal | None] = mapped_column(Marks)
    flag: Mapped[ItemFlag] = mapped_column(enum_column(ItemFlag, "flag_valid"))
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    options: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class AnswerMark(Base):
    """What a person gave for a short or long answer; round 2 is a second marker, 3 who settles."""

    __tablename__ = "answer_mark"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number", "marker_id"),
        CheckConstraint("round BETWEEN 1 AND 3", name="round_within"),
        CheckConstraint("marks >= 0", name="marks_not_negative"),
        CheckConstraint("version > 0", name="version_positive"),
        {"info": PERSONAL},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marks: Mapped[Decimal] = mapped_column(Marks)
    remark: Mapped[str] = mapped_column(String(200), default="")
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class QuestionDoubt(Base):
    """对本题有疑问: what somebody who sat a paper says against one of its questions."""

    __tablename__ = "question_doubt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["exam_id", "number"], ["paper_question.exam_id", "paper_question.number"]
        ),
        UniqueConstraint("sitting_id", "number"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index(None, "exam_id", "number"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int]
    number: Mapped[int]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    reason: Mapped[str] = mapped_column(String(500))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectionState(StrEnum):
    """How far the correction of a question is."""

    RAISED = "raised"
    CHECKED = "checked"
    KEPT = "kept"
    APPLIED = "applied"
    REVOKED = "revoked"


class CorrectionKind(StrEnum):
    """What is proposed: the key stands, another answer counts too, or the question is void."""

    UNCHANGED = "unchanged"
    FURTHER = "further"
    VOID = "void"


CORRECTION_KIND_LABELS = {
    CorrectionKind.UNCHANGED: "维持原答案",
    CorrectionKind.FURTHER: "增加一个正确答案",
    CorrectionKind.VOID: "本题作废，都得满分",
}


class QuestionCorrection(Flowing, Base):
    """题目纠错 of one frozen question: raised by a doubt, checked by one, decided by another."""

    __tablename__ = "question_correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["exam_id", "number"], ["paper_question.exam_id", "paper_question.number"]
        ),
        CheckConstraint("decided_by_id <> checked_by_id", name="checker_does_not_decide"),
        CheckConstraint("revoked_by_id <> checked_by_id", name="checker_does_not_revoke"),
        CheckConstraint(
            "state NOT IN ('checked', 'kept', 'applied', 'revoked') OR checked_at IS NOT NULL",
            name="checked_by_somebody",
        ),
        CheckConstraint(
            "state NOT IN ('kept', 'applied', 'revoked') OR decided_at IS NOT NULL",
            name="decided_by_somebody",
        ),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_once"),
        CheckConstraint(
            "state = 'raised' OR (kind IS NOT NULL AND opinion <> '')", name="checked_says_what"
        ),
        # One that is not decided yet for each question.
        Index(
            "ix_question_correction_open",
            "exam_id",
            "number",
            unique=True,
            sqlite_where=text("state IN ('raised', 'checked')"),
            postgresql_where=text("state IN ('raised', 'checked')"),
        ),
        Index(None, "exam_id", "number"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[CorrectionState] = mapped_column(enum_column(CorrectionState, "state_valid"))
    kind: Mapped[CorrectionKind | None] = mapped_column(enum_column(CorrectionKind, "kind_valid"))
    # The further answer that counts, as the key of the question is written.
    further_key: Mapped[list[Any]] = mapped_column(Json, default=list)
    opinion: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
