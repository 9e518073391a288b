"""One department in one exam: its figures, who failed and who was absent, and its year.

"Names of 不合格 and 缺考 on a separate sheet to that department's lead only." No marks stand beside
the names, and nothing ranks them: what a lead needs is who sits the 补考.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Department, Person
from app.exams import attendance
from app.exams.attendance import PassCounts
from app.exams.models import Exam, Sitting, SittingResult
from app.exams.monthly import MONTHS, is_monthly
from app.exams.service import makeups
from app.exams.service.makeups import MakeupReason
from app.exams.service.results import is_counted
from app.kernel import db
from app.kernel.strokes import sort_by_strokes


@dataclass(frozen=True, kw_only=True)
class Named:
    """One who is to sit again."""

    name: str
    staff_number: str


def read_counts(exam: Exam, department_id: int) -> PassCounts:
    """Count a department in an exam."""
    row: Any = db.session.execute(
        select(*attendance.counts(), func.count().filter(SittingResult.is_passed.is_(True)))
        .select_from(Sitting)
        .outerjoin(SittingResult, is_counted(exam))
        .where(Sitting.exam_id == exam.id, Sitting.department_id == department_id)
    ).one()
    due, deferred, exempt, sat, passed = row
    return PassCounts(due=due, deferred=deferred, exempt=exempt, sat=sat, passed=passed)


def list_named(exam: Exam, department_id: int) -> dict[MakeupReason, list[Named]]:
    """Give who failed, who was absent and who was deferred, each by 姓氏笔画."""
    reasons = makeups.list_candidates(exam)
    people = db.session.execute(
        select(Person.id, Person.name, Person.staff_number)
        .join(Sitting, Sitting.person_id == Person.id)
        .where(Sitting.exam_id == exam.id, Sitting.department_id == department_id)
        .order_by(Person.staff_number)
    )
    found: dict[MakeupReason, list[Named]] = {reason: [] for reason in MakeupReason}
    for person_id, name, staff_number in people:
        if person_id in reasons:
            found[reasons[person_id]].append(Named(name=name, staff_number=staff_number))
    return {
        reason: sort_by_strokes(named, lambda each: each.name) for reason, named in found.items()
    }


def read_year(exam: Exam, department: Department) -> Sequence[tuple[Exam, PassCounts]]:
    """Give the 一月一考 of the year up to this one in a department, the oldest first."""
    rows: Any = db.session.execute(
        select(
            Exam,
            *attendance.counts(),
            func.count().filter(SittingResult.is_passed.is_(True)),
        )
        .join(Sitting, Sitting.exam_id == Exam.id)
        .outerjoin(SittingResult, is_counted())
        .where(
            Exam.released_at.is_not(None),
            is_monthly(),
            Exam.closes_at <= exam.closes_at,
            Sitting.department_id == department.id,
        )
        .group_by(Exam.id)
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
        .limit(MONTHS)
    )
    found = [
        (each, PassCounts(due=due, deferred=deferred, exempt=exempt, sat=sat, passed=passed))
        for each, due, deferred, exempt, sat, passed in rows
    ]
    return found[::-1]
