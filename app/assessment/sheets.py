"""Reading 部门考核表: a lead that of his department; chiefs, office and leaders all."""

from sqlalchemy import func, select

from app.accounts.models import Department
from app.assessment.models import (
    AssessmentCycle,
    CycleState,
    DepartmentSheet,
    Portrait,
    SheetRow,
)
from app.kernel import db
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal

FACTS = (
    select(func.count(SheetRow.id))
    .where(SheetRow.sheet_id == DepartmentSheet.id)
    .correlate(DepartmentSheet)
    .scalar_subquery()
)
PEOPLE = (
    select(func.count(Portrait.id))
    .where(
        Portrait.cycle_id == DepartmentSheet.cycle_id,
        Portrait.department_id == DepartmentSheet.department_id,
    )
    .correlate(DepartmentSheet)
    .scalar_subquery()
)


def select_sheets_for(user: Principal) -> Statement:
    """Select sheets with department, number of facts and of people."""
    found = (
        select(DepartmentSheet, Department, FACTS, PEOPLE)
        .join(Department, Department.id == DepartmentSheet.department_id)
        .join(AssessmentCycle, AssessmentCycle.id == DepartmentSheet.cycle_id)
        .where(AssessmentCycle.state != CycleState.COLLECTING)
    )
    scope = user.departments_of(Permission.ASSESSMENT_PORTRAIT_READ)
    return found if scope is None else found.where(DepartmentSheet.department_id.in_(scope))


def get_sheet_for(user: Principal, record_id: int) -> DepartmentSheet | None:
    """Give a sheet that somebody may read."""
    found: DepartmentSheet | None = db.session.scalar(
        select_sheets_for(user).where(DepartmentSheet.id == record_id)
    )
    return found
