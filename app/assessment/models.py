"""季度考核: schemes, cycles, 个人数字化考核画像 and their rows, objections (清廉四, 效能12).

清廉四 "纳入中心季度和年度考核"; "weights are fixed before the period; a person can object to each
row; every point on a portrait opens the record that it came from; no data is not zero." What a row
says never changes once it was shown to anybody: an objection that is upheld only takes it out of
the count. No ranking, no statutory grade; 廉洁 is never scored.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.assessment.periods import name_of, span_of
from app.kernel.db import Base
from app.kernel.evidence import EvidenceState, Span
from app.kernel.triggers import refuse_change, refuse_if_exists
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, Json, Marks, UtcDateTime, enum_column
from app.workflow.records import Flowing

PUBLIC_ID_LENGTH = 24


class SchemeState(StrEnum):
    """How far a scheme is."""

    DRAFT = "draft"
    APPROVAL = "approval"
    LOCKED = "locked"
    REVOKED = "revoked"
    DROPPED = "dropped"


class CycleState(StrEnum):
    """How far the assessment of a quarter is."""

    COLLECTING = "collecting"
    PREVIEW = "preview"
    APPROVED = "approved"
    RELEASED = "released"


class ObjectionState(StrEnum):
    """How far an objection is."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ObjectionGround(StrEnum):
    """Against what it is."""

    FACT = "fact"
    RULE = "rule"


OBJECTION_GROUND_LABELS = {
    ObjectionGround.FACT: "事实不对",
    ObjectionGround.RULE: "不应按这一条计分",
}


class PortraitKind(StrEnum):
    """What a person gets: figures, or a letter with facts to whoever employs him."""

    SCORED = "scored"
    FACTS = "facts"


PORTRAIT_KIND_LABELS = {
    PortraitKind.SCORED: "考核画像",
    PortraitKind.FACTS: "情况反馈函",
}


class UnitOpinion(StrEnum):
    """科室意见."""

    AGREED = "agreed"
    TO_CORRECT = "to_correct"


UNIT_OPINION_LABELS = {
    UnitOpinion.AGREED: "同意上述汇总",
    UnitOpinion.TO_CORRECT: "需更正",
}


class AssessmentScheme(Flowing, Base):
    """考核细则 of one quarter, as data. Locked before its first day; nothing of it changes then.

    `content` is written and read by content.py; `weight_sum` repeats the sum of its weights for
    the database's sake.
    """

    __tablename__ = "assessment_scheme"
    __table_args__ = (
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_within"),
        CheckConstraint("edition > 0", name="edition_positive"),
        CheckConstraint("state IN ('draft', 'dropped') OR weight_sum = 100", name="weights_whole"),
        CheckConstraint("approved_by_id <> drafted_by_id", name="drafter_does_not_approve"),
        CheckConstraint("approved_by_id <> edited_by_id", name="editor_does_not_approve"),
        CheckConstraint("approved_by_id <> submitted_by_id", name="sender_does_not_approve"),
        CheckConstraint(
            "state NOT IN ('locked', 'revoked') OR approved_by_id IS NOT NULL",
            name="locked_by_somebody",
        ),
        UniqueConstraint("year", "quarter", "edition"),
        Index(
            "ix_assessment_scheme_one_in_use",
            "year",
            "quarter",
            unique=True,
            sqlite_where=text("state IN ('draft', 'approval', 'locked')"),
            postgresql_where=text("state IN ('draft', 'approval', 'locked')"),
        ),
        {"info": INTERNAL},
    )

    year: Mapped[int]
    quarter: Mapped[int]
    edition: Mapped[int]
    state: Mapped[SchemeState] = mapped_column(
        enum_column(SchemeState, "state_valid"), default=SchemeState.DRAFT
    )
    content: Mapped[dict[str, Any]] = mapped_column(Json, info=PUBLIC)
    weight_sum: Mapped[int]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def span(self) -> Span:
        """Give the days that it is for."""
        return span_of(self.year, self.quarter)

    @property
    def period(self) -> str:
        """Call its quarter."""
        return name_of(self.year, self.quarter)


