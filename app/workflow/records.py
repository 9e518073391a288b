"""What every record under a workflow carries: how far it is, since when, and until when.

A room's model derives from Flowing, adds its own `state` column of its own StrEnum, the columns of
its stamps (`approved_by_id`, `approved_at`), and the CHECKs that keep duties apart, such as
`approved_by_id <> drafted_by_id`. The engine writes them; nobody else changes a state. A row is
never deleted: its path stays for ever, and SQLite would give its number to the next record. What
must be forgotten is blanked (service.forget_content).
"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.kernel.types import INTERNAL, UtcDateTime


class Flowing:
    """Columns that the engine needs. `version` counts edits and moves, for stale pages."""

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    version: Mapped[int] = mapped_column(default=1, info=INTERNAL)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime, info=INTERNAL)
    # Since when it is in its state, and until when somebody must act; none where nobody must.
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, info=INTERNAL)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=INTERNAL)

    @declared_attr
    @classmethod
    def drafted_by_id(cls) -> Mapped[int | None]:
        """Who made the record; none for one from the public or from the site itself."""
        return mapped_column(ForeignKey("person.id"), index=True, info=INTERNAL)
