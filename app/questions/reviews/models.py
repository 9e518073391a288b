"""题目送审单: the questions that a second person reviews together, and what became of each.

"review by a second person as a workflow": the sheet is the record that waits, so that three hundred
imported questions are a few sheets in an inbox and not three hundred steps. A line names the very
version; who wrote it can't be the one who passes it.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, UtcDateTime, enum_column
from app.workflow.records import Flowing


class ReviewState(StrEnum):
    """How far a sheet is."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ReviewLineState(StrEnum):
    """What became of one question on a sheet."""

    PENDING = "pending"
    PASSED = "passed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


REVIEW_LINE_LABELS = {
    ReviewLineState.PENDING: "待审核",
    ReviewLineState.PASSED: "已通过",
    ReviewLineState.RETURNED: "已退回",
    ReviewLineState.WITHDRAWN: "已撤回",
}


class QuestionReview(Flowing, Base):
    """One sheet of questions that are reviewed together."""

    __tablename__ = "question_review"
    __table_args__ = (
        CheckConstraint("approved_by_id <> drafted_by_id", name="drafter_does_not_approve"),
        CheckConstraint(
            "state <> 'approved' OR approved_by_id IS NOT NULL", name="approved_by_somebody"
        ),
        {"info": INTERNAL},
    )

    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[ReviewState] = mapped_column(enum_column(ReviewState, "state_valid"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuestionReviewLine(Base):
    """One question on a sheet, in the version that is looked at."""

    __tablename__ = "question_review_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_id", "wording"], ["question_version.question_id", "question_version.number"]
        ),
        CheckConstraint("place > 0", name="place_positive"),
        CheckConstraint(
            "state <> 'passed' OR decided_by_id IS NOT NULL", name="passed_by_somebody"
        ),
        CheckConstraint(
            "state <> 'passed' OR decided_by_id <> author_id", name="author_does_not_pass"
        ),
        CheckConstraint("state <> 'returned' OR note <> ''", name="returned_says_why"),
        # A question waits on one sheet at most.
        Index(
            "ix_question_review_line_pending",
            "question_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "question_id"),
        {"info": INTERNAL},
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("question_review.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int]
    wording: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ReviewLineState] = mapped_column(enum_column(ReviewLineState, "state_valid"))
    note: Mapped[str] = mapped_column(String(200), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
