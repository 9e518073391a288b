"""One exam through its path: its settings, who worked on it, who sits it, and what was done live.

清廉8 “一月一考”: drafted by a 经办人, reviewed by the section's chief, approved by a leader where
the hall wants it, published, sat, marked, released. Whether it is open is derived from times.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, synonym

from app.exams.kinds import MakeupRule, PartRule
from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Marks, UtcDateTime, enum_column
from app.workflow.records import Flowing

# A save that was on its way when the time ran out still counts.
GRACE = timedelta(seconds=60)


class ExamState(StrEnum):
    """Where an exam stands. Open and closed are derived from times."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"
    GRADED = "graded"
    RELEASED = "released"
    CANCELLED = "cancelled"


# From publication on: the paper is frozen and has its roll.
FROZEN_STATES = (ExamState.PUBLISHED, ExamState.GRADED, ExamState.RELEASED)


class ExamPhase(StrEnum):
    """What an exam's state and times amount to at a moment; derived, never stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    GRADED = "graded"
    RELEASED = "released"
    CANCELLED = "cancelled"


EXAM_PHASE_LABELS = {
    ExamPhase.DRAFT: "起草中",
    ExamPhase.SUBMITTED: "待审核",
    ExamPhase.REVIEWED: "待审定",
    ExamPhase.APPROVED: "待发布",
    ExamPhase.SCHEDULED: "待开放",
    ExamPhase.OPEN: "开放中",
    ExamPhase.CLOSED: "已结束，待评卷",
    ExamPhase.GRADED: "已评卷，待公布",
    ExamPhase.RELEASED: "已公布",
    ExamPhase.CANCELLED: "已作废",
}


class Exam(Flowing, Base):
    """One exam. Who drafted, changed or submitted it neither reviews nor approves it."""

    __tablename__ = "exam"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes_within"),
        CheckConstraint("pass_marks >= 0", name="pass_marks_positive"),
        CheckConstraint("form_count BETWEEN 1 AND 400", name="form_count_within"),
        CheckConstraint("reuse_months BETWEEN 1 AND 36", name="reuse_months_within"),
        CheckConstraint("most_exposure BETWEEN 1 AND 100", name="most_exposure_within"),
        CheckConstraint(
            "(part_rule = 'per_option') = (option_marks IS NOT NULL)", name="option_marks_of_rule"
        ),
        CheckConstraint("option_marks > 0", name="option_marks_positive"),
        CheckConstraint(
            "(makeup_of_id IS NULL) = (makeup_rule IS NULL)", name="makeup_says_what_counts"
        ),
        CheckConstraint("reviewed_by_id <> drafted_by_id", name="drafter_does_not_review"),
        CheckConstraint("reviewed_by_id <> submitted_by_id", name="submitter_does_not_review"),
        CheckConstraint("approved_by_id <> drafted_by_id", name="drafter_does_not_approve"),
        CheckConstraint("approved_by_id <> submitted_by_id", name="submitter_does_not_approve"),
        CheckConstraint("approved_by_id <> reviewed_by_id", name="reviewer_does_not_approve"),
        CheckConstraint(
            "state NOT IN ('published', 'graded', 'released') OR published_at IS NOT NULL",
            name="published_at_some_time",
        ),
        CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"
        ),
        CheckConstraint(
            "state NOT IN ('graded', 'released') OR graded_run > 0", name="graded_by_a_run"
        ),
        CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)", name="released_at_some_time"
        ),
        CheckConstraint("started_at IS NULL OR starts_by_button", name="started_by_button"),
        CheckConstraint("control_count >= 0", name="control_count_positive"),
        CheckConstraint("release_version >= 0", name="release_version_positive"),
        Index(None, "makeup_of_id"),
        {"info": INTERNAL},
    )

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
    # Whether a leader approves it (审定) after the section's chief has reviewed it.
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How the paper is drawn: from this seed, so many forms, no question used for so many months,
    # none in more than so many of a hundred forms; questions and options in another order each.
    seed: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    form_count: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    is_shuffled: Mapped[bool] = mapped_column(default=False, server_default=false())
    reuse_months: Mapped[int | None]
    most_exposure: Mapped[int | None]
    part_rule: Mapped[PartRule] = mapped_column(
        enum_column(PartRule, "part_rule_valid"),
        default=PartRule.ALL_OR_NOTHING,
        server_default="all_or_nothing",
    )
    option_marks: Mapped[Decimal | None] = mapped_column(Marks)
    is_double_marked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Opened by the organiser's button, no sooner than `opens_at`; then since `started_at`.
    starts_by_button: Mapped[bool] = mapped_column(default=False, server_default=false())
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Nobody may begin or answer since then: the organiser has stopped the whole exam.
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How many acts of organisers there were: a page that knows fewer asks for the newer ones.
    control_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    makeup_of_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"))
    makeup_rule: Mapped[MakeupRule | None] = mapped_column(
        enum_column(MakeupRule, "makeup_rule_valid")
    )
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    # What was sent for review; whoever decides later decides on the same (readiness.fingerprint).
    paper_print: Mapped[str] = mapped_column(String(16), default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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
    # The version of the 成绩通报: 1 at the release, one more with each correction that counts.
    release_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # How its pages name it in their addresses.
    exam_id = synonym("id")

    def phase(self, now: datetime) -> ExamPhase:
        """Tell what the exam is at a moment."""
        if self.state is not ExamState.PUBLISHED:
            return ExamPhase(self.state.value)
        if now < self.opens_at or (self.starts_by_button and self.started_at is None):
            return ExamPhase.SCHEDULED if now < self.closes_at else ExamPhase.CLOSED
        return ExamPhase.OPEN if now < self.closes_at else ExamPhase.CLOSED

    @property
    def nobody_id(self) -> None:
        """Name nobody: what is his to do only the site itself does."""
        return

    @property
    def is_frozen(self) -> bool:
        """Tell whether the paper is published, and so can't change."""
        return self.state in FROZEN_STATES


class ExamAuthor(Base):
    """Somebody who drafted, changed, filled or submitted a paper, and so decides nothing on it."""

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


class ExamBatch(Base):
    """A span in which one half of each department may begin: A角 and B角 never leave together."""

    __tablename__ = "exam_batch"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("code IN ('A', 'B')", name="code_known"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(1))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ControlKind(StrEnum):
    """What an organiser does to an exam that runs."""

    START = "start"
    MESSAGE = "message"
    EXTRA_TIME = "extra_time"
    PAUSE = "pause"
    RESUME = "resume"
    COLLECT = "collect"


class ExamControl(Base):
    """One act of an organiser in an exam that runs: for one sitting, or for all of them."""

    __tablename__ = "exam_control"
    __table_args__ = (
        CheckConstraint("(kind = 'extra_time') = (minutes IS NOT NULL)", name="minutes_of_kind"),
        CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes_within"),
        CheckConstraint("kind <> 'message' OR text <> ''", name="message_has_text"),
        Index(None, "exam_id"),
        Index(None, "sitting_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    kind: Mapped[ControlKind] = mapped_column(enum_column(ControlKind, "kind_valid"))
    minutes: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
