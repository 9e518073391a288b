"""Roles: asked for by one, granted by another, in a scope and for a period.

"Role grants with scope and period, requested by one and granted by another, compared by person, not
by account." The database refuses a grant by the asker or by the person himself; whoever loses or
gets a role signs in anew.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from app.accounts.models import DUTIES_OF, Department, Person, RoleGrant, SessionEnd
from app.accounts.roster.models import Placement
from app.accounts.roster.people import end_sessions
from app.accounts.roster.placements import placed
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import ROLE_LABELS, Permission, Principal, Role

DUTIES = frozenset().union(*DUTIES_OF.values())
GRANTABLE = tuple(role for role in Role if role not in DUTIES)
LONGEST = timedelta(days=366 * 3)


@dataclass(frozen=True, kw_only=True)
class GrantRow:
    """A grant as lists show it."""

    grant: RoleGrant
    person: Person
    department: str
    requested_by: str
    decided_by: str


def select_grants() -> Statement:
    """Select all grants with the names that belong to them."""
    asker, decider = aliased(Person), aliased(Person)
    return (
        select(RoleGrant, Person, Department.name, asker.name, decider.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Department, Department.id == RoleGrant.department_id)
        .outerjoin(asker, asker.id == RoleGrant.requested_by_id)
        .outerjoin(decider, decider.id == RoleGrant.decided_by_id)
    )


def select_grants_for(user: Principal) -> Statement:
    """Select the grants of the people whose roles somebody may see: those of his departments."""
    departments = user.departments_of(Permission.ACCOUNTS_ROLE_READ)
    statement = select_grants()
    if departments is None:
        return statement
    here = select(Placement.person_id).where(
        Placement.department_id.in_(departments), *placed(clock.today())
    )
    return statement.where(RoleGrant.person_id.in_(here))


def row_of(found: tuple[RoleGrant, Person, str | None, str | None, str | None]) -> GrantRow:
    """Name the parts of a result row."""
    grant, person, department, requested_by, decided_by = found
    return GrantRow(
        grant=grant,
        person=person,
        department=department or "全中心",
        requested_by=requested_by or "首次启用",
        decided_by=decided_by or "",
    )


def list_grants(person_id: int) -> list[GrantRow]:
    """Give a person's grants, the latest first."""
    rows = db.session.execute(
        select_grants().where(RoleGrant.person_id == person_id).order_by(RoleGrant.id.desc())
    )
    return [row_of(each) for each in rows]


def state_of(grant: RoleGrant, today: date) -> tuple[str, str]:
    """Say how far a grant is, and the kind of tag that shows it."""
    if grant.ended_at is not None:
        return ("已撤回" if grant.decided_at is None else "已收回"), "tag"
    if grant.decided_at is None:
        return "待授权", "tag-amber"
    if not grant.is_granted:
        return "未同意", "tag"
    if grant.ends_on is not None and grant.ends_on < today:
        return "已到期", "tag"
    return ("未开始", "tag-blue") if grant.starts_on > today else ("有效", "tag-green")


def request_role(
    *,
    person_id: int,
    role: Role,
    department_id: int | None,
    starts_on: date,
    ends_on: date | None,
    requested_by_id: int,
) -> int:
    """Ask that a person may act in a role; raises RefusedError. Returns the grant's id."""
    if role in DUTIES:
        raise RefusedError(role="管理员不是授权的角色，请在“管理员账号”里办理。")
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(ends_on="结束日期不能早于开始日期。")
    if ends_on is not None and ends_on - starts_on > LONGEST:
        raise RefusedError(ends_on="一次授权最长三年，到期再办。")
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.left_on is not None:
        raise RefusedError(form="这个人已经登记离岗，不能再申请角色。")
    if find_same(person_id, role, department_id, starts_on, ends_on) is not None:
        raise RefusedError(role="这个角色在这段时间已经有了，或者正在等授权。")
    grant = RoleGrant(
        person_id=person_id,
        role=role,
        department_id=department_id,
        starts_on=starts_on,
        ends_on=ends_on,
        requested_by_id=requested_by_id,
        requested_at=clock.now(),
    )
    db.session.add(grant)
    db.session.flush()
    note(AuditEvent.ACCOUNTS_ROLE_REQUESTED, grant, requested_by_id)
    return grant.id


