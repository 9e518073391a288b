"""Photos of people. "The photo of somebody who left is gone within the hour" (HALL 6.7).

A photo is there with the person's consent only, which the uploader confirms; he may take it back.
"""

from datetime import datetime

from sqlalchemy import ForeignKey
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
