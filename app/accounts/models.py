"""Who works in the hall, and how he proves it.

A person signs in with his 工号; a role is granted to a person, in a scope and for a period. The
session table, not the cookie, is the truth about who is signed in. The roster, windows, posts and
the separate administrator accounts of 三员分立 come with the roster import.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.kernel.permissions import Role
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, SENSITIVE, UtcDateTime, enum_column


class SessionEnd(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password.


class Hall(Base):
    """The hall whose site this is: its profile, one row."""

    __tablename__ = "hall"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": PUBLIC})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))


class Department(Base):
    """A section of the centre or a 进驻部门; `position` is its place in the hall's fixed 序列."""

    __tablename__ = "department"
    __table_args__ = {"info": PUBLIC}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(unique=True)


class Person(Base):
    """Somebody who works in the hall. `name_key` sorts lists by pinyin."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joined"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    staff_number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    post: Mapped[str] = mapped_column(String(40))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]

    department: Mapped[Department] = relationship(lazy="raise")


class Account(Base):
    """How a person signs in. `login_name` is the 工号 after NFKC, casefold and trim."""

    __tablename__ = "account"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    login_name: Mapped[str] = mapped_column(String(64), unique=True, info=PERSONAL)
    password_hash: Mapped[str] = mapped_column(String(200), info=SENSITIVE)
    password_set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoleGrant(Base):
    """A role of a person: in the whole centre, or in one department; for a period."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        UniqueConstraint("person_id", "role", "department_id", "starts_on"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role, "role_valid"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class SignInSession(Base):
    """A signed-in browser. Only the hash of its id is kept, so that the table opens no door."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        Index(None, "person_id", "ended_at"),
        {"info": INTERNAL},
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SENSITIVE)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, info=PERSONAL)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[SessionEnd | None] = mapped_column(
        enum_column(SessionEnd, "end_reason_valid")
    )


class SignInThrottle(Base):
    """Failed sign-ins of one login name; an unknown name is counted like a known one."""

    __tablename__ = "sign_in_throttle"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures_count"),
        {"info": INTERNAL},
    )

    login_name: Mapped[str] = mapped_column(String(64), primary_key=True, info=PERSONAL)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
