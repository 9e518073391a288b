"""Photos of people, and copies of what the site holds about one.

"The photo of somebody who left is gone within the hour" (HALL 6.7). A photo is there with the
person's consent only, which the uploader confirms; he may take it back. "Per-person export" is a
file for who ordered it, for a week.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, UtcDateTime


class PersonPhoto(Base):
    """The photo of a person, 480 by 640 points at most, drawn anew from what was uploaded."""

    __tablename__ = "person_photo"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, info=PERSONAL)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True, info=PERSONAL)
    # When the uploader confirmed 本人同意使用照片.
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime, info=PERSONAL)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)


class PersonalCopy(Base):
    """个人信息副本: all that the site holds about a person, as a file for who ordered it.

    The file is erased after a week; that there was a copy, and for whom, stays.
    """

    __tablename__ = "personal_copy"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) = (erased_at IS NOT NULL)", name="there_or_erased"),
        Index(None, "person_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
