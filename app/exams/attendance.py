"""How somebody on a roll stands: 应考, 缓考, 免考, 实考, 缺考; the one place that decides it.

"补考, 缓考, 缺考, 免考 are four things"; "参考率 = 实考 ÷ (应考 - 缓考 - 免考)". 应考 is everybody
on the roll; 缺考 is whoever neither came nor was excused when the exam had closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.exams.models import (
    STANDING_LABELS,
    Exam,
    ExamState,
    HandedInBy,
    Sitting,
    SittingResult,
    SittingStanding,
)
from app.kernel import db

EXCUSED = (SittingStanding.DEFERRED, SittingStanding.EXEMPT)
NOT_YET, ABSENT = "未参加", "缺考"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many stand how. `due` is the roll; `expected` what is left of it without the excused."""

    due: int
    deferred: int
    exempt: int
    sat: int

    @property
    def expected(self) -> int:
        """Give the denominator of 参考率."""
        return self.due - self.deferred - self.exempt

    @property
    def missing(self) -> int:
        """Give who was expected and has not come: 缺考 once the exam has closed."""
        return self.expected - self.sat

    @property
    def formula(self) -> str:
        """Write 参考率 with its parts; who is excused is named where anybody is."""
        if self.expected == self.due:
            return f"实考{self.sat} ÷ 应考{self.due}"
        return f"实考{self.sat} ÷（应考{self.due} − 缓考{self.deferred} − 免考{self.exempt}）"


@dataclass(frozen=True, kw_only=True)
class PassCounts(Counts):
    """Counts with those who passed: 合格率 is `passed` of `sat`."""

    passed: int


def state_of(exam: Exam, sitting: Sitting, now: datetime) -> str:
    """Say in words how somebody on the roll stands."""
    if sitting.standing in EXCUSED:
        return STANDING_LABELS[sitting.standing]
    if sitting.started_at is None:
        return ABSENT if is_absent(exam, sitting, now) else NOT_YET
    if sitting.handed_in_by is HandedInBy.PERSON:
        return "已交卷"
    if sitting.handed_in_by is HandedInBy.ORGANISER:
        return "已收卷"
    return "到时自动交卷" if sitting.is_over(now) else "作答中"


def is_absent(exam: Exam, sitting: Sitting, now: datetime) -> bool:
    """Tell whether somebody is 缺考: expected, not come, and nobody can come any more."""
    is_over = now >= exam.closes_at or exam.state in {ExamState.GRADED, ExamState.RELEASED}
    return sitting.standing is SittingStanding.DUE and sitting.started_at is None and is_over


def has_not_come() -> ColumnElement[bool]:
    """Give in SQL who is expected and has not begun: 缺考 once the exam has closed."""
    return and_(Sitting.standing == SittingStanding.DUE, Sitting.started_at.is_(None))


def counts() -> tuple[ColumnElement[int], ...]:
    """Give the columns that count 应考, 缓考, 免考 and 实考, in this order."""
    return (
        func.count(Sitting.id),
        func.count().filter(Sitting.standing == SittingStanding.DEFERRED),
        func.count().filter(Sitting.standing == SittingStanding.EXEMPT),
        func.count(Sitting.started_at),
    )


def pass_counts() -> tuple[ColumnElement[int], ...]:
    """Give the columns of `counts` and that of 合格; the results that count must be joined."""
    return (*counts(), func.count().filter(SittingResult.is_passed.is_(True)))


def pass_counts_of(row: Sequence[int]) -> PassCounts:
    """Build the counts of a row of `pass_counts`."""
    due, deferred, exempt, sat, passed = row
    return PassCounts(due=due, deferred=deferred, exempt=exempt, sat=sat, passed=passed)


def count(statement: Select[Any] | None = None, *where: ColumnElement[bool]) -> Counts:
    """Count how many stand how, among the sittings of a statement that selects them."""
    found: Any = db.session.execute(
        (select(Sitting) if statement is None else statement)
        .with_only_columns(*counts())
        .where(*where)
    ).one()
    return Counts(due=found[0], deferred=found[1], exempt=found[2], sat=found[3])
