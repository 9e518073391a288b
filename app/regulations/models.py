"""制度体系 (清廉7 “按党支部管理制度、基础管理制度、业务管理制度3个方面构建中心制度体系”).

A rule lives through its versions; one that has been approved is never changed, and which is in
force on a day is told by its days alone. What is withdrawn stays readable. Beside it 岗位廉政风险点
(prevention, by post: never a word about persons) and what each post must read. Nothing here
measures how long anybody reads.
"""

from datetime import date, datetime
from enum import StrEnum

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
from app.kernel.triggers import refuse_change, refuse_if_exists
from app.kernel.types import INTERNAL, PERSONAL, UtcDateTime, enum_column
from app.workflow.records import Flowing

MAX_NAME = 60
MAX_LABEL = 20
MAX_CHAPTER = 60
MAX_BASIS = 200


class RulePart(StrEnum):
    """The three parts of the centre's system of rules (清廉7)."""

    PARTY = "party"
    BASIC = "basic"
    BUSINESS = "business"


RULE_PART_LABELS = {
    RulePart.PARTY: "党支部管理",
    RulePart.BASIC: "基础管理",
    RulePart.BUSINESS: "业务管理",
}


class RuleKind(StrEnum):
    """What sort of document it is."""

    RULE = "rule"
    MANUAL = "manual"
    GUIDE = "guide"
    POST_STANDARD = "post_standard"


RULE_KIND_LABELS = {
    RuleKind.RULE: "制度",
    RuleKind.MANUAL: "窗口版业务手册",
    RuleKind.GUIDE: "白话版办事指南",
    RuleKind.POST_STANDARD: "岗位标准",
}


class RuleClass(StrEnum):
    """分类 (效能1 “科室管理类、业务办理类、沟通协调类”)."""

    SECTION = "section"
    HANDLING = "handling"
    COORDINATION = "coordination"


RULE_CLASS_LABELS = {
    RuleClass.SECTION: "科室管理类",
    RuleClass.HANDLING: "业务办理类",
    RuleClass.COORDINATION: "沟通协调类",
}


class VersionState(StrEnum):
    """How far a version is. 待生效, 现行 and 已有新版 are told from days and are no states."""

    DRAFT = "draft"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class WorkStage(StrEnum):
    """环节 of handling a case."""

    APPLY = "apply"
    ACCEPT = "accept"
    EXAMINE = "examine"
    DECIDE = "decide"
    DELIVER = "deliver"


WORK_STAGE_LABELS = {
    WorkStage.APPLY: "申请",
    WorkStage.ACCEPT: "受理",
    WorkStage.EXAMINE: "审查",
    WorkStage.DECIDE: "决定",
    WorkStage.DELIVER: "送达",
}


