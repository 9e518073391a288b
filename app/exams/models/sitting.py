"""Sittings: one person, one exam, one paper; what was answered, and when the clock stood still.

"Papers are frozen and sittings created when an exam is published." 缓考, 免考, 缺考 and 补考 are
four things: the first two are decided on (ExamExcuse), the third is whoever neither came nor was
excused, the fourth is another exam. 办件优先: a call to the window costs no time (CallBack).
"""

from datetime import datetime, timedelta
from enum import StrEnum

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

from app.exams.models.exam import GRACE
from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime, enum_column
from app.workflow.records import Flowing


class HandedInBy(StrEnum):
    """Who ended a sitting: the person, the clock, or the organiser who collected it (收卷)."""

    PERSON = "person"
    SYSTEM = "system"
    ORGANISER = "organiser"


HANDED_IN_BY_LABELS = {
    HandedInBy.PERSON: "本人交卷",
    HandedInBy.SYSTEM: "到时自动交卷",
    HandedInBy.ORGANISER: "监考收卷",
}


class SittingStanding(StrEnum):
    """Whether somebody on the roll has to come: 应考, 缓考, 免考."""

    DUE = "due"
    DEFERRED = "deferred"
    EXEMPT = "exempt"


STANDING_LABELS = {
    SittingStanding.DUE: "应考",
    SittingStanding.DEFERRED: "缓考",
    SittingStanding.EXEMPT: "免考",
}


