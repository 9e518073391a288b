"""One department in one exam: its figures, who failed and who was absent.

"Names of 不合格 and 缺考 on a separate sheet to that department's lead only." No marks stand beside
the names, and nothing ranks them: what a lead needs is who sits the 补考.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.exams import attendance
from app.exams.attendance import PassCounts
from app.exams.models import Exam, Sitting, SittingResult
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
        select(*attendance.pass_counts())
        .select_from(Sitting)
        .outerjoin(SittingResult, is_counted(exam))
        .where(Sitting.exam_id == exam.id, Sitting.department_id == department_id)
    ).one()
    return attendance.pass_counts_of(row)


def list_named(exam: Exam, department_id: int) -> dict[MakeupReason, list[Named]]:
    """Give who failed, who was absent and who was deferred, each by 姓氏笔画."""
    reasons = makeups.list_candidates(exam, department_id)
    people = db.session.execute(
        select(Person.id, Person.name, Person.staff_number)
        .where(Person.id.in_(reasons))
        .order_by(Person.staff_number)
    )
    found: dict[MakeupReason, list[Named]] = {reason: [] for reason in MakeupReason}
    for person_id, name, staff_number in people:
        found[reasons[person_id]].append(Named(name=name, staff_number=staff_number))
    return {
        reason: sort_by_strokes(named, lambda each: each.name) for reason, named in found.items()
    }
