"""The history of one window: each time that a round came by, and what it found there."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.inspections.findings import FindingRow, row_of, select_findings_for
from app.inspections.models import Finding, Inspection, WindowCheck
from app.kernel import db
from app.kernel.permissions import Permission, Principal

MOST_CHECKS = 60


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """One time that a round came by."""

    check: WindowCheck
    inspection: Inspection
    findings: list[FindingRow]


def list_windows_for(user: Principal) -> list[ServiceWindow]:
    """Give the windows whose findings somebody may see, by number."""
    statement = select(ServiceWindow).order_by(ServiceWindow.number)
    departments = user.departments_of(Permission.INSPECTIONS_FINDING_READ)
    if departments is not None:
        statement = statement.where(ServiceWindow.department_id.in_(departments))
    return list(db.session.scalars(statement))


def get_window_for(user: Principal, window_id: int) -> tuple[ServiceWindow, str] | None:
    """Give a window whose findings somebody may see, with its department."""
    found = db.session.execute(
        select(ServiceWindow, Department.name)
        .join(Department, Department.id == ServiceWindow.department_id)
        .where(ServiceWindow.id == window_id)
    ).one_or_none()
    if found is None:
        return None
    window, department = found
    departments = user.departments_of(Permission.INSPECTIONS_FINDING_READ)
    if departments is not None and window.department_id not in departments:
        return None
    return window, department


def list_checks(user: Principal, window_id: int) -> list[CheckRow]:
    """Give the last times that a finished round came by, the newest first."""
    found: dict[int, list[FindingRow]] = defaultdict(list)
    for row in db.session.execute(
        select_findings_for(user).where(WindowCheck.window_id == window_id).order_by(Finding.id)
    ):
        finding = row_of(tuple(row))
        found[finding.check.id].append(finding)
    statement = (
        select(WindowCheck, Inspection)
        .join(Inspection, Inspection.id == WindowCheck.inspection_id)
        .where(WindowCheck.window_id == window_id, Inspection.ended_at.is_not(None))
    )
    departments = user.departments_of(Permission.INSPECTIONS_FINDING_READ)
    if departments is not None:
        statement = statement.where(WindowCheck.department_id.in_(departments))
    rows = db.session.execute(statement.order_by(WindowCheck.id.desc()).limit(MOST_CHECKS))
    return [
        CheckRow(check=check, inspection=inspection, findings=found[check.id])
        for check, inspection in rows
    ]
