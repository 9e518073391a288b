"""三大课堂 and 窗口学习会: classes, who is booked, what was handed out, monthly figures.

效能11: 业务课堂, 党建课堂, 实践课堂, judged by "参训人员满意度、训后测试反馈、个人绩效跟踪三方面";
清廉8: 窗口学习会. Satisfaction is asked by `surveys`, the test is sat in `exams`: neither is here.
A class of 党建课堂 is no record of 组织生活, and nothing here adds up hours or counts sign-ins of a
person. 请假 (before) and 缺席 (after) are two things and never one number.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, Marks, UtcDateTime, enum_column
from app.workflow.records import Flowing


class ClassKind(StrEnum):
    """The three kinds of classes, and the meeting at which a window learns."""

    BUSINESS = "business"
    PARTY = "party"
    PRACTICE = "practice"
    STUDY = "study"


CLASS_KIND_LABELS = {
    ClassKind.BUSINESS: "业务课堂",
    ClassKind.PARTY: "党建课堂",
    ClassKind.PRACTICE: "实践课堂",
    ClassKind.STUDY: "窗口学习会",
}


class ClassState(StrEnum):
    """How far a class is. A class of 党建课堂 is drafted and decided apart: by the branch."""

    DRAFT = "draft"
    PARTY_DRAFT = "party_draft"
    REVIEW = "review"
    PARTY_REVIEW = "party_review"
    SCHEDULED = "scheduled"
    BOOKING = "booking"
    HELD = "held"
    EVALUATED = "evaluated"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


DRAFT_STATES = (ClassState.DRAFT, ClassState.PARTY_DRAFT)
REVIEW_STATES = (ClassState.REVIEW, ClassState.PARTY_REVIEW)
HELD_STATES = (ClassState.HELD, ClassState.EVALUATED, ClassState.ARCHIVED)
# Nobody is kept from his window by a class that isn't held.
VOID_STATES = (ClassState.CANCELLED, ClassState.DROPPED)


class SeatState(StrEnum):
    """What a person's place in a class is. 缺席 is none: it is a place without a sign-in, after."""

    BOOKED = "booked"
    WAITING = "waiting"
    LEAVE = "leave"
    WITHDRAWN = "withdrawn"


SEAT_STATE_LABELS = {
    SeatState.BOOKED: "已报",
    SeatState.WAITING: "候补",
    SeatState.LEAVE: "请假",
    SeatState.WITHDRAWN: "取消候补",
}


class SignInWay(StrEnum):
    """How somebody signed in."""

    CODE = "code"
    TICK = "tick"
    PAPER = "paper"


SIGN_IN_WAY_LABELS = {
    SignInWay.CODE: "签到码",
    SignInWay.TICK: "主办人点名",
    SignInWay.PAPER: "纸质签到表",
}


class FigureImportState(StrEnum):
    """How far an uploaded file of monthly figures is."""

    PREVIEWED = "previewed"
    APPLIED = "applied"
    ERASED = "erased"


FIGURE_IMPORT_STATE_LABELS = {
    FigureImportState.PREVIEWED: "待核对",
    FigureImportState.APPLIED: "已导入",
    FigureImportState.ERASED: "已清除",
}


class PlanItem(Base):
    """One line of the year's plan: which kind of class in which month, about what."""

    __tablename__ = "training_plan_item"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month_within"),
        CheckConstraint("title <> ''", name="has_title"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    month: Mapped[int]
    kind: Mapped[ClassKind] = mapped_column(enum_column(ClassKind, "kind_valid"))
    title: Mapped[str] = mapped_column(String(60))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TrainingClass(Flowing, Base):
    """One class, from its draft to the archive.

    `department_id` is the department that holds it; none is the centre. `exam_id` is its 训后测试.
    """

    __tablename__ = "training_class"
    __table_args__ = (
        CheckConstraint("approved_by_id <> drafted_by_id", name="approved_by_another"),
        CheckConstraint("archived_by_id <> drafted_by_id", name="archived_by_another"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("seats IS NULL OR seats > 0", name="seats_positive"),
        CheckConstraint(
            "state NOT IN ('draft', 'review') OR kind <> 'party'", name="party_by_branch"
        ),
        CheckConstraint(
            "state NOT IN ('party_draft', 'party_review') OR kind = 'party'",
            name="branch_decides_party",
        ),
        CheckConstraint(
            "state NOT IN ('scheduled', 'booking', 'held', 'evaluated', 'archived')"
            " OR approved_by_id IS NOT NULL",
            name="approved_by_somebody",
        ),
        CheckConstraint("held_at IS NULL OR held_at >= starts_at", name="held_after_start"),
        Index(
            "ix_training_class_one_of_plan",
            "plan_item_id",
            unique=True,
            sqlite_where=text("state NOT IN ('cancelled', 'dropped')"),
            postgresql_where=text("state NOT IN ('cancelled', 'dropped')"),
        ),
        {"info": INTERNAL},
    )

    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[ClassKind] = mapped_column(enum_column(ClassKind, "kind_valid"))
    state: Mapped[ClassState] = mapped_column(enum_column(ClassState, "state_valid"))
    title: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(40))
    teacher: Mapped[str] = mapped_column(String(40), info=PERSONAL)
    # Where the teacher is of this hall: then his class is told on his portrait.
    teacher_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, info=PERSONAL
    )
    # Groups of posts for whom it is; none is everybody. Departments stand beside.
    post_groups: Mapped[list[str]] = mapped_column(Json)
    seats: Mapped[int | None]
    aim: Mapped[str] = mapped_column(String(200))
    has_test: Mapped[bool]
    has_survey: Mapped[bool]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    plan_item_id: Mapped[int | None] = mapped_column(ForeignKey("training_plan_item.id"))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("training_class.id"))
    exam_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"), unique=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conclusion: Mapped[str] = mapped_column(Text)