def find_same(
    person_id: int, role: Role, department_id: int | None, starts_on: date, ends_on: date | None
) -> int | None:
    """Give a grant of the same role and scope that shares a day, granted or waiting."""
    statement = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.is_granted.is_not(False),
        RoleGrant.ended_at.is_(None),
        RoleGrant.department_id.is_not_distinct_from(department_id),
        RoleGrant.ends_on.is_(None) | (RoleGrant.ends_on >= starts_on),
    )
    if ends_on is not None:
        statement = statement.where(RoleGrant.starts_on <= ends_on)
    return db.session.scalar(statement.limit(1))


def decide(*, grant_id: int, is_granted: bool, decided_by_id: int) -> None:
    """Grant a role that was asked for, or refuse it; raises RefusedError.

    A grant that begins in the past begins today: nobody acted in a role before he had it.
    """
    grant = db.session.get_one(RoleGrant, grant_id, with_for_update=True)
    if not is_waiting(grant):
        raise RefusedError(form="这一项已经办理过了。")
    if decided_by_id == grant.requested_by_id:
        raise RefusedError(form="申请人不能给自己申请的事项授权，请由另一位安全管理员办理。")
    if decided_by_id == grant.person_id:
        raise RefusedError(form="不能给本人授权，请由另一位安全管理员办理。")
    today = clock.today()
    if is_granted and grant.ends_on is not None and grant.ends_on < today:
        raise RefusedError(form="申请的期限已经过去，请不同意，再重新申请。")
    if is_granted:
        grant.starts_on = max(grant.starts_on, today)
    grant.decided_by_id, grant.decided_at = decided_by_id, clock.now()
    grant.is_granted = is_granted
    db.session.flush()
    event = AuditEvent.ACCOUNTS_ROLE_GRANTED if is_granted else AuditEvent.ACCOUNTS_ROLE_REFUSED
    note(event, grant, decided_by_id)
    if is_granted and grant.starts_on <= today:
        end_sessions(grant.person_id, SessionEnd.ROLES_CHANGED)


def is_waiting(grant: RoleGrant) -> bool:
    """Tell whether somebody still has to decide on a grant."""
    return grant.decided_at is None and grant.ended_at is None


def waits() -> ColumnElement[bool]:
    """Give the same as a condition."""
    return and_(RoleGrant.decided_at.is_(None), RoleGrant.ended_at.is_(None))


def withdraw(*, grant_id: int, withdrawn_by_id: int) -> None:
    """Take back a request of one's own that nobody has decided on; raises RefusedError."""
    grant = db.session.get_one(RoleGrant, grant_id, with_for_update=True)
    if not is_waiting(grant):
        raise RefusedError(form="这一项已经办理过了。")
    if grant.requested_by_id != withdrawn_by_id:
        raise RefusedError(form="只能撤回自己提出的申请。")
    grant.ended_at = clock.now()
    db.session.flush()
    note(AuditEvent.ACCOUNTS_ROLE_WITHDRAWN, grant, withdrawn_by_id)


def end_role(*, grant_id: int, reason: str, ended_by_id: int) -> None:
    """Take a role away from now on; raises RefusedError.

    A role that held until yesterday ends yesterday, one that has not begun is refused instead.
    """
    grant = db.session.get_one(RoleGrant, grant_id, with_for_update=True)
    today = clock.today()
    if not grant.is_granted or (grant.ends_on is not None and grant.ends_on < today):
        raise RefusedError(form="这个角色现在没有生效。")
    if ended_by_id == grant.person_id:
        raise RefusedError(form="不能办理本人的角色，请由另一位安全管理员办理。")
    yesterday = today - timedelta(days=1)
    if grant.starts_on > yesterday:
        # It has not held for a whole day: the period keeps its first day, the grant is withdrawn.
        grant.is_granted, grant.ended_at = False, clock.now()
    else:
        grant.ends_on = yesterday
    db.session.flush()
    note(AuditEvent.ACCOUNTS_ROLE_ENDED, grant, ended_by_id, reason=reason)
    end_sessions(grant.person_id, SessionEnd.ROLES_CHANGED)


def note(event: AuditEvent, grant: RoleGrant, by_id: int | None, **more: object) -> None:
    """Write down an act on a grant."""
    append(
        event,
        person_id=by_id,
        object_type="role_grant",
        object_id=grant.id,
        for_person=grant.person_id,
        role=grant.role,
        department_id=grant.department_id,
        starts_on=grant.starts_on.isoformat(),
        ends_on=grant.ends_on.isoformat() if grant.ends_on else None,
        **more,
    )


def role_choices() -> list[tuple[str, str]]:
    """Give the roles that can be asked for, with their names."""
    return [(role.value, ROLE_LABELS[role]) for role in GRANTABLE]
