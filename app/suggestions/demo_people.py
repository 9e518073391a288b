"""Who acts in the demonstration's ideas and 建议单: holders of the roles, as services see them."""

from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.acting import acting
from app.accounts.models import Department, RoleGrant
from app.accounts.roster.models import Placement
from app.kernel import db
from app.kernel.permissions import Principal, Role

CARRIER = "不动产登记中心"
SECTIONS = ("督查科", "办公室", "业务科")
# Long before the first of these stories begins.
BEGUN = timedelta(days=300)


def department_id(name: str = CARRIER) -> int:
    """Give a department of the demonstration by its name."""
    return db.session.scalars(select(Department.id).where(Department.name == name)).one()


def holder(role: Role, day: date, *, place: int = 0, department: int | None = None) -> Principal:
    """Give the holder of a role at some place; who lacks is appointed from 办公室 and 督查科."""
    found = db.session.scalars(
        select(RoleGrant.person_id)
        .where(
            RoleGrant.role == role,
            RoleGrant.is_granted.is_(True),
            RoleGrant.ended_at.is_(None),
            RoleGrant.starts_on <= day - BEGUN,
            *accounts.in_force(day),
            RoleGrant.department_id.is_(None)
            if department is None
            else RoleGrant.department_id.in_([department]),
        )
        .order_by(RoleGrant.id)
    ).all()
    unique = list(dict.fromkeys(found))
    if place < len(unique):
        return acting(unique[place], day)
    return acting(appoint(role, day, department), day)


def appoint(role: Role, day: date, department: int | None) -> int:
    """Give a role to somebody who has none that it goes badly with; gives his id."""
    busy = {Role.LEADER, Role.SECTION_CHIEF, Role.CLERK, Role.OFFICE, Role.WINDOW_LEAD, role}
    others = select(RoleGrant.person_id).where(RoleGrant.role.in_(busy))
    homes = [department] if department else [department_id(name) for name in SECTIONS]
    person_id = db.session.scalars(
        select(Placement.person_id)
        .where(
            Placement.department_id.in_(homes),
            Placement.starts_on <= day - BEGUN,
            Placement.ends_on.is_(None),
            Placement.person_id.not_in(others),
        )
        .order_by(Placement.id)
        .limit(1)
    ).one()
    with db.write():
        accounts.grant_at_set_up(
            person_id=person_id, role=role, starts_on=day - BEGUN, department_id=department
        )
    return person_id
