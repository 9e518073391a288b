"""任务分解表: plans, their measures with the exact sentence, indicators, and readings for ever.

效能四 “紧盯关键节点、阶段成果，对各科室、进驻部门相关举措的落实情况进行跟踪检查”. A plan is data of
the hall and none of it stands in code. A reading is never changed: a correction is a new reading
that names the one it replaces. Lights are no column: they are derived (lights.py).
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, Json, Marks, UtcDateTime, enum_column
from app.workflow.records import Flowing


class TaskState(StrEnum):
    """How far a measure is, from 立项 to 销号. 逾期 is a light and no state."""

    PENDING = "pending"
    TO_RECEIVE = "to_receive"
    RUNNING = "running"
    EXTENDING = "extending"
    TO_REVIEW = "to_review"
    TO_CLOSE = "to_close"
    CLOSED = "closed"


class IndicatorKind(StrEnum):
    """What a target asks for."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    EQUAL = "equal"
    RANGE = "range"
    RELATIVE = "relative"
    CHECKLIST = "checklist"
    QUALITATIVE = "qualitative"
    WATCHED = "watched"


INDICATOR_KIND_LABELS = {
    IndicatorKind.AT_LEAST: "不低于",
    IndicatorKind.MORE_THAN: "超过",
    IndicatorKind.AT_MOST: "不超过",
    IndicatorKind.EQUAL: "等于",
    IndicatorKind.RANGE: "区间",
    IndicatorKind.RELATIVE: "不低于全市平均值",
    IndicatorKind.CHECKLIST: "清单",
    IndicatorKind.QUALITATIVE: "定性",
    IndicatorKind.WATCHED: "监测",
}


class IndicatorWay(StrEnum):
    """How a reading is taken: the newest value, a share, or what the period has come to so far."""

    LATEST = "latest"
    RATIO = "ratio"
    RUNNING = "running"


INDICATOR_WAY_LABELS = {
    IndicatorWay.LATEST: "现值",
    IndicatorWay.RATIO: "比率",
    IndicatorWay.RUNNING: "本期累计",
}


class IndicatorPeriod(StrEnum):
    """Over which time a target holds."""

    PLAN = "plan"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


INDICATOR_PERIOD_LABELS = {
    IndicatorPeriod.PLAN: "至期限",
    IndicatorPeriod.YEAR: "每年",
    IndicatorPeriod.QUARTER: "每季度",
    IndicatorPeriod.MONTH: "每月",
}


