"""Whom of those on rolls somebody acts for: a lead for his own department, others for all."""

from sqlalchemy import false

from app.exams.models import Sitting
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal


def within(found: Statement, user: Principal, permission: Permission) -> Statement:
    """Narrow a statement over sittings to the departments in which a permission is held."""
    if not user.can(permission):
        return found.where(false())
    scope = user.departments_of(permission)
    return found if scope is None else found.where(Sitting.department_id.in_(scope))
