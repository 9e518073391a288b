"""Who works in the hall, and how he proves it.

A person signs in with his 工号; a role is granted to a person, in a scope and for a period, asked
for by one and granted by another. 三员 are accounts of their own beside a person's business
account, at most one per person. The session table, not the cookie, is the truth about who is
signed in.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy import false as sa_false
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.permissions import Role
from app.kernel.triggers import refuse_if_exists
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, SENSITIVE, UtcDateTime, enum_column


class SessionEnd(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password.
    ENDED_BY_SELF = "ended_by_self"
    ENDED_BY_ADMINISTRATOR = "ended_by_administrator"
    ACCOUNT_DISABLED = "account_disabled"
    ROLES_CHANGED = "roles_changed"
    PERSON_LEFT = "person_left"
    RESTORED = "restored"


class AccountKind(StrEnum):
    """What an account is for. An administrator's has no business role, whoever owns it."""

    BUSINESS = "business"
    # The one administrator of a hall that does not separate the three duties.
    ADMINISTRATOR = "administrator"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"


# The duties that come with an account's kind, never by a grant.
DUTIES_OF = {
    AccountKind.BUSINESS: frozenset[Role](),
    AccountKind.ADMINISTRATOR: frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}),
    AccountKind.SYSADMIN: frozenset({Role.SYSADMIN}),
    AccountKind.SECADMIN: frozenset({Role.SECADMIN}),
    AccountKind.AUDITOR: frozenset({Role.AUDITOR}),
}


class DepartmentKind(StrEnum):
    """Whose a department is."""

    SECTION = "section"
    STATIONED = "stationed"


DEPARTMENT_KIND_LABELS = {
    DepartmentKind.SECTION: "中心科室",
    DepartmentKind.STATIONED: "进驻部门",
}


class Employment(StrEnum):
    """用工性质: who employs a person, and so who assesses him."""

    CIVIL = "civil"
    INSTITUTION = "institution"
    STATIONED = "stationed"
    DISPATCHED = "dispatched"


EMPLOYMENT_LABELS = {
    Employment.CIVIL: "公务员",
    Employment.INSTITUTION: "事业",
    Employment.STATIONED: "派驻",
    Employment.DISPATCHED: "派遣",
}


class PoliticalStatus(StrEnum):
    """政治面貌: kept only where the hall has switched it on (HALL.md 6.3)."""

    MEMBER = "member"
    PROBATIONARY = "probationary"
    YOUTH_LEAGUE = "youth_league"
    OTHER_PARTY = "other_party"
    NONE = "none"


POLITICAL_STATUS_LABELS = {
    PoliticalStatus.MEMBER: "中共党员",
    PoliticalStatus.PROBATIONARY: "预备党员",
    PoliticalStatus.YOUTH_LEAGUE: "共青团员",
    PoliticalStatus.OTHER_PARTY: "民主党派",
    PoliticalStatus.NONE: "群众",
}


class Hall(Base):
    """The hall whose site this is: its profile, one row."""

    __tablename__ = "hall"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": PUBLIC})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    # Switch 三员分立: off, one administrator; on, three, of whom nobody is two.
    has_separate_administrators: Mapped[bool] = mapped_column(
        default=False, server_default=sa_false()
    )
    # The first run: from the day on which the site was set up until the hall is opened.
    set_up_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    # The profile: what papers and pages print about the hall.
    former_name: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    number_prefix: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    supervision_phone: Mapped[str] = mapped_column(
        String(20), default="", server_default=text("''")
    )
    hotline: Mapped[str] = mapped_column(
        String(20), default="12345", server_default=text("'12345'")
    )
    discipline_phone: Mapped[str] = mapped_column(
        String(20), default="12388", server_default=text("'12388'")
    )
    qr_base: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    office_hours: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Department(Base):
    """A section of the centre or a 进驻部门; `position` is its place in the hall's fixed 序列."""

    __tablename__ = "department"
    __table_args__ = (CheckConstraint("position > 0", name="position_positive"), {"info": PUBLIC})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[DepartmentKind] = mapped_column(
        enum_column(DepartmentKind, "kind_valid"), default=DepartmentKind.STATIONED
    )
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict.


