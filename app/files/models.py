"""What is known of a stored file. The bytes lie in `var/files` under their SHA-256.

Who may read a file is decided by the room whose record it belongs to; this room has no pages.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime


class StoredFile(Base):
    """One stored file."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    # The name under which a person saves it; may hold a person's name.
    name: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProducedPaper(Base):
    """A paper that a room printed: which record, what it said, and the file."""

    __tablename__ = "produced_paper"
    __table_args__ = (
        UniqueConstraint("kind", "record_id", "part", "check_code"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Such as `inspections.record`; see papers.PaperKind.
    kind: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int]
    # A part of the record that has a paper of its own; 0 for the whole.
    part: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    check_code: Mapped[str] = mapped_column(String(24), index=True)
    # All that stands on it, as text.
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json, info=PERSONAL)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
