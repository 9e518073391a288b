"""What waits for somebody, and what somebody should know.

"inbox owns open steps and notices, which workflow writes." An open step is closed and kept when its
record moves on; the whole path of a record stands in workflow's history. An anonymous survey makes
neither.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime


class OpenStep(Base):
    """One record that waits in one state: for one person, or for whoever holds a permission.

    A permission counts in the department, or in the whole centre where there is none.
    """

    __tablename__ = "open_step"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (permission IS NULL)", name="one_owner"),
        CheckConstraint("due_at >= opened_at", name="due_after_opened"),
        CheckConstraint("days >= 0", name="days_not_negative"),
        Index(
            "ix_open_step_record_open",
            "flow",
            "record_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_open_step_record", "flow", "record_id"),
        Index(
            "ix_open_step_permission_open",
            "permission",
            "department_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_open_step_person_id", "person_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int]
    # What kind of record it is, the record in one line, and what there is to be done.
    noun: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    label: Mapped[str] = mapped_column(String(40))
    endpoint: Mapped[str] = mapped_column(String(100))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    permission: Mapped[str | None] = mapped_column(String(100))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    # A decision, which the B角 of somebody who is away may make for him.
    is_approval: Mapped[bool]
    is_returned: Mapped[bool]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # From the day after it was opened; what `due_at` is counted anew from.
    days: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BarredPerson(Base):
    """Somebody who may not take an open step although he holds its permission: duties are apart."""

    __tablename__ = "open_step_barred"
    __table_args__ = ({"info": PERSONAL},)

    step_id: Mapped[int] = mapped_column(ForeignKey("open_step.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Notice(Base):
    """A sentence for one person, with the page that it is about. `key` keeps it single."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(300))
    endpoint: Mapped[str] = mapped_column(String(100), info=INTERNAL)
    arguments: Mapped[dict[str, Any]] = mapped_column(Json, info=INTERNAL)
    key: Mapped[str | None] = mapped_column(String(120), unique=True, info=INTERNAL)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
