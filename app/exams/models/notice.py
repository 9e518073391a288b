"""What goes out after an exam: the words of the 成绩通报, and the zips with everybody's papers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime


class ExamNotice(Base):
    """表扬, 补考与课堂安排 and the day of one 成绩通报; without it they are proposed."""

    __tablename__ = "exam_notice"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    # Persons who are praised; their names are written when it is printed.
    praised_ids: Mapped[list[Any]] = mapped_column(Json, info=PERSONAL)
    praise: Mapped[str] = mapped_column(String(100))
    arrangement: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[date]
    version: Mapped[int]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExamPackage(Base):
    """成绩材料包: a zip with the 通报, each department's sheet and each person's."""

    __tablename__ = "exam_package"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    # None once it has been erased.
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    papers: Mapped[int]
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
