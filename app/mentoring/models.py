"""师徒结对: a pair with its plan, its monthly records, its assessments and its numbered changes.

效能11 “师徒结对”. A record counts when the other side has confirmed it, and an item when somebody
other than the master has assessed it. What was agreed is never overwritten: later plans are
numbered 变更. A pair that ended early has a neutral reason and leaves no judgement.
"""

from datetime import date, datetime
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

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime, enum_column
from app.workflow.records import Flowing

PUBLIC_ID_LENGTH = 24
OPEN = "state NOT IN ('graduated', 'ended', 'dropped')"


class PairState(StrEnum):
    """How far a pair is, from its draft to 出师 or another end."""

    DRAFT = "draft"
    TO_MASTER = "to_master"
    TO_APPRENTICE = "to_apprentice"
    TO_APPROVE = "to_approve"
    RUNNING = "running"
    ENDING = "ending"
    ASSESSING = "assessing"
    TO_GRADUATE = "to_graduate"
    GRADUATED = "graduated"
    ENDED = "ended"
    DROPPED = "dropped"


# The states between the approval and an end.
UNDER_WAY = (PairState.RUNNING, PairState.ENDING, PairState.ASSESSING, PairState.TO_GRADUATE)
OVER = (PairState.GRADUATED, PairState.ENDED, PairState.DROPPED)


class EndReason(StrEnum):
    """Why a pair ends before 出师: facts about posts and time, never about a person's worth."""

    POST_CHANGED = "post_changed"
    MASTER_MOVED = "master_moved"
    APPRENTICE_MOVED = "apprentice_moved"
    LONG_LEAVE = "long_leave"
    AGREED = "agreed"
    TERM_OVER = "term_over"
    OTHER = "other"


END_REASON_LABELS = {
    EndReason.POST_CHANGED: "岗位或事项有调整",
    EndReason.MASTER_MOVED: "师傅工作变动",
    EndReason.APPRENTICE_MOVED: "徒弟工作变动",
    EndReason.LONG_LEAVE: "较长时间不在岗",
    EndReason.AGREED: "双方商定，另行结对",
    EndReason.TERM_OVER: "期限已满",
    EndReason.OTHER: "其他（请说明）",
}


class Level(StrEnum):
    """How far an apprentice is with an item: 看, 陪, 独立, and assessed."""

    NONE = "none"
    WATCH = "watch"
    ASSIST = "assist"
    SOLO = "solo"
    ASSESSED = "assessed"


LEVEL_LABELS = {
    Level.NONE: "未开始",
    Level.WATCH: "看",
    Level.ASSIST: "陪",
    Level.SOLO: "独立（待考核）",
    Level.ASSESSED: "独立",
}


class RecordState(StrEnum):
    """How far the record of a month is."""

    DUE = "due"
    TO_CONFIRM = "to_confirm"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"


