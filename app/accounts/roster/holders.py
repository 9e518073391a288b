"""Who is in service and holds one of some roles on a day: whom a form offers by name."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from app.accounts.models import Person, RoleGrant
from app.accounts.roster.placements import not_left
from app.accounts.service import in_force
from app.kernel import db
from app.kernel.permissions import Role


def list_holders(roles: Collection[Role], on: date) -> list[Person]:
    """Give the people in service who hold one of these roles on a day, by pinyin."""
    holds = select(RoleGrant.person_id).where(RoleGrant.role.in_(roles), *in_force(on))
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.id.in_(holds), Person.joined_on <= on, not_left(on))
            .order_by(Person.name_key, Person.id)
        )
    )


def list_scoped(role: Role, department_id: int, on: date) -> frozenset[int]:
    """Give the ids of those in service who hold a role in one department on a day."""
    found = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, RoleGrant.department_id == department_id, *in_force(on))
        .where(Person.joined_on <= on, not_left(on))
    )
    return frozenset(db.session.scalars(found))
