"""One row per piece of long work. Its state here is what pages show; a queue only wakes the worker.

A worker holds a lease on the row and renews it at every step. Without a living lease the row is
anybody's: that is how work survives kill -9.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime, enum_column

MAX_TRIES = 5


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


JOB_STATE_LABELS = {
    JobState.WAITING: "排队中",
    JobState.RUNNING: "进行中",
    JobState.DONE: "已完成",
    JobState.FAILED: "没有完成",
}
OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One piece of long work."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= total", name="progress_within"),
        CheckConstraint(f"tries BETWEEN 0 AND {MAX_TRIES}", name="tries_within"),
        Index(None, "state", "lease_until"),
        # The same work is ordered once while it is open.
        Index(
            "uq_job_open_key",
            "key",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    # What makes two requests the same work; the second gets the first one's job.
    key: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    state: Mapped[JobState] = mapped_column(enum_column(JobState, "state_valid"))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any]] = mapped_column(Json)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=1)
    tries: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkerBeat(Base):
    """When the worker was last alive; one row."""

    __tablename__ = "worker_beat"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
