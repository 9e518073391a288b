"""Exams whose figures somebody may read: of all, once the results are out; sooner, who grades.

成绩通报 goes to every 科室 and 进驻部门; whoever sat the exam himself reads it too. Names of those
who failed or were absent go to the lead of their department alone.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.accounts.models import Department
from app.exams import attendance
from app.exams.models import Exam, Sitting, SittingResult
from app.exams.service import papers
from app.exams.service.results import is_counted
from app.kernel import db
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal

NAMES = Permission.EXAMS_DEPARTMENT_READ


def select_reported_for(user: Principal) -> Select[Exam]:
    """Select the exams whose figures this person may read."""
    is_seen: Any = Exam.released_at.is_not(None)
    if user.can(Permission.EXAMS_RESULT_READ):
        own = papers.select_papers_for(user).with_only_columns(Exam.id)
        is_seen = or_(is_seen, Exam.id.in_(own))
    return select(Exam).where(is_seen)


def get_reported_for(user: Principal, exam_id: int) -> Exam | None:
    """Give an exam whose figures this person may read."""
    return db.session.scalar(select_reported_for(user).where(Exam.id == exam_id))


def select_figures_for(user: Principal) -> Statement:
    """Select the exams with results whose figures somebody may read, each with its counts.

    Gives the exam, 应考, 缓考, 免考, 实考, 合格 and the sum of all marks.
    """
    return (
        select_reported_for(user)
        .where(Exam.graded_run > 0)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .outerjoin(SittingResult, is_counted())
        .add_columns(*attendance.pass_counts(), total_marks())
        .group_by(Exam.id)
    )


def select_departments_for(user: Principal) -> Statement:
    """Select the departments in exams with results whose names somebody may read.

    Gives the exam, the department, 应考, 缓考, 免考, 实考, 合格 and the sum of all marks.
    """
    found = (
        select_reported_for(user)
        .where(Exam.graded_run > 0)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .join(Department, Department.id == Sitting.department_id)
        .outerjoin(SittingResult, is_counted())
        .add_columns(Department, *attendance.pass_counts(), total_marks())
        .group_by(Exam.id, Department.id)
    )
    scope = user.departments_of(NAMES)
    return found if scope is None else found.where(Department.id.in_(scope))


def total_marks() -> Any:  # noqa: ANN401 - a column of the marks' own type.
    """Give the column that adds all marks up."""
    return func.coalesce(func.sum(SittingResult.marks), 0)


def get_department_for(
    user: Principal, exam_id: int, department_id: int
) -> tuple[Exam, Department] | None:
    """Give an exam and a department on its roll whose names somebody may read."""
    found = db.session.execute(
        select_departments_for(user).where(Exam.id == exam_id, Department.id == department_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def list_departments_for(user: Principal) -> Sequence[Department]:
    """Give the departments whose names somebody may read, in the hall's 序列."""
    scope = user.departments_of(NAMES)
    found = select(Department).order_by(Department.position)
    return db.session.scalars(
        found if scope is None else found.where(Department.id.in_(scope))
    ).all()
