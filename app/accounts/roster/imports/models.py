"""One roster file from its upload to its undoing.

"Roster import from Excel: preview with row errors; differences (joined, moved, left); all or
nothing." The file and what was read from it are personal data: they are erased after 30 days,
who applied what and how many people it concerned is kept.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, UtcDateTime, enum_column


class RosterImportState(StrEnum):
    """How far an import is."""

    READING = "reading"
    UNREADABLE = "unreadable"
    PREVIEWED = "previewed"
    APPLIED = "applied"
    UNDONE = "undone"
    # Read, with faults in it: it can only be mended and uploaded anew.
    FAULTY = "faulty"


ROSTER_IMPORT_STATE_LABELS = {
    RosterImportState.READING: "正在读取",
    RosterImportState.UNREADABLE: "没有读成",
    RosterImportState.PREVIEWED: "待确认",
    RosterImportState.APPLIED: "已导入",
    RosterImportState.UNDONE: "已撤销",
    RosterImportState.FAULTY: "有错误，待更正",
}


class RosterImport(Base):
    """One uploaded roster; `content` is the file, then its rows and what was chosen about them.

    `made` says what applying has written, for undoing it. Both are empty once erased.
    """

    __tablename__ = "roster_import"
    __table_args__ = (
        CheckConstraint("(applied_at IS NULL) = (applied_by_id IS NULL)", name="applied_by"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by"),
        CheckConstraint(
            "(applied_at IS NULL) = (state NOT IN ('applied', 'undone'))", name="applied_has_time"
        ),
        CheckConstraint("(undone_at IS NULL) = (state <> 'undone')", name="undone_has_time"),
        CheckConstraint(
            "added >= 0 AND moved >= 0 AND changed >= 0 AND departed >= 0 AND unchanged >= 0",
            name="counts",
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    file_name: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    # From this day on transfers hold; whoever is missing left on the day before.
    effective_on: Mapped[date]
    state: Mapped[RosterImportState] = mapped_column(enum_column(RosterImportState, "state_valid"))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json, info=SENSITIVE)
    made: Mapped[dict[str, Any]] = mapped_column(Json, info=SENSITIVE)
    # Of the differences that were seen, then of those that were applied.
    fingerprint: Mapped[str] = mapped_column(String(16))
    added: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    departed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