class AssessmentCycle(Flowing, Base):
    """The assessment of one quarter, from collecting to release.

    `frozen_at` is 数据截止: what rooms say later is not in it. Until `objections_until` a person
    can object.
    """

    __tablename__ = "assessment_cycle"
    __table_args__ = (
        CheckConstraint("approved_by_id <> drafted_by_id", name="opener_does_not_approve"),
        CheckConstraint("state = 'collecting' OR frozen_at IS NOT NULL", name="shown_when_frozen"),
        CheckConstraint(
            "state NOT IN ('approved', 'released') OR approved_by_id IS NOT NULL",
            name="approved_by_somebody",
        ),
        {"info": INTERNAL},
    )

    scheme_id: Mapped[int] = mapped_column(ForeignKey("assessment_scheme.id"), unique=True)
    # Such as 2026年第三季度; the name by which commands find it.
    name: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[CycleState] = mapped_column(
        enum_column(CycleState, "state_valid"), default=CycleState.COLLECTING
    )
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objections_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Portrait(Base):
    """个人考核画像 of one person for one quarter; a FACTS one has no figures, only what happened.

    `scores` is what scoring.py made of its rows, `posts` where he worked and how many working
    days, `leaves` how many of them he was away and why. 评语 and 意见 are written by people.
    """

    __tablename__ = "portrait"
    __table_args__ = (
        UniqueConstraint("cycle_id", "person_id"),
        CheckConstraint("kind = 'scored' OR total IS NULL", name="facts_have_no_total"),
        CheckConstraint("edition > 0", name="edition_positive"),
        CheckConstraint("present_days BETWEEN 0 AND expected_days", name="days_within"),
        CheckConstraint("commented_by_id <> person_id", name="nobody_comments_himself"),
        CheckConstraint("unit_by_id <> person_id", name="nobody_is_his_own_unit"),
        CheckConstraint("(comment = '') = (commented_by_id IS NULL)", name="comment_is_signed"),
        CheckConstraint("(unit_opinion IS NULL) = (unit_by_id IS NULL)", name="opinion_is_signed"),
        CheckConstraint("(own_opinion = '') = (own_opinion_at IS NULL)", name="own_opinion_dated"),
        Index(None, "person_id"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True, info=INTERNAL)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("assessment_cycle.id"), info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Where he was on the quarter's last day: that lead sees it, whoever is transferred later.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    post: Mapped[str] = mapped_column(String(40))
    kind: Mapped[PortraitKind] = mapped_column(enum_column(PortraitKind, "kind_valid"))
    edition: Mapped[int] = mapped_column(default=1, info=INTERNAL)
    expected_days: Mapped[int]
    present_days: Mapped[int]
    posts: Mapped[list[Any]] = mapped_column(Json)
    leaves: Mapped[dict[str, Any]] = mapped_column(Json)
    scores: Mapped[dict[str, Any]] = mapped_column(Json)
    total: Mapped[Decimal | None] = mapped_column(Marks)
    comment: Mapped[str] = mapped_column(Text, default="")
    commented_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    commented_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=INTERNAL)
    unit_opinion: Mapped[UnitOpinion | None] = mapped_column(
        enum_column(UnitOpinion, "unit_opinion_valid")
    )
    unit_note: Mapped[str] = mapped_column(String(120), default="")
    unit_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    unit_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=INTERNAL)
    own_opinion: Mapped[str] = mapped_column(String(120), default="")
    own_opinion_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=INTERNAL)


class FrozenFact:
    """Columns of a fact as a room gave it; `points` is what it added or took, `note` why."""

    place: Mapped[int] = mapped_column(info=INTERNAL)
    rule: Mapped[str] = mapped_column(String(60), info=INTERNAL)
    rule_version: Mapped[int] = mapped_column(info=INTERNAL)
    amount: Mapped[Decimal] = mapped_column(Marks)
    denominator: Mapped[Decimal | None] = mapped_column(Marks)
    grade: Mapped[str] = mapped_column(String(32))
    state: Mapped[EvidenceState] = mapped_column(enum_column(EvidenceState, "state_valid"))
    event_key: Mapped[str] = mapped_column(String(120), info=INTERNAL)
    occurred_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(60))
    endpoint: Mapped[str] = mapped_column(String(100), info=INTERNAL)
    arguments: Mapped[dict[str, Any]] = mapped_column(Json, info=INTERNAL)


class PortraitRow(FrozenFact, Base):
    """One fact on a portrait. `segment` is the post of `Portrait.posts` in which it happened."""

    __tablename__ = "portrait_row"
    __table_args__ = (
        UniqueConstraint("portrait_id", "place"),
        CheckConstraint("denominator IS NULL OR denominator > 0", name="denominator_positive"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    portrait_id: Mapped[int] = mapped_column(ForeignKey("portrait.id"), info=INTERNAL)
    segment: Mapped[int] = mapped_column(info=INTERNAL)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), info=INTERNAL)
    points: Mapped[Decimal | None] = mapped_column(Marks)
    note: Mapped[str] = mapped_column(String(60), default="")


class PortraitEdition(Base):
    """What a portrait said in each of its versions, and why it was made anew."""

    __tablename__ = "portrait_edition"
    __table_args__ = (UniqueConstraint("portrait_id", "edition"), {"info": PERSONAL})

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    portrait_id: Mapped[int] = mapped_column(ForeignKey("portrait.id"), info=INTERNAL)
    edition: Mapped[int] = mapped_column(info=INTERNAL)
    cause: Mapped[str] = mapped_column(String(200))
    scores: Mapped[dict[str, Any]] = mapped_column(Json)
    total: Mapped[Decimal | None] = mapped_column(Marks)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, info=INTERNAL)