class RiskLevel(StrEnum):
    """等级 of a 廉政风险点: people set it, nothing is computed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


RISK_LEVEL_LABELS = {RiskLevel.HIGH: "高", RiskLevel.MEDIUM: "中", RiskLevel.LOW: "低"}


class RiskState(StrEnum):
    """How far a risk point is; 复核逾期 is told from its day and is no state."""

    REVIEWING = "reviewing"
    RETURNED = "returned"
    IN_FORCE = "in_force"
    REVIEW_DUE = "review_due"
    ENDED = "ended"
    DROPPED = "dropped"


class Regulation(Base):
    """A rule through all its versions; of the centre, or of one 进驻部门."""

    __tablename__ = "regulation"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        Index(
            "ix_regulation_name_centre",
            "name",
            unique=True,
            sqlite_where=text("department_id IS NULL"),
            postgresql_where=text("department_id IS NULL"),
        ),
        UniqueConstraint("name", "department_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    kind: Mapped[RuleKind] = mapped_column(enum_column(RuleKind, "kind_valid"))
    part: Mapped[RulePart] = mapped_column(enum_column(RulePart, "part_valid"))
    class_: Mapped[RuleClass] = mapped_column("class", enum_column(RuleClass, "class_valid"))
    # 进驻部门层面; None is 中心层面.
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegulationVersion(Flowing, Base):
    """One wording of a rule. It gets its number with the approval, so that there are no gaps.

    `written_by_id` wrote the words that were approved. `withdrawn_on` is the first day on which it
    is no longer in force; without it, it stays so until a later version takes effect.
    """

    __tablename__ = "regulation_version"
    __table_args__ = (
        UniqueConstraint("regulation_id", "number"),
        Index(
            "ix_regulation_version_effective",
            "regulation_id",
            "effective_on",
            unique=True,
            sqlite_where=text("number IS NOT NULL"),
            postgresql_where=text("number IS NOT NULL"),
        ),
        Index(
            "ix_regulation_version_one_open",
            "regulation_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'reviewing')"),
            postgresql_where=text("state IN ('draft', 'reviewing')"),
        ),
        CheckConstraint("approved_by_id <> drafted_by_id", name="approved_by_another"),
        CheckConstraint("approved_by_id <> written_by_id", name="writer_does_not_approve"),
        CheckConstraint("(number IS NULL) = (approved_at IS NULL)", name="numbered_once_approved"),
        CheckConstraint(
            "(approved_at IS NOT NULL) = (state IN ('approved', 'withdrawn'))",
            name="in_force_once_approved",
        ),
        CheckConstraint(
            "(withdrawn_on IS NOT NULL) = (state = 'withdrawn')", name="withdrawn_from_a_day"
        ),
        CheckConstraint("number > 0", name="number_positive"),
        {"info": INTERNAL},
    )

    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"))
    number: Mapped[int | None]
    state: Mapped[VersionState] = mapped_column(
        enum_column(VersionState, "state_valid"), index=True
    )
    effective_on: Mapped[date]
    # What is new, in a sentence; empty for a first version.
    note: Mapped[str] = mapped_column(String(300))
    # What stands before the first article.
    introduction: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_on: Mapped[date | None]

    @property
    def never_held(self) -> bool:
        """Tell whether it was withdrawn before it took effect: then it replaces nothing."""
        return self.withdrawn_on is not None and self.withdrawn_on < self.effective_on


class RegulationArticle(Base):
    """An article (条) of a version; `chapter` is the heading that stands before it, if one does."""

    __tablename__ = "regulation_article"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("version_id", "label"),
        CheckConstraint("text <> ''", name="says_something"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("regulation_version.id"))
    position: Mapped[int]
    chapter: Mapped[str] = mapped_column(String(MAX_CHAPTER))
    label: Mapped[str] = mapped_column(String(MAX_LABEL))
    text: Mapped[str] = mapped_column(Text)


class RiskPoint(Flowing, Base):
    """A 岗位廉政风险点 of a post. `current` is the number of the content in force, `latest` of the
    one that was written last: while a change waits for its approval, the old one stays in force.
    """

    __tablename__ = "risk_point"
    __table_args__ = (
        CheckConstraint("approved_by_id <> written_by_id", name="writer_does_not_approve"),
        CheckConstraint("latest > 0 AND current <= latest", name="numbers_in_order"),
        CheckConstraint(
            "state NOT IN ('in_force', 'review_due') OR current IS NOT NULL",
            name="in_force_with_content",
        ),
        CheckConstraint("state <> 'dropped' OR current IS NULL", name="dropped_before_it_held"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_once"),
        {"info": INTERNAL},
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    state: Mapped[RiskState] = mapped_column(enum_column(RiskState, "state_valid"), index=True)
    current: Mapped[int | None]
    latest: Mapped[int]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def nobody_id(self) -> None:
        """Name who may make what only the site does."""
        return


class RiskContent(Base):
    """What a risk point says, once for each time it was written; only the approval is added."""

    __tablename__ = "risk_content"
    __table_args__ = (
        UniqueConstraint("risk_id", "number"),
        CheckConstraint("manifestation <> '' AND measures <> '' AND basis <> ''", name="whole"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    risk_id: Mapped[int] = mapped_column(ForeignKey("risk_point.id"))
    number: Mapped[int]
    stage: Mapped[WorkStage] = mapped_column(enum_column(WorkStage, "stage_valid"))
    level: Mapped[RiskLevel] = mapped_column(enum_column(RiskLevel, "level_valid"))
    manifestation: Mapped[str] = mapped_column(String(300))
    measures: Mapped[str] = mapped_column(String(500))
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    basis: Mapped[str] = mapped_column(String(MAX_BASIS))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("regulation_article.id"), index=True)
    review_on: Mapped[date] = mapped_column(index=True)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReadingItem(Base):
    """A line of a must-read list: whoever holds the post reads the rule within so many 工作日.

    Without a post it is for everybody. `ended_on` is the first day on which it is off the list.
    """

    __tablename__ = "reading_item"
    __table_args__ = (
        Index(
            "ix_reading_item_post_open",
            "regulation_id",
            "post_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL AND post_id IS NOT NULL"),
            postgresql_where=text("ended_on IS NULL AND post_id IS NOT NULL"),
        ),
        Index(
            "ix_reading_item_all_open",
            "regulation_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL AND post_id IS NULL"),
            postgresql_where=text("ended_on IS NULL AND post_id IS NULL"),
        ),
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("ended_on >= starts_on", name="ends_after_start"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    days: Mapped[int]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ReadingConfirmation(Base):
    """「我已阅读并理解」: once for each version, and never taken back."""

    __tablename__ = "reading_confirmation"
    __table_args__ = (
        UniqueConstraint("person_id", "version_id"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("regulation_version.id"), index=True)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)


_FIXED = "a version that was sent on is never changed"
_NOT_DRAFT = "SELECT 1 FROM regulation_version WHERE state <> 'draft' AND id = "
TRIGGERS = [
    *refuse_change(
        "regulation_version_locked",
        "regulation_version",
        "UPDATE OF regulation_id, effective_on, note, introduction, written_by_id",
        _FIXED,
        "OLD.state <> 'draft'",
    ),
    *refuse_change(
        "regulation_version_kept", "regulation_version", "DELETE", "a version is kept"
    ),
    refuse_if_exists(
        "regulation_article_insert", "regulation_article", "INSERT", _FIXED,
        f"{_NOT_DRAFT}NEW.version_id",
    ),
    *refuse_change(
        "regulation_article_kept", "regulation_article", "UPDATE", "an article is written anew"
    ),
    refuse_if_exists(
        "regulation_article_delete", "regulation_article", "DELETE", _FIXED,
        f"{_NOT_DRAFT}OLD.version_id",
    ),
    *refuse_change(
        "risk_content_kept",
        "risk_content",
        "UPDATE OF risk_id, number, stage, level, manifestation, measures, responsible_id, basis, "
        "article_id, review_on, written_by_id; DELETE",
        "what was written is kept",
    ),
    *refuse_change(
        "reading_confirmation_kept",
        "reading_confirmation",
        "UPDATE; DELETE",
        "a confirmation is kept",
    ),
]  # fmt: skip