class MentoringPair(Flowing, Base):
    """A master and an apprentice, for a term. The assessor is a third person."""

    __tablename__ = "mentoring_pair"
    __table_args__ = (
        CheckConstraint("master_id <> apprentice_id", name="two_people"),
        CheckConstraint("assessor_id <> master_id", name="master_assesses_nobody"),
        CheckConstraint("assessor_id <> apprentice_id", name="nobody_assesses_himself"),
        CheckConstraint("approved_by_id <> drafted_by_id", name="approved_by_another"),
        CheckConstraint("approved_by_id <> submitted_by_id", name="approved_by_no_submitter"),
        CheckConstraint("approved_by_id <> master_id", name="master_approves_nothing"),
        CheckConstraint("approved_by_id <> apprentice_id", name="apprentice_approves_nothing"),
        CheckConstraint("assessed_by_id <> master_id", name="final_not_by_master"),
        CheckConstraint("assessed_by_id <> apprentice_id", name="final_not_by_apprentice"),
        CheckConstraint("graduated_by_id <> master_id", name="master_graduates_nobody"),
        CheckConstraint("graduated_by_id <> apprentice_id", name="nobody_graduates_himself"),
        CheckConstraint("graduated_by_id <> assessed_by_id", name="graduated_by_another"),
        CheckConstraint("ended_by_id <> end_asked_by_id", name="ended_by_another"),
        CheckConstraint("ends_on > starts_on", name="term_is_forward"),
        CheckConstraint("copies BETWEEN 1 AND 9", name="some_copies"),
        CheckConstraint("(approved_at IS NULL) = (number IS NULL)", name="number_when_approved"),
        CheckConstraint(
            "(state = 'graduated') = (certificate_number IS NOT NULL)",
            name="certificate_when_graduated",
        ),
        CheckConstraint(
            "state NOT IN ('running', 'ending', 'assessing', 'to_graduate', 'graduated', 'ended') "
            "OR approved_at IS NOT NULL",
            name="approved_before_running",
        ),
        CheckConstraint("state <> 'ended' OR end_reason IS NOT NULL", name="end_has_reason"),
        CheckConstraint("end_reason <> 'other' OR end_note <> ''", name="other_reason_in_words"),
        UniqueConstraint("id", "master_id"),
        Index(
            "ix_mentoring_pair_one_master",
            "apprentice_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        {"info": INTERNAL},
    )

    # Random: whether somebody is in a pair is not for everybody to know.
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    state: Mapped[PairState] = mapped_column(enum_column(PairState, "state_valid"))
    # 师徒2026-001, with the approval; and that of the certificate, with 出师.
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    certificate_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    master_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, info=PERSONAL)
    apprentice_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, info=PERSONAL)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, info=PERSONAL)
    # Where the apprentice works.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_extended: Mapped[bool] = mapped_column(default=False)
    goals: Mapped[str] = mapped_column(Text)
    # Why the site had named this master as possible, in words, as it was read when he was chosen.
    reasons: Mapped[str] = mapped_column(Text)
    copies: Mapped[int]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    master_agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    master_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    apprentice_agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    apprentice_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The 出师考核, and the decision that rests on it.
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    graduated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    graduated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[EndReason | None] = mapped_column(enum_column(EndReason, "end_reason_valid"))
    end_note: Mapped[str] = mapped_column(String(300), default="", info=PERSONAL)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def nobody_id(self) -> None:
        """Who makes the moves that only the site makes."""

    @property
    def is_draft(self) -> bool:
        """Tell whether its plan is still being written."""
        return self.state is PairState.DRAFT

    @property
    def is_under_way(self) -> bool:
        """Tell whether it was approved and has not come to an end."""
        return self.state in UNDER_WAY


