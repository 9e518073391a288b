"""Who is to administer the site: asked for by one, confirmed by another, begun by the person.

"三员分立: exclusive, at most one per person, of people who also have a business account." The
database refuses an appointment that its asker or its own subject confirms.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import AccountKind
from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, UtcDateTime, enum_column

IS_OPEN = "accepted_at IS NULL AND ended_at IS NULL"


class Appointment(Base):
    """An appointment to a duty. Its account is made when the person sets the password himself."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("kind <> 'business'", name="administers"),
        CheckConstraint("requested_by_id <> person_id", name="nobody_asks_for_himself"),
        CheckConstraint("decided_by_id <> requested_by_id", name="asker_does_not_decide"),
        CheckConstraint("decided_by_id <> person_id", name="nobody_decides_for_himself"),
        CheckConstraint("(decided_at IS NULL) = (is_confirmed IS NULL)", name="decided_one_way"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_one"),
        CheckConstraint(
            "accepted_at IS NULL OR (is_confirmed IS NOT NULL AND is_confirmed)",
            name="accepted_once_confirmed",
        ),
        CheckConstraint("accepted_at IS NULL OR ended_at IS NULL", name="accepted_or_ended"),
        Index(
            "ix_appointment_one_open",
            "person_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[AccountKind] = mapped_column(enum_column(AccountKind, "kind_valid"))
    login_name: Mapped[str] = mapped_column(String(64), info=PERSONAL)
    reason: Mapped[str] = mapped_column(String(200))
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_confirmed: Mapped[bool | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Refused, withdrawn by the asker, or declined by the person.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def is_open() -> ColumnElement[bool]:
    """Give the condition that an appointment has neither begun nor ended; as the index has it."""
    return and_(Appointment.accepted_at.is_(None), Appointment.ended_at.is_(None))