class Person(Base):
    """Somebody who works in the hall. `name_key` sorts lists by pinyin.

    Where he works, and as what, is a `Placement` (app/accounts/roster/models.py).
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joined"),
        CheckConstraint("anonymised_at IS NULL OR left_on IS NOT NULL", name="anonymised_has_left"),
        {"info": PERSONAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=INTERNAL)
    staff_number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    employment: Mapped[Employment | None] = mapped_column(
        enum_column(Employment, "employment_valid")
    )
    phone: Mapped[str] = mapped_column(String(20), default="", info=SENSITIVE)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    # Deferred: no list and no loader of people reads it along; see roster/political.py.
    political_status: Mapped[PoliticalStatus | None] = mapped_column(
        enum_column(PoliticalStatus, "political_status_valid"), info=SENSITIVE, deferred=True
    )
    # From then on nothing here says who he was; see app/accounts/privacy/anonymising.py.
    anonymised_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=INTERNAL)
    version: Mapped[int] = mapped_column(info=INTERNAL)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Account(Base):
    """How a person signs in. `login_name` is the 工号 after NFKC, casefold and trim.

    An administrator's account has a login name of its own; a person holds at most one in use.
    """

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "ix_account_one_business",
            "person_id",
            unique=True,
            sqlite_where=text("kind = 'business'"),
            postgresql_where=text("kind = 'business'"),
        ),
        Index(
            "ix_account_one_administrator",
            "person_id",
            unique=True,
            sqlite_where=text("kind <> 'business' AND disabled_at IS NULL"),
            postgresql_where=text("kind <> 'business' AND disabled_at IS NULL"),
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[AccountKind] = mapped_column(
        enum_column(AccountKind, "kind_valid"), default=AccountKind.BUSINESS
    )
    login_name: Mapped[str] = mapped_column(String(64), unique=True, info=PERSONAL)
    password_hash: Mapped[str] = mapped_column(String(200), info=SENSITIVE)
    password_set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # True after a reset: every page leads to the change of the password first.
    must_change_password: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When an administrator last gave it a new code: he might have used that himself.
    reset_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoleGrant(Base):
    """A role of a person: in the whole centre, or in one department; for a period.

    In force once decided and granted. Without `requested_by_id` it came with the site's set-up or
    by a command of whoever runs the machine.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("decided_by_id <> requested_by_id", name="asker_does_not_decide"),
        CheckConstraint("decided_by_id <> person_id", name="nobody_decides_for_himself"),
        CheckConstraint(
            "requested_by_id IS NULL OR decided_by_id IS NOT NULL OR decided_at IS NULL",
            name="decided_by_somebody",
        ),
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided_one_way"),
        CheckConstraint("role NOT IN ('sysadmin', 'secadmin', 'auditor')", name="no_duty"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role_valid"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_granted: Mapped[bool | None]
    # When its asker withdrew it, or it was taken back on its first day: the period says neither.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInSession(Base):
    """A signed-in browser. Only the hash of its id is kept, so that the table opens no door."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        Index(None, "account_id", "ended_at"),
        {"info": INTERNAL},
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SENSITIVE)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, info=PERSONAL)
    # When the password was last typed: dangerous acts ask for it again.
    proven_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45), info=PERSONAL)
    device: Mapped[str] = mapped_column(String(120), info=PERSONAL)
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


ADMINISTRATOR_IN_USE = "kind = 'administrator' AND disabled_at IS NULL"
TRIGGERS = [
    # Where the duties are separated nobody holds them all, and the switch can't say otherwise.
    *(
        refuse_if_exists(
            f"account_separate_{event.lower()}",
            "account",
            event,
            "the duties of administrators are separated here",
            "SELECT 1 FROM hall WHERE has_separate_administrators "
            "AND NEW.kind = 'administrator' AND NEW.disabled_at IS NULL",
        )
        for event in ("INSERT", "UPDATE")
    ),
    refuse_if_exists(
        "hall_separate_update",
        "hall",
        "UPDATE",
        "somebody still holds all duties of administrators",
        f"SELECT 1 FROM account WHERE NEW.has_separate_administrators AND {ADMINISTRATOR_IN_USE}",  # noqa: S608
    ),
]