class ClassDepartment(Base):
    """A department for whose people a class is; a class without any is for all."""

    __tablename__ = "training_class_department"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class Seat(Base):
    """A person's place in a class: booked by his lead, or on the waiting list by `booked_at`.

    Leave is given before the class, with a reason; whoever is booked and has no sign-in after it
    was absent. `wrong_codes` counts what was typed wrong, so that nobody guesses six digits.
    """

    __tablename__ = "training_seat"
    __table_args__ = (
        UniqueConstraint("class_id", "person_id"),
        CheckConstraint("signed_at IS NULL OR state = 'booked'", name="signed_where_booked"),
        CheckConstraint("(signed_at IS NULL) = (signed_way IS NULL)", name="signed_somehow"),
        CheckConstraint(
            "signed_way IS NULL OR (signed_way = 'code') = (signed_by_id IS NULL)",
            name="ticked_by_somebody",
        ),
        CheckConstraint(
            "state NOT IN ('leave', 'withdrawn') OR (reason <> '' AND freed_by_id IS NOT NULL)",
            name="freed_with_reason",
        ),
        Index(None, "person_id"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"), info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # His department at the time of booking: lists of a class don't move with a later transfer.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), info=INTERNAL)
    state: Mapped[SeatState] = mapped_column(enum_column(SeatState, "state_valid"))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(100), default="")
    freed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    freed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_way: Mapped[SignInWay | None] = mapped_column(enum_column(SignInWay, "way_valid"))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    signed_reason: Mapped[str] = mapped_column(String(100), default="")
    wrong_codes: Mapped[int] = mapped_column(default=0, info=INTERNAL)


class ClassMaterial(Base):
    """What was handed out at a class: a picture or a PDF."""

    __tablename__ = "training_material"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StudyRecord(Base):
    """学习会记录: "主题, 时间, 主持, 应到/实到, 内容, 发言要点, 一张照片"."""

    __tablename__ = "training_record"
    __table_args__ = (
        CheckConstraint("chair <> '' AND content <> ''", name="is_filled"),
        {"info": INTERNAL},
    )

    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"), primary_key=True)
    chair: Mapped[str] = mapped_column(String(40), info=PERSONAL)
    content: Mapped[str] = mapped_column(Text)
    points: Mapped[str] = mapped_column(Text)
    photo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]


class MonthlyFigure(Base):
    """What a person's work came to in a month, as the hall's own systems count it: 月度绩效数据.

    `month` is the first day of the month. Read by the effect of classes and by nothing else.
    """

    __tablename__ = "training_figure"
    __table_args__ = (
        UniqueConstraint("person_id", "month", "metric"),
        CheckConstraint("metric <> ''", name="has_metric"),
        Index(None, "month", "metric"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    month: Mapped[date]
    metric: Mapped[str] = mapped_column(String(20))
    value: Mapped[Decimal] = mapped_column(Marks)
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FigureImport(Base):
    """A file of monthly figures between its upload and its import; its rows go with either."""

    __tablename__ = "training_figure_import"
    __table_args__ = (
        CheckConstraint("state = 'previewed' OR rows = '[]'", name="rows_until_decided"),
        Index(
            "ix_training_figure_import_waiting",
            "uploaded_at",
            sqlite_where=text("state = 'previewed'"),
            postgresql_where=text("state = 'previewed'"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[FigureImportState] = mapped_column(enum_column(FigureImportState, "state_valid"))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json, info=PERSONAL)
    added: Mapped[int] = mapped_column(default=0)
