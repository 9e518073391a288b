"""The first run of a hall: one person sets it up, and gives the first roles, until it is opened.

"First run of a real hall as a wizard that one person can finish: hall, departments, people, first
exam." Roles are else asked for by one and granted by another; a new hall has no other. So whoever
set it up gives them alone, never to himself, until he opens the hall, separates the three duties,
or thirty days are over and the others whom it takes are there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from app.accounts import roles, service
from app.accounts.models import (
    Account,
    AccountKind,
    Department,
    Hall,
    Person,
    RoleGrant,
    SessionEnd,
)
from app.accounts.roles import GRANTABLE, GrantRow
from app.accounts.roster.models import Placement
from app.accounts.roster.people import end_sessions
from app.accounts.roster.placements import not_left, standing
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import ROLE_LABELS, Grant, Role

LONGEST = timedelta(days=30)
MOST_AT_ONCE = 200
# Who must be there before one person may stop: else nobody could publish what is drafted, confirm
# an administrator, or ask for a role that the administrator then grants.
NEEDED_BY = {
    Role.SECTION_CHIEF: "由他审核发布试卷",
    Role.LEADER: "由他确认管理员的任命",
    Role.CLERK: "除管理员本人外再要一位，由他申请角色",
}
CLOSED = "首次启用已经结束，角色请照常申请和授权。"


@dataclass(frozen=True, kw_only=True)
class FirstPerson:
    """Who sets the site up, with the passwords of his two accounts, already hashed."""

    hall_name: str
    department_name: str
    staff_number: str
    name: str
    password_hash: str
    login_name: str
    administrator_hash: str


def set_up(first: FirstPerson) -> Account:
    """Add the hall, its first department and person; gives his administrator's account."""
    service.set_hall_name(first.hall_name)
    db.session.flush()
    db.session.get_one(Hall, 1).set_up_on = clock.today()
    department_id = service.add_department(name=first.department_name, position=1)
    person_id = service.add_person(
        staff_number=first.staff_number,
        name=first.name,
        department_id=department_id,
        post="经办人",
        password_hash=first.password_hash,
        roles=[Role.CLERK],
        joined_on=clock.today(),
    )
    account = service.add_account(
        person_id=person_id,
        login_name=first.login_name,
        password_hash=first.administrator_hash,
        kind=AccountKind.ADMINISTRATOR,
    )
    append(AuditEvent.SITE_SET_UP, person_id=person_id)
    return account


def is_first_run() -> bool:
    """Tell whether this hall is being set up: not opened yet, and begun lately."""
    return runs(db.session.get(Hall, 1))


def runs(hall: Hall | None) -> bool:
    """Tell it of a hall's row."""
    if hall is None or hall.set_up_on is None or hall.opened_on is not None:
        return False
    if hall.has_separate_administrators:
        return False
    return clock.today() <= hall.set_up_on + LONGEST or bool(missing_roles())


def hold_first_run() -> Hall:
    """Hold the hall's row until the write ends; raises RefusedError once the first run is over."""
    hall = db.session.get_one(Hall, 1, with_for_update=True)
    if not runs(hall):
        raise RefusedError(form=CLOSED)
    return hall


def give_roles(*, role: Role, lines: Sequence[str], is_own_department: bool, by_id: int) -> int:
    """Give a role to everybody named, or to nobody; gives to how many it was new.

    A line is a 工号 or a name. Raises RefusedError that names each line which leads to no one.
    """
    hold_first_run()
    given = 0
    asked = [row.grant for row in list_asked(by_id, is_held=True)]
    waiting = {(grant.person_id, grant.role): grant for grant in asked}
    for person_id, home in find_people(lines, by_id):
        scope = home if is_own_department else None
        if has_role(person_id, role, scope):
            continue
        if (person_id, role) in waiting:
            grant_asked(waiting[person_id, role], by_id, scope)
        else:
            give(person_id, role, scope, by_id)
        given += 1
    return given


def has_role(person_id: int, role: Role, department_id: int | None) -> bool:
    """Tell whether somebody holds a role in this scope; one that is only asked for is none."""
    return Grant(role=role, department_id=department_id) in service.read_grants(
        person_id, clock.today()
    )


def give(person_id: int, role: Role, department_id: int | None, by_id: int | None) -> None:
    """Give a role without anybody who asked; the database refuses it to the giver himself.

    Without a giver it is given by whoever runs the machine.
    """
    grant = service.grant_at_set_up(
        person_id=person_id,
        role=role,
        department_id=department_id,
        starts_on=clock.today(),
        decided_by_id=by_id,
    )
    db.session.flush()
    roles.note(AuditEvent.ACCOUNTS_ROLE_GRANTED, grant, by_id, is_first_run=by_id is not None)
    end_sessions(person_id, SessionEnd.ROLES_CHANGED)


def list_asked(by_id: int, *, is_held: bool = False) -> list[GrantRow]:
    """Give the roles that the giver's own imported roster asks for; in a write they are held."""
    today = clock.today()
    statement = (
        roles.select_grants()
        .where(
            roles.waits(),
            RoleGrant.requested_by_id == by_id,
            RoleGrant.person_id != by_id,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
            not_left(today),
        )
        .order_by(RoleGrant.id)
    )
    if is_held:
        statement = statement.with_for_update(of=RoleGrant)
    rows = db.session.execute(statement.execution_options(populate_existing=True))
    return [roles.row_of(each) for each in rows]