class DepartmentSheet(Base):
    """部门考核表 of one department for one quarter: facts with denominators, and no ranking."""

    __tablename__ = "department_sheet"
    __table_args__ = (UniqueConstraint("cycle_id", "department_id"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("assessment_cycle.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)


class SheetRow(FrozenFact, Base):
    """One fact on a department."""

    __tablename__ = "department_sheet_row"
    __table_args__ = (UniqueConstraint("sheet_id", "place"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("department_sheet.id"))


class Objection(Flowing, Base):
    """异议 to one row of a portrait: against its fact, or against counting it.

    `commented_by_id`, `unit_by_id` and `run_by_id` are those who had a hand in the portrait: none
    of them decides, and nobody decides about himself.
    """

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("row_id"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("decided_by_id <> drafted_by_id", name="objector_does_not_decide"),
        CheckConstraint("decided_by_id <> commented_by_id", name="commenter_does_not_decide"),
        CheckConstraint("decided_by_id <> unit_by_id", name="unit_does_not_decide"),
        CheckConstraint("decided_by_id <> run_by_id", name="runner_does_not_decide"),
        CheckConstraint(
            "state NOT IN ('upheld', 'rejected') OR decided_by_id IS NOT NULL",
            name="decided_by_somebody",
        ),
        Index(None, "portrait_id"),
        {"info": PERSONAL},
    )

    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True, info=INTERNAL)
    portrait_id: Mapped[int] = mapped_column(ForeignKey("portrait.id"), info=INTERNAL)
    row_id: Mapped[int] = mapped_column(ForeignKey("portrait_row.id"), info=INTERNAL)
    state: Mapped[ObjectionState] = mapped_column(
        enum_column(ObjectionState, "state_valid"), default=ObjectionState.OPEN
    )
    ground: Mapped[ObjectionGround] = mapped_column(enum_column(ObjectionGround, "ground_valid"))
    reason: Mapped[str] = mapped_column(Text)
    commented_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    unit_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    run_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")


class PortraitPackage(Base):
    """A zip with the papers of a quarter: of one department, or of all in folders."""

    __tablename__ = "portrait_package"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("assessment_cycle.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    papers: Mapped[int]
    left_out: Mapped[int]
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


_OF_ROW = (
    "SELECT 1 FROM portrait JOIN assessment_cycle ON assessment_cycle.id = portrait.cycle_id "
    "WHERE portrait.id = {row}.portrait_id AND assessment_cycle.state "
)
_FACT = (
    "place, rule, rule_version, amount, denominator, grade, event_key, occurred_on, text, clause, "
    "number, endpoint, arguments"
)
_OPEN = (
    "SELECT 1 FROM objection JOIN portrait ON portrait.id = objection.portrait_id "
    "WHERE portrait.cycle_id = NEW.id AND objection.state = 'open' "
    "AND NEW.state IN ('approved', 'released')"
)
TRIGGERS = [
    *refuse_change(
        "assessment_scheme_locked",
        "assessment_scheme",
        "UPDATE OF content, weight_sum, year, quarter, edition",
        "a scheme that was sent for approval is never changed",
        when="OLD.state <> 'draft'",
    ),
    *refuse_change("assessment_scheme_kept", "assessment_scheme", "DELETE", "a scheme is kept"),
    *refuse_change(
        "portrait_row_frozen",
        "portrait_row",
        f"UPDATE OF portrait_id, segment, department_id, {_FACT}",
        "a frozen fact is never changed",
    ),
    refuse_if_exists(
        "portrait_row_released",
        "portrait_row",
        "UPDATE",
        "a released portrait is never changed",
        _OF_ROW.format(row="NEW") + "IN ('approved', 'released')",
    ),
    refuse_if_exists(
        "portrait_row_kept",
        "portrait_row",
        "DELETE",
        "a fact that was shown is kept",
        _OF_ROW.format(row="OLD") + "<> 'collecting'",
    ),
    refuse_if_exists(
        "portrait_row_in_time",
        "portrait_row",
        "INSERT",
        "facts are frozen while they are collected",
        _OF_ROW.format(row="NEW") + "<> 'collecting'",
    ),
    refuse_if_exists(
        "assessment_cycle_objections",
        "assessment_cycle",
        "UPDATE",
        "an objection is open",
        _OPEN,
    ),
    *refuse_change(
        "portrait_edition_kept", "portrait_edition", "UPDATE", "a version is never changed"
    ),
    *refuse_change("objection_kept", "objection", "DELETE", "an objection is kept"),
]
