"""The path of every record under a workflow, decisions signed on paper, and numbers of papers.

"One engine executes a move in one transaction: state, history row (who, in which role, when,
reason, attachments' hashes, due before and after), open step, audit event, notices." Rows of the
path are added and never changed or deleted: the database refuses it.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime, enum_column


class BatchState(StrEnum):
    """How far a 汇总表 is."""

    DRAFT = "draft"
    DECIDED = "decided"
    DROPPED = "dropped"


BATCH_STATE_LABELS = {
    BatchState.DRAFT: "待签批",
    BatchState.DECIDED: "已办理",
    BatchState.DROPPED: "已作废",
}


class PaperSignature(Base):
    """A decision signed on paper and entered by a 经办人: 线下签批、经办人代录.

    "who signed, when, meeting and minute number, scan of the signed sheet"; one sheet may decide on
    many records.
    """

    __tablename__ = "paper_signature"
    __table_args__ = ({"info": PERSONAL},)

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_on: Mapped[date]
    meeting: Mapped[str] = mapped_column(String(100))
    minute_number: Mapped[str] = mapped_column(String(60))
    scan_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkflowMove(Base):
    """One line of a record's path. The first one of a record leads from nowhere.

    `person_id` decided; none is the site itself, or somebody from the public. `for_person_id` is
    the one in whose place a B角 decided.
    """

    __tablename__ = "workflow_move"
    __table_args__ = (
        UniqueConstraint("flow", "record_id", "step"),
        CheckConstraint("(step = 1) = (from_state IS NULL)", name="begins_once"),
        CheckConstraint("for_person_id <> person_id", name="represents_another"),
        CheckConstraint("signature_id IS NULL OR for_person_id IS NULL", name="signed_in_person"),
        Index(None, "person_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int]
    # 1, 2, 3, ... within the record.
    step: Mapped[int]
    move: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    for_person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, info=PERSONAL
    )
    # The roles in which he acted, as the log says it.
    acted_as: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str] = mapped_column(Text, info=PERSONAL)
    # SHA-256 of the files that the move rests on.
    files: Mapped[list[str]] = mapped_column(Json)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("paper_signature.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("decision_batch.id"), index=True)
    due_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_after: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DecisionBatch(Base):
    """汇总表: one sheet by which many records are decided at once (42 部门，一次审定)."""

    __tablename__ = "decision_batch"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (ended_at IS NULL)", name="ended_when_over"),
        CheckConstraint(
            "state <> 'decided' OR decided_by_id <> drafted_by_id OR signature_id IS NOT NULL",
            name="decided_by_another",
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    flow: Mapped[str] = mapped_column(String(60))
    move: Mapped[str] = mapped_column(String(40))
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState, "state_valid"))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("paper_signature.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BatchLine(Base):
    """One record of a 汇总表, in the version that its reader saw, and what came of it."""

    __tablename__ = "decision_batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "record_id"),
        {"info": INTERNAL},
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("decision_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int]
    seen_version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    # None until decided; then whether it was moved, and if not, why.
    is_moved: Mapped[bool | None]
    refusal: Mapped[str] = mapped_column(String(300), default="")


class PaperNumber(Base):
    """The last number given in a series and year: 优建2026-012. A row is locked to count on."""

    __tablename__ = "paper_number"
    __table_args__ = (CheckConstraint("last > 0", name="last_positive"), {"info": INTERNAL})

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


TRIGGERS = [
    *refuse_change(
        "workflow_move_append_only",
        "workflow_move",
        "UPDATE; DELETE",
        "the path of a record is never changed",
    ),
    *refuse_change(
        "paper_signature_append_only",
        "paper_signature",
        "UPDATE; DELETE",
        "a signature is never changed",
    ),
]