class ReadingOrigin(StrEnum):
    """Whether a person typed a reading or the site wrote it down."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


READING_ORIGIN_LABELS = {ReadingOrigin.MANUAL: "手工", ReadingOrigin.AUTOMATIC: "自动"}


class NoteKind(StrEnum):
    """The two of the 四个同步 that people write down; the other two show by themselves."""

    URGING = "urging"
    PUBLICITY = "publicity"


NOTE_KIND_LABELS = {NoteKind.URGING: "督促整改", NoteKind.PUBLICITY: "宣传引导"}

# A target in the plan's own words needs its number; a range has two.
NUMBERED = "'at_least', 'more_than', 'at_most', 'equal', 'range'"


class MeasurePlan(Base):
    """A plan with its span. A closed one is read only; the next year's is a copy of it."""

    __tablename__ = "measure_plan"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="span_in_order"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    short: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    organisation: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("measure_plan.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    @property
    def is_closed(self) -> bool:
        """Tell whether it is read only."""
        return self.closed_at is not None


class Measure(Flowing, Base):
    """One row of a plan: `source` is its exact sentence, `location` where that stands.

    `department_id` is 待确认 until the office has assigned it. `is_returned` says that a review
    sent it back since it was last reported.
    """

    __tablename__ = "measure"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        UniqueConstraint("plan_id", "place"),
        CheckConstraint("ends_on >= begins_on", name="span_in_order"),
        CheckConstraint("source <> ''", name="source_given"),
        CheckConstraint("state = 'pending' OR department_id IS NOT NULL", name="owned_when_given"),
        CheckConstraint("reviewed_by_id <> reported_by_id", name="reporter_does_not_review"),
        CheckConstraint("closed_by_id <> reported_by_id", name="reporter_does_not_close"),
        CheckConstraint("closed_by_id <> reviewed_by_id", name="reviewer_does_not_close"),
        CheckConstraint("decided_by_id <> asked_by_id", name="asker_does_not_decide"),
        CheckConstraint(
            "state <> 'closed' OR (reviewed_by_id IS NOT NULL AND reported_by_id IS NOT NULL)",
            name="closed_after_review",
        ),
        {"info": INTERNAL},
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("measure_plan.id"))
    place: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    part: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(String(80))
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState, "state_valid"), index=True)
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    partners: Mapped[str] = mapped_column(String(120), default="")
    is_returned: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MeasureIndicator(Base):
    """What a measure is read by. `source_name` is a figure of the site (`exams.pass_rate`).

    `items` are named things of a CHECKLIST: counted from the sentence, no number of the plan.
    """

    __tablename__ = "measure_indicator"
    __table_args__ = (
        UniqueConstraint("measure_id", "place"),
        CheckConstraint(f"kind NOT IN ({NUMBERED}) OR target IS NOT NULL", name="target_given"),
        CheckConstraint("kind <> 'range' OR upper_target >= target", name="range_in_order"),
        CheckConstraint("(kind = 'range') = (upper_target IS NOT NULL)", name="upper_of_range"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    place: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    kind: Mapped[IndicatorKind] = mapped_column(enum_column(IndicatorKind, "kind_valid"))
    way: Mapped[IndicatorWay] = mapped_column(enum_column(IndicatorWay, "way_valid"))
    period: Mapped[IndicatorPeriod] = mapped_column(enum_column(IndicatorPeriod, "period_valid"))
    target: Mapped[Decimal | None] = mapped_column(Marks)
    upper_target: Mapped[Decimal | None] = mapped_column(Marks)
    unit: Mapped[str] = mapped_column(String(12))
    source_name: Mapped[str] = mapped_column(String(60), default="")
    items: Mapped[list[Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MeasureReading(Base):
    """What an indicator was on a day. `replaces_id` is the reading that this one corrects.

    Of a running figure `value` is what the period had come to by that day. `mean` is the city's.
    """

    __tablename__ = "measure_reading"
    __table_args__ = (
        CheckConstraint("(origin = 'manual') = (person_id IS NOT NULL)", name="typed_by_somebody"),
        CheckConstraint("(replaces_id IS NULL) = (reason = '')", name="corrected_with_reason"),
        CheckConstraint("(numerator IS NULL) = (denominator IS NULL)", name="share_whole"),
        CheckConstraint("denominator > 0", name="denominator_positive"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
        Index(
            "ix_measure_reading_written_once",
            "indicator_id",
            "read_on",
            unique=True,
            sqlite_where=text("origin = 'automatic'"),
            postgresql_where=text("origin = 'automatic'"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("measure_indicator.id"), index=True)
    read_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Marks)
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    mean: Mapped[Decimal | None] = mapped_column(Marks)
    items: Mapped[list[Any]] = mapped_column(Json)
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[ReadingOrigin] = mapped_column(enum_column(ReadingOrigin, "origin_valid"))
    source: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("measure_reading.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200))


class MeasureExtension(Base):
    """延期: asked for before the day, at most twice, decided by another person."""

    __tablename__ = "measure_extension"
    __table_args__ = (
        CheckConstraint("until_on > before_on", name="later_than_before"),
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided_once"),
        CheckConstraint("decided_by_id <> asked_by_id", name="decided_by_another"),
        CheckConstraint("reason <> ''", name="reason_given"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_granted: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(Text)


class MeasureNote(Base):
    """督促整改 or 宣传引导 that was done for a measure, on a day."""

    __tablename__ = "measure_note"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(enum_column(NoteKind, "kind_valid"))
    noted_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeasureImport(Base):
    """A 任务分解表 that was uploaded and looked at; nothing of it counts before it is applied."""

    __tablename__ = "measure_import"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("measure_plan.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[Any]] = mapped_column(Json)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


TRIGGERS = [
    *refuse_change(
        "measure_reading_kept", "measure_reading", "UPDATE; DELETE", "a reading is never changed"
    ),
    *refuse_change("measure_note_kept", "measure_note", "UPDATE; DELETE", "a note is kept"),
    *refuse_change("measure_kept", "measure", "DELETE", "a measure is kept"),
    *refuse_change(
        "measure_source_kept", "measure", "UPDATE OF source", "a sentence of a plan stays"
    ),
]
