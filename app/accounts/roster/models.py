"""Where people work and stand in for one another: windows, posts, placements, leave, 议事机构.

"People, leave, transfer, 替岗, departure, all with dates." Nothing here is edited away: a transfer
ends one placement and begins the next, so that every day of the past can be asked who was where.
Departments and people themselves stand in app/accounts/models.py.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.feature import Trigger
from app.kernel.triggers import refuse_if_exists
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, UtcDateTime, enum_column


class PostGroup(StrEnum):
    """The groups of posts by which papers are drawn: 公共题 and 岗位题."""

    GENERAL = "general"
    SPECIAL = "special"
    ASSISTANT = "assistant"
    GUIDE = "guide"
    BACK_OFFICE = "back_office"


POST_GROUP_LABELS = {
    PostGroup.GENERAL: "综窗",
    PostGroup.SPECIAL: "专窗",
    PostGroup.ASSISTANT: "帮办",
    PostGroup.GUIDE: "导服",
    PostGroup.BACK_OFFICE: "后台",
}


class AbsenceKind(StrEnum):
    """Why somebody is not at his post."""

    MATERNITY = "maternity"
    SICK = "sick"
    ANNUAL = "annual"
    ERRAND = "errand"
    DUTY = "duty"
    TRAINING = "training"
    OTHER = "other"


ABSENCE_KIND_LABELS = {
    AbsenceKind.MATERNITY: "产假",
    AbsenceKind.SICK: "病假",
    AbsenceKind.ANNUAL: "年休假",
    AbsenceKind.ERRAND: "公差",
    AbsenceKind.DUTY: "值守",
    AbsenceKind.TRAINING: "培训",
    AbsenceKind.OTHER: "其他",
}


class CommitteeOffice(StrEnum):
    """What a member is in a committee."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"


COMMITTEE_OFFICE_LABELS = {
    CommitteeOffice.CHAIR: "组长",
    CommitteeOffice.VICE_CHAIR: "副组长",
    CommitteeOffice.MEMBER: "成员",
}


class ServiceWindow(Base):
    """A window of the hall; its number is what stands above it."""

    __tablename__ = "service_window"
    __table_args__ = {"info": PUBLIC}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Post(Base):
    """A post; its group decides which 岗位题 its holder gets."""

    __tablename__ = "post"
    __table_args__ = {"info": PUBLIC}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    post_group: Mapped[PostGroup] = mapped_column(enum_column(PostGroup, "group_valid"))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ServiceItem(Base):
    """A 事项 of the 事项目录: 事项名, 编码, 部门, 办理深度, 高频, 手册版本."""

    __tablename__ = "service_item"
    __table_args__ = {"info": PUBLIC}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    depth: Mapped[str] = mapped_column(String(40))
    is_frequent: Mapped[bool]
    manual_version: Mapped[str] = mapped_column(String(40))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Placement(Base):
    """Where a person works, and as what, from a day on; without an end until he is transferred."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        UniqueConstraint("person_id", "starts_on"),
        Index(
            "ix_placement_open",
            "person_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    window_id: Mapped[int | None] = mapped_column(ForeignKey("service_window.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Absence(Base):
    """Leave of a person, and who stands in for him at his window: 替岗."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("covered_by_id <> person_id", name="covered_by_another"),
        Index(None, "person_id"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[AbsenceKind] = mapped_column(enum_column(AbsenceKind, "kind_valid"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Deputy(Base):
    """A/B角: who does the work of a person that is away, for a period."""

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("deputy_id <> person_id", name="another_person"),
        Index(
            "ix_deputy_once",
            "person_id",
            "starts_on",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # Taken back before its first day; such a row holds on no day.
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Committee(Base):
    """领导小组, 工作小组: a body with members, each for a period."""

    __tablename__ = "committee"
    __table_args__ = {"info": PUBLIC}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    duty: Mapped[str] = mapped_column(String(300))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CommitteeMember(Base):
    """Somebody in a committee, for a period."""

    __tablename__ = "committee_member"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        UniqueConstraint("committee_id", "person_id", "starts_on"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[CommitteeOffice] = mapped_column(enum_column(CommitteeOffice, "office_valid"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Authorisation(Base):
    """Who may handle a 事项 by himself: from when, until when, by whom."""

    __tablename__ = "authorisation"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("granted_by_id <> person_id", name="granted_by_another"),
        Index(
            "ix_authorisation_once",
            "person_id",
            "service_item_id",
            "starts_on",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    service_item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Taken back before its first day; such a row holds on no day.
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def no_overlap(name: str, table: str, message: str, condition: str = "") -> list[Trigger]:
    """Build the triggers that keep the periods of one person from covering the same day twice."""
    overlapping = (
        f"SELECT 1 FROM {table} AS other WHERE other.person_id = NEW.person_id "  # noqa: S608
        f"AND other.id <> NEW.id {condition}"
        "AND other.starts_on <= coalesce(NEW.ends_on, '9999-12-31') "
        "AND coalesce(other.ends_on, '9999-12-31') >= NEW.starts_on"
    )
    return [
        refuse_if_exists(f"{name}_{event.lower()}", table, event, message, overlapping)
        for event in ("INSERT", "UPDATE")
    ]


# What was cancelled covers no day.
STANDING = "AND other.cancelled_at IS NULL AND NEW.cancelled_at IS NULL "
TRIGGERS = [
    *no_overlap("placement_once", "placement", "a person has one placement on a day"),
    *no_overlap(
        "absence_once",
        "absence",
        "a person is absent once on a day",
        STANDING,
    ),
    *no_overlap("deputy_once", "deputy", "a person has one deputy on a day", STANDING),
    *no_overlap(
        "authorisation_once",
        "authorisation",
        "a person is authorised once for an item on a day",
        f"AND other.service_item_id = NEW.service_item_id {STANDING}",
    ),
]