class Sitting(Base):
    """One person's sitting of one exam. Created at publication, sealed by handing in."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("exam_id", "person_id"),
        ForeignKeyConstraint(["exam_id", "form_code"], ["paper_form.exam_id", "paper_form.code"]),
        CheckConstraint("(started_at IS NULL) = (deadline_at IS NULL)", name="start_has_deadline"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint(
            "(handed_in_at IS NULL) = (handed_in_by IS NULL)", name="hand_in_by_somebody"
        ),
        CheckConstraint("handed_in_at IS NULL OR started_at IS NOT NULL", name="started_before"),
        CheckConstraint(
            "stopped_at IS NULL OR (started_at IS NOT NULL AND handed_in_at IS NULL)",
            name="stopped_while_sitting",
        ),
        CheckConstraint("standing = 'due' OR started_at IS NULL", name="excused_did_not_begin"),
        CheckConstraint("batch IN ('A', 'B')", name="batch_known"),
        Index(None, "person_id"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, info=INTERNAL)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The department at publication: figures by department don't move with a later transfer.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    batch: Mapped[str | None] = mapped_column(String(1))
    standing: Mapped[SittingStanding] = mapped_column(
        enum_column(SittingStanding, "standing_valid"),
        default=SittingStanding.DUE,
        server_default="due",
    )
    # What a person can note down as proof of handing in; the same at every repeat.
    receipt: Mapped[str] = mapped_column(String(16))
    # The hash of a random mark in the one browser that may answer now: no trait of a machine.
    device: Mapped[str] = mapped_column(String(64), default="")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The personal clock stands still since then: called back to the window, or paused.
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_by: Mapped[HandedInBy | None] = mapped_column(
        enum_column(HandedInBy, "handed_in_by_valid")
    )

    def is_over(self, now: datetime) -> bool:
        """Tell whether answers are no longer taken: handed in, or the grace has passed."""
        if self.handed_in_at is not None:
            return True
        if self.stopped_at is not None:
            return False
        return self.deadline_at is not None and now > self.deadline_at + GRACE

    def time_left(self, now: datetime) -> timedelta:
        """Give the time until the deadline; while the clock stands still it stays the same."""
        if self.deadline_at is None or self.handed_in_at is not None:
            return timedelta(0)
        return max(timedelta(0), self.deadline_at - (self.stopped_at or now))


class Answer(Base):
    """What a person answered last to one question. `revision` orders the saves of his pages.

    Labels of options, sorted; for blanks one text each; for the others the one text.
    """

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


class AnswerChange(Base):
    """One save that counted: what was chosen then; the database itself adds it (`triggers`).

    "The paper as seen, every change with time": so a sitting can be told in full.
    """

    __tablename__ = "answer_change"
    __table_args__ = {"info": PERSONAL, "sqlite_with_rowid": False}  # noqa: RUF012

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    chosen: Mapped[list[str]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LateCause(StrEnum):
    """Why an answer was kept aside: it came after the grace, or from a device taken over."""

    LATE = "late"
    TAKEN_OVER = "taken_over"


LATE_CAUSE_LABELS = {
    LateCause.LATE: "超过交卷时间",
    LateCause.TAKEN_OVER: "已换到另一台设备作答",
}


class LateAnswer(Base):
    """An answer that was kept beside the sitting; it counts only if an organiser admits it."""

    __tablename__ = "late_answer"
    __table_args__ = (UniqueConstraint("sitting_id", "number", "revision"), {"info": PERSONAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int]
    chosen: Mapped[list[str]] = mapped_column(Json)
    revision: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cause: Mapped[LateCause] = mapped_column(
        enum_column(LateCause, "cause_valid"), default=LateCause.LATE, server_default="late"
    )


class LateAdmission(Base):
    """The decision to count a late answer, with its reason; made before release."""

    __tablename__ = "late_admission"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    late_answer_id: Mapped[int] = mapped_column(ForeignKey("late_answer.id"), primary_key=True)
    admitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    reason: Mapped[str] = mapped_column(Text)
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SittingPresence(Base):
    """When a sitting's page was last heard of, and how many answers wait in it; for the board."""

    __tablename__ = "sitting_presence"
    __table_args__ = (
        CheckConstraint("unsaved >= 0", name="unsaved_positive"),
        {"info": INTERNAL},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unsaved: Mapped[int] = mapped_column(default=0)


class CallBackState(StrEnum):
    """How far a call back to the window is."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    RESUMED = "resumed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CallBack(Flowing, Base):
    """叫回窗口, once a sitting: if the lead confirms, the clock stood still since `called_at`."""

    __tablename__ = "call_back"
    __table_args__ = (
        UniqueConstraint("sitting_id"),
        CheckConstraint("confirmed_by_id <> drafted_by_id", name="person_does_not_confirm"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'resumed') OR confirmed_at IS NOT NULL",
            name="confirmed_by_somebody",
        ),
        CheckConstraint("left_seconds >= 0", name="left_seconds_positive"),
        {"info": INTERNAL},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    state: Mapped[CallBackState] = mapped_column(enum_column(CallBackState, "state_valid"))
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_seconds: Mapped[int]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExcuseKind(StrEnum):
    """What somebody is excused from: this date (缓考), or this exam (免考)."""

    DEFERRAL = "deferral"
    EXEMPTION = "exemption"


class ExcuseCause(StrEnum):
    """Why somebody is excused; the last two are found by the site itself."""

    MATERNITY = "maternity"
    SICK = "sick"
    ERRAND = "errand"
    DUTY = "duty"
    OTHER = "other"
    NEWCOMER = "newcomer"
    KEY_SEEN = "key_seen"


class ExcuseState(StrEnum):
    """How far an application is."""

    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


EXCUSE_KIND_LABELS = {ExcuseKind.DEFERRAL: "缓考", ExcuseKind.EXEMPTION: "免考"}
EXCUSE_CAUSE_LABELS = {
    ExcuseCause.MATERNITY: "产假",
    ExcuseCause.SICK: "病假",
    ExcuseCause.ERRAND: "公差",
    ExcuseCause.DUTY: "值守",
    ExcuseCause.OTHER: "其他",
    ExcuseCause.NEWCOMER: "入职不满一个月",
    ExcuseCause.KEY_SEEN: "命题",
}


class ExamExcuse(Flowing, Base):
    """缓考 or 免考 of one sitting: applied for by the lead, decided by the section's chief."""

    __tablename__ = "exam_excuse"
    __table_args__ = (
        CheckConstraint("approved_by_id <> drafted_by_id", name="applicant_does_not_approve"),
        CheckConstraint(
            "state <> 'approved' OR is_automatic OR approved_at IS NOT NULL",
            name="approved_by_somebody",
        ),
        CheckConstraint(
            "is_automatic = (cause IN ('newcomer', 'key_seen'))", name="automatic_of_cause"
        ),
        CheckConstraint("cause <> 'other' OR note <> ''", name="other_says_why"),
        # One that waits or counts for each sitting.
        Index(
            "ix_exam_excuse_in_force",
            "sitting_id",
            unique=True,
            sqlite_where=text("state IN ('applied', 'approved')"),
            postgresql_where=text("state IN ('applied', 'approved')"),
        ),
        Index(None, "sitting_id"),
        {"info": PERSONAL},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    state: Mapped[ExcuseState] = mapped_column(enum_column(ExcuseState, "state_valid"))
    kind: Mapped[ExcuseKind] = mapped_column(enum_column(ExcuseKind, "kind_valid"))
    cause: Mapped[ExcuseCause] = mapped_column(enum_column(ExcuseCause, "cause_valid"))
    note: Mapped[str] = mapped_column(String(200), default="")
    is_automatic: Mapped[bool] = mapped_column(default=False)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
