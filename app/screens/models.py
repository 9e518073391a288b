"""大厅屏 by groups: screens that hang alike and show the same; and the picture packages of a group.

"Screens already belong to a vendor's 信息发布系统 (odd LED strips too). Beside the site's own
player: every approved slide as PNG at any width and height, in a zip with validity dates and the
list of what to take down." What is shown comes from other rooms (kernel/slides); nothing of it is
kept here but what each package held, for that list.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, UtcDateTime, enum_column

MAX_NAME = 40
LEAST_INCHES, MOST_INCHES = 20, 300
LEAST_METRES, MOST_METRES = 1, 30
LEAST_PIXELS, MOST_PIXELS = 64, 7680


class ScreenOrientation(StrEnum):
    """How a group's screens hang."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


class ScreenPace(StrEnum):
    """How long a page stays: for everybody, or longer where many old people wait."""

    NORMAL = "normal"
    SLOW = "slow"


ORIENTATION_LABELS = {
    ScreenOrientation.LANDSCAPE: "横屏",
    ScreenOrientation.PORTRAIT: "竖屏",
}
PACE_LABELS = {
    ScreenPace.NORMAL: "一般",
    ScreenPace.SLOW: "适老（慢）",
}


class ScreenGroup(Base):
    """Screens that show the same; `slug` is the last part of their address."""

    __tablename__ = "screen_group"
    __table_args__ = (
        CheckConstraint("slug <> '' AND slug = lower(slug)", name="slug_lower"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint(f"inches BETWEEN {LEAST_INCHES} AND {MOST_INCHES}", name="inches_within"),
        CheckConstraint(f"metres BETWEEN {LEAST_METRES} AND {MOST_METRES}", name="metres_within"),
        {"info": PUBLIC},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME), unique=True)
    orientation: Mapped[ScreenOrientation] = mapped_column(
        enum_column(ScreenOrientation, "orientation_valid")
    )
    pace: Mapped[ScreenPace] = mapped_column(enum_column(ScreenPace, "pace_valid"))
    # The diagonal, and from how far it is read.
    inches: Mapped[int]
    metres: Mapped[int]
    # Whether it shows all departments, those of later too, or the chosen ones.
    takes_all: Mapped[bool]
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict.


class ScreenGroupDepartment(Base):
    """A department that a group was told to show."""

    __tablename__ = "screen_group_department"
    __table_args__ = (Index(None, "department_id"), {"info": PUBLIC})

    group_id: Mapped[int] = mapped_column(ForeignKey("screen_group.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class ScreenPackage(Base):
    """All slides of a group as pictures of one size, in a zip that is erased after some days."""

    __tablename__ = "screen_package"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) = (erased_at IS NOT NULL)", name="there_or_erased"),
        CheckConstraint(
            f"width BETWEEN {LEAST_PIXELS} AND {MOST_PIXELS} "
            f"AND height BETWEEN {LEAST_PIXELS} AND {MOST_PIXELS}",
            name="size_within",
        ),
        Index(None, "group_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("screen_group.id"))
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When it was first downloaded: only then somebody can have hung and taken down what it says.
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    width: Mapped[int]
    height: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScreenPackageItem(Base):
    """One picture of a package; stays when the file is gone, so that the next knows what hangs."""

    __tablename__ = "screen_package_item"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_later"),
        {"info": INTERNAL},
    )

    package_id: Mapped[int] = mapped_column(ForeignKey("screen_package.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    slide_key: Mapped[str] = mapped_column(String(80))
    slide_version: Mapped[str] = mapped_column(String(64))
    window: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