class MentoringItem(Base):
    """A 事项 of the plan: 看, 陪 and 独立 are signed by the master, 独立 is assessed by another."""

    __tablename__ = "mentoring_item"
    __table_args__ = (
        UniqueConstraint("pair_id", "service_item_id"),
        ForeignKeyConstraint(
            ["pair_id", "signed_by_id"],
            ["mentoring_pair.id", "mentoring_pair.master_id"],
            name="fk_mentoring_item_signed_by_master",
        ),
        CheckConstraint("assessed_by_id <> signed_by_id", name="assessed_by_another"),
        CheckConstraint("assisted_on IS NULL OR watched_on IS NOT NULL", name="watch_first"),
        CheckConstraint("signed_on IS NULL OR assisted_on IS NOT NULL", name="assist_first"),
        CheckConstraint("(signed_on IS NULL) = (signed_by_id IS NULL)", name="signed_by_somebody"),
        CheckConstraint(
            "(assessed_on IS NULL) = (assessed_by_id IS NULL)", name="assessed_by_somebody"
        ),
        CheckConstraint("assessed_on IS NULL OR signed_on IS NOT NULL", name="signed_first"),
        CheckConstraint(
            "authorisation_id IS NULL OR assessed_on IS NOT NULL", name="authorised_when_assessed"
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("mentoring_pair.id"))
    service_item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"), index=True)
    # The first of the month in which 独立 is planned.
    planned_on: Mapped[date]
    watched_on: Mapped[date | None]
    assisted_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assessed_on: Mapped[date | None]
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What 出师 wrote, or what the apprentice had been given before.
    authorisation_id: Mapped[int | None] = mapped_column(ForeignKey("authorisation.id"))

    @property
    def level(self) -> Level:
        """How far the apprentice is with it."""
        reached = (
            (self.assessed_on, Level.ASSESSED),
            (self.signed_on, Level.SOLO),
            (self.assisted_on, Level.ASSIST),
            (self.watched_on, Level.WATCH),
        )
        return next((level for on, level in reached if on is not None), Level.NONE)


class MentoringChange(Base):
    """变更 n of what was agreed: the whole text before and after, and why. Number 0 is the 协议."""

    __tablename__ = "mentoring_change"
    __table_args__ = (
        UniqueConstraint("pair_id", "number"),
        CheckConstraint("number >= 0", name="number_counts"),
        CheckConstraint("number = 0 OR reason <> ''", name="change_has_reason"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("mentoring_pair.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300), info=PERSONAL)
    # The agreed text as plans.Terms writes it; empty before the agreement itself.
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MentoringRecord(Flowing, Base):
    """The record of one month: written by one of the two, confirmed by the other."""

    __tablename__ = "mentoring_record"
    __table_args__ = (
        UniqueConstraint("pair_id", "month"),
        ForeignKeyConstraint(
            ["pair_id", "master_id"],
            ["mentoring_pair.id", "mentoring_pair.master_id"],
            name="fk_mentoring_record_of_master",
        ),
        CheckConstraint("confirmed_by_id <> written_by_id", name="confirmed_by_another"),
        CheckConstraint(
            "state NOT IN ('to_confirm', 'confirmed') OR "
            "(written_by_id IS NOT NULL AND confirmer_id IS NOT NULL AND taught <> '')",
            name="written_before_confirmed",
        ),
        CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_once"
        ),
        {"info": INTERNAL},
    )

    @property
    def nobody_id(self) -> None:
        """Who makes the moves that only the site makes."""

    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("mentoring_pair.id"))
    # The first of the month.
    month: Mapped[date]
    state: Mapped[RecordState] = mapped_column(enum_column(RecordState, "state_valid"))
    master_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    apprentice_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    taught: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    progress: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    plan_next: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whichever of the two has not written it.
    confirmer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MentoringAssessment(Base):
    """动作, 标准, 结果 as an assessor saw them: of one item, or of the whole as 出师考核."""

    __tablename__ = "mentoring_assessment"
    __table_args__ = (
        CheckConstraint("assessor_id <> master_id", name="not_by_master"),
        CheckConstraint("assessor_id <> apprentice_id", name="not_by_apprentice"),
        ForeignKeyConstraint(
            ["pair_id", "master_id"],
            ["mentoring_pair.id", "mentoring_pair.master_id"],
            name="fk_mentoring_assessment_of_master",
        ),
        Index(None, "pair_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("mentoring_pair.id"))
    service_item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    master_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    apprentice_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    held_on: Mapped[date]
    # [动作, 标准, 是否合格], in the order of the form.
    lines: Mapped[list[Any]] = mapped_column(Json, info=PERSONAL)
    is_passed: Mapped[bool] = mapped_column(info=PERSONAL)
    opinion: Mapped[str] = mapped_column(String(300), info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


TRIGGERS = [
    *refuse_change(
        "mentoring_change_kept",
        "mentoring_change",
        "UPDATE; DELETE",
        "what was agreed stays readable",
    ),
    *refuse_change(
        "mentoring_assessment_kept",
        "mentoring_assessment",
        "UPDATE; DELETE",
        "an assessment is never changed",
    ),
    *refuse_change("mentoring_pair_kept", "mentoring_pair", "DELETE", "a pair is kept"),
    *refuse_change("mentoring_record_kept", "mentoring_record", "DELETE", "a record is kept"),
]
