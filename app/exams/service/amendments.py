"""What decided corrections say of the frozen questions: further answers that count, void questions.

A frozen key never changes. 题目纠错 is laid over it: marking and results ask here, and a correction
that was taken back is as if it had never been.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.exams.models import CorrectionKind, CorrectionState, QuestionCorrection
from app.kernel import db


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What counts beside a question's key; `further` has keys as QuestionVersion has them."""

    further: Sequence[Sequence[Any]] = ()
    is_void: bool = False

    def with_one(self, kind: CorrectionKind | None, key: Sequence[Any]) -> "Amendment":
        """Give what holds once one more correction is carried out."""
        if kind is CorrectionKind.VOID:
            return Amendment(further=self.further, is_void=True)
        if kind is CorrectionKind.FURTHER:
            return Amendment(further=(*self.further, key), is_void=self.is_void)
        return self


def read_amendments(exam_id: int) -> Mapping[int, Amendment]:
    """Give what holds for the questions of an exam, by number; an empty one for all others."""
    found: defaultdict[int, Amendment] = defaultdict(Amendment)
    carried_out = (
        select(QuestionCorrection.number, QuestionCorrection.kind, QuestionCorrection.further_key)
        .where(
            QuestionCorrection.exam_id == exam_id,
            QuestionCorrection.state == CorrectionState.APPLIED,
        )
        .order_by(QuestionCorrection.id)
    )
    for number, kind, key in db.session.execute(carried_out):
        found[number] = found[number].with_one(kind, key)
    return found
