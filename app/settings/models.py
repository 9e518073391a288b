"""Values of business numbers, each from a day on. "Business numbers = typed settings in the
Feature, stored with effective date, audited."

Rows are added and never changed: what was in force on any day can be proven. Several rows for one
day are corrections of a plan; the one with the highest number holds.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.setting import Stored
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime


class SettingValue(Base):
    """One value of a setting from a day on. `set_by` is the person's name as it was then."""

    __tablename__ = "setting_value"
    __table_args__ = (
        UniqueConstraint("key", "valid_from", "number", name="uq_setting_value_key_day_number"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("reason <> ''", name="reason_given"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    number: Mapped[int]
    value: Mapped[Stored] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(200))
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    set_by: Mapped[str] = mapped_column(String(40), info=PERSONAL)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


TRIGGERS = refuse_change(
    "setting_value_kept", "setting_value", "UPDATE; DELETE", "values of settings are append-only"
)
