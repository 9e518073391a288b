"""工作日 for every deadline, and 大厅开放日和时段 for screens, rosters and exam batches.

"Admin-editable table filled from chinesecalendar": what is registered here outranks the package,
and a year without a row in `calendar_year` is 暂定. Nothing is deleted: a day that is ordinary
again stays as such. How days are counted stands in calendar.py.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import PUBLIC, Json, UtcDateTime, enum_column

FIRST_YEAR = 2004
LAST_YEAR = 2100


class DayKind(StrEnum):
    """Whether one works on a day: the notice says so, or the day of the week does."""

    OFF = "off"
    WORK = "work"
    ORDINARY = "ordinary"


class CalendarSource(StrEnum):
    """Where a row comes from: out of the official notices, or typed by somebody of the hall."""

    IMPORTED = "imported"
    TYPED = "typed"


DAY_KIND_LABELS = {
    DayKind.OFF: "放假",
    DayKind.WORK: "调休上班",
    DayKind.ORDINARY: "按星期",
}
CALENDAR_SOURCE_LABELS = {
    CalendarSource.IMPORTED: "通知导入",
    CalendarSource.TYPED: "手工登记",
}


class CalendarYear(Base):
    """A year whose official notice is registered, so that its deadlines are no longer 暂定."""

    __tablename__ = "calendar_year"
    __table_args__ = (
        CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year_within"),
        CheckConstraint("notice <> ''", name="notice_given"),
        {"info": PUBLIC},
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice: Mapped[str] = mapped_column(String(120))
    source: Mapped[CalendarSource] = mapped_column(enum_column(CalendarSource, "source_valid"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SpecialDay(Base):
    """A day unlike its weekday: for deadlines (`kind`), for the hall (`periods`), or for both.

    `periods` is [["09:00", "12:00"], ...]; [] means 闭厅, NULL the usual hours.
    """

    __tablename__ = "special_day"
    __table_args__ = (
        CheckConstraint(
            "name <> '' OR (kind = 'ordinary' AND periods IS NULL)", name="reason_given"
        ),
        {"info": PUBLIC},
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_column(DayKind, "kind_valid"))
    name: Mapped[str] = mapped_column(String(40))
    # Of kind and name; the hall's hours are always typed.
    source: Mapped[CalendarSource] = mapped_column(enum_column(CalendarSource, "source_valid"))
    periods: Mapped[list[Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict.


class OpeningWeek(Base):
    """The hall's usual hours from a day on: seven lists of periods, Monday first."""

    __tablename__ = "opening_week"
    __table_args__ = {"info": PUBLIC}  # noqa: RUF012

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[list[Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