def give_asked(*, by_id: int) -> int:
    """Give every role that the imported roster asks for; gives how many there were.

    Who imported it asked in name only: the grant loses its asker, the log keeps him.
    """
    hold_first_run()
    asked = [row.grant for row in list_asked(by_id, is_held=True)]
    for grant in asked:
        grant_asked(grant, by_id, grant.department_id)
    return len(asked)


def grant_asked(grant: RoleGrant, by_id: int, department_id: int | None) -> None:
    """Give one role that was asked for, in this scope."""
    grant.requested_by_id, grant.department_id = None, department_id
    grant.starts_on = max(grant.starts_on, clock.today())
    grant.decided_by_id, grant.decided_at = by_id, clock.now()
    grant.is_granted = True
    db.session.flush()
    roles.note(AuditEvent.ACCOUNTS_ROLE_GRANTED, grant, by_id, is_first_run=True)
    end_sessions(grant.person_id, SessionEnd.ROLES_CHANGED)


def find_people(lines: Sequence[str], by_id: int) -> list[tuple[int, int]]:
    """Give person and department of each line; raises RefusedError with every faulty one."""
    wanted = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(wanted) > MOST_AT_ONCE:
        raise RefusedError(people=f"一次最多{MOST_AT_ONCE}人，请分几次填。")
    found: list[tuple[int, int]] = []
    faults: list[str] = []
    for number, line in wanted:
        matches = match(line)
        if len(matches) != 1 or matches[0][0] == by_id:
            faults.append(f"第{number}行“{line}”{fault_of(matches)}")
        else:
            found += matches
    if faults:
        raise RefusedError(people="；".join(faults) + "。改好后再保存，还没有人得到角色。")
    return list(dict.fromkeys(found))


def fault_of(matches: Sequence[tuple[int, int]]) -> str:
    """Say why a line leads to no one person."""
    if not matches:
        return "没有这个在岗的人，请先在人员里添加，或核对工号"
    return "有几个人同名，请写工号" if len(matches) > 1 else "是你本人，不能给自己授权"


def match(line: str) -> list[tuple[int, int]]:
    """Give who has this 工号, or this name, with his department of today."""
    today = clock.today()
    statement = (
        select(Person.id, Placement.department_id)
        .join(Placement, standing(today))
        .where(not_left(today))
        .order_by(Person.id)
    )
    by_number = db.session.execute(
        statement.where(func.lower(Person.staff_number) == service.normalise(line))
    ).all()
    found = by_number or db.session.execute(statement.where(Person.name == line)).all()
    return [(person_id, home) for person_id, home in found]


def list_first_roles() -> list[GrantRow]:
    """Give the roles that were given in the first run and hold, by role, department and name."""
    today = clock.today()
    rows = db.session.execute(
        roles.select_grants()
        .where(
            RoleGrant.requested_by_id.is_(None),
            RoleGrant.decided_by_id.is_not(None),
            *service.in_force(today),
        )
        .order_by(Department.position, Person.name_key, RoleGrant.id)
    )
    places = {role: place for place, role in enumerate(GRANTABLE)}
    found = [roles.row_of(each) for each in rows]
    return sorted(found, key=lambda row: places[row.grant.role])


def withdraw_role(*, grant_id: int, by_id: int) -> None:
    """Take back a role that was given here by mistake; raises RefusedError."""
    hold_first_run()
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.requested_by_id is not None or grant.decided_by_id is None:
        raise RefusedError(form="这个角色不是在首次启用时给的，请在“角色授权”里收回。")
    roles.end_role(grant_id=grant_id, reason="首次启用时撤回", ended_by_id=by_id)


def holders() -> dict[Role, int]:
    """Count who in service holds each role today; who administers does not count as 经办人."""
    today = clock.today()
    administers = select(Account.person_id).where(
        Account.kind != AccountKind.BUSINESS, Account.disabled_at.is_(None)
    )
    rows = db.session.execute(
        select(RoleGrant.role, func.count(func.distinct(RoleGrant.person_id)))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            *service.in_force(today),
            not_left(today),
            or_(RoleGrant.role != Role.CLERK, RoleGrant.person_id.not_in(administers)),
        )
        .group_by(RoleGrant.role)
    )
    return {role: count for role, count in rows}  # noqa: C416 - rows are not pairs to mypy.


def missing_roles() -> list[Role]:
    """Give the roles that somebody must hold before the hall can go on without the exception."""
    held = holders()
    return [role for role in NEEDED_BY if not held.get(role)]


def open_hall(*, by_id: int) -> None:
    """End the first run: from now on roles are asked for by one and granted by another."""
    hall = hold_first_run()
    missing = missing_roles()
    if missing:
        names = "、".join(f"{ROLE_LABELS[role]}（{NEEDED_BY[role]}）" for role in missing)
        raise RefusedError(form=f"还缺{names}。请先在“首批角色”里设好。")
    hall.opened_on = clock.today()
    append(AuditEvent.ACCOUNTS_HALL_OPENED, person_id=by_id, object_type="hall", object_id=1)
