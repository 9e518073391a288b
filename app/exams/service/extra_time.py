"""Extra time, read off the acts of organisers: what was given to all, and what to one.

"extra time for one or all": whoever starts after it was given has it too, past the close as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from app.exams.models import ControlKind, ExamControl
from app.kernel import db


@dataclass(frozen=True, kw_only=True)
class ExtraTime:
    """Minutes given in an exam: to everybody, and beside that to single sittings."""

    for_all: int
    by_sitting: Mapping[int, int]

    def of(self, sitting_id: int) -> timedelta:
        """Give how much longer than the others' close one sitting may last."""
        return timedelta(minutes=self.for_all + self.by_sitting.get(sitting_id, 0))


def read_all(exam_id: int) -> ExtraTime:
    """Read what was given in an exam."""
    rows = db.session.execute(
        select(ExamControl.sitting_id, func.sum(ExamControl.minutes))
        .where(ExamControl.exam_id == exam_id, ExamControl.kind == ControlKind.EXTRA_TIME)
        .group_by(ExamControl.sitting_id)
    )
    found = {sitting_id: int(minutes or 0) for sitting_id, minutes in rows}
    return ExtraTime(
        for_all=found.get(None, 0),
        by_sitting={key: minutes for key, minutes in found.items() if key is not None},
    )


def read_one(exam_id: int, sitting_id: int) -> timedelta:
    """Read what one sitting has of it."""
    minutes = db.session.scalar(
        select(func.sum(ExamControl.minutes)).where(
            ExamControl.exam_id == exam_id,
            ExamControl.kind == ControlKind.EXTRA_TIME,
            or_(ExamControl.sitting_id.is_(None), ExamControl.sitting_id == sitting_id),
        )
    )
    return timedelta(minutes=int(minutes or 0))
