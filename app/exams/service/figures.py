"""成绩情况: the figures of an exam by department, by span of marks, and month by month.

"成绩通报: ... 部门情况表 (by 序列, not by rank)"; "n < 5 merged into 其他进驻部门". A rate never
stands without its parts, and nothing here ranks anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, true

from app.accounts.models import Department
from app.exams import attendance
from app.exams.attendance import PassCounts
from app.exams.models import Exam, Sitting, SittingResult
from app.exams.monthly import MONTHS, is_monthly
from app.exams.service.results import is_counted
from app.kernel import db

LEAST = 5
OTHERS = "其他进驻部门"
SPANS = 10


@dataclass(frozen=True, kw_only=True)
class DepartmentFigures(PassCounts):
    """One line of the 部门情况表; in 其他进驻部门 stand as many departments as `merged` says."""

    name: str
    merged: int = 1


@dataclass(frozen=True, kw_only=True)
class MonthFigures(PassCounts):
    """One exam of the trend."""

    exam_id: int
    title: str
    closes_at: datetime
    # The sum of all marks over the full marks of those who sat, in percent.
    share: Decimal | None


def read_departments(exam: Exam) -> list[DepartmentFigures]:
    """Give the 部门情况表 in the hall's 序列, those under five merged at its end."""
    rows: Any = db.session.execute(
        select(
            Department.name,
            *attendance.pass_counts(),
        )
        .join(Department, Department.id == Sitting.department_id)
        .outerjoin(SittingResult, is_counted(exam))
        .where(Sitting.exam_id == exam.id)
        .group_by(Department.id, Department.name, Department.position)
        .order_by(Department.position)
    )
    return merge(
        [
            DepartmentFigures(name=name, **vars(attendance.pass_counts_of(counted)))
            for name, *counted in rows
        ]
    )


def merge(lines: Sequence[DepartmentFigures]) -> list[DepartmentFigures]:
    """Merge the departments with fewer than five due into one line at the end.

    Where these are fewer than five together, the smallest of the others join them: a line of its
    own would tell of them, and so would the sum less all other lines.
    """
    small = [each for each in lines if each.due < LEAST]
    if not small:
        return list(lines)
    rest = sorted((each for each in lines if each.due >= LEAST), key=lambda each: each.due)
    while rest and sum(each.due for each in small) < LEAST:
        small.append(rest.pop(0))
    kept = {each.name for each in rest}
    return [*(each for each in lines if each.name in kept), join(small)]


def join(lines: Sequence[DepartmentFigures]) -> DepartmentFigures:
    """Add departments up into 其他进驻部门."""
    return DepartmentFigures(
        name=OTHERS,
        merged=sum(each.merged for each in lines),
        due=sum(each.due for each in lines),
        deferred=sum(each.deferred for each in lines),
        exempt=sum(each.exempt for each in lines),
        sat=sum(each.sat for each in lines),
        passed=sum(each.passed for each in lines),
    )


def read_distribution(exam: Exam) -> list[tuple[str, int]]:
    """Count the marks in ten spans of the full marks; the last holds the full marks too."""
    counts = [0] * SPANS
    marks = db.session.scalars(
        select(SittingResult.marks)
        .join(Sitting, is_counted(exam))
        .where(Sitting.exam_id == exam.id)
    )
    for each in marks:
        counts[span_of(each, exam.full_marks)] += 1
    return [(span_label(place), count) for place, count in enumerate(counts)]


def span_of(marks: Decimal, full: Decimal) -> int:
    """Give the span in which marks lie: 60 of 100 begin the seventh."""
    return min(SPANS - 1, int(marks * SPANS / full)) if full else 0


def start_of(place: int) -> int:
    """Give where a span begins, in percent of the full marks."""
    return place * 100 // SPANS


def span_label(place: int) -> str:
    """Write a span in percent of the full marks."""
    start = f"{start_of(place)}%"
    return f"{start}以上" if place == SPANS - 1 else f"{start}–{start_of(place + 1)}%"


def read_trend(exam: Exam, department_id: int | None = None) -> list[MonthFigures]:
    """Give the 一月一考 of the year up to this one whose results are out, the oldest first.

    Of the hall, or of one department.
    """
    is_meant = true() if department_id is None else Sitting.department_id == department_id
    months: Any = db.session.execute(
        select(
            Exam.id,
            Exam.title,
            Exam.closes_at,
            Exam.full_marks,
            *attendance.pass_counts(),
            func.coalesce(func.sum(SittingResult.marks), 0),
        )
        .join(Sitting, Sitting.exam_id == Exam.id)
        .outerjoin(SittingResult, is_counted())
        .where(
            Exam.released_at.is_not(None),
            is_monthly(),
            Exam.closes_at <= exam.closes_at,
            is_meant,
        )
        .group_by(Exam.id, Exam.title, Exam.full_marks, Exam.closes_at)
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
        .limit(MONTHS)
    )
    return [month_of(row) for row in months][::-1]


def month_of(row: Any) -> MonthFigures:  # noqa: ANN401 - a row of the database.
    """Build one exam of the trend."""
    exam_id, title, closes_at, full, *counted, total = row
    counts = attendance.pass_counts_of(counted)
    return MonthFigures(
        exam_id=exam_id,
        title=title,
        closes_at=closes_at,
        share=100 * Decimal(total) / (full * counts.sat) if counts.sat and full else None,
        **vars(counts),
    )
