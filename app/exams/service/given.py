"""The answers that count: what was stored in time, and over it the admitted late answers."""

from collections.abc import Sequence

from sqlalchemy import select

from app.exams.models import Answer, LateAdmission, LateAnswer
from app.kernel import db

Chosen = dict[int, dict[int, Sequence[str]]]


def read_chosen(sitting_ids: Sequence[int], number: int | None = None) -> Chosen:
    """Give the answers that count by sitting and number; with a `number` those to it only."""
    chosen: Chosen = {}
    stored = select(Answer.sitting_id, Answer.number, Answer.chosen).where(
        Answer.sitting_id.in_(list(sitting_ids))
    )
    admitted = (
        select(LateAnswer.sitting_id, LateAnswer.number, LateAnswer.chosen)
        .join(LateAdmission, LateAdmission.late_answer_id == LateAnswer.id)
        .where(LateAnswer.sitting_id.in_(list(sitting_ids)))
        .order_by(LateAnswer.revision)
    )
    if number is not None:
        stored = stored.where(Answer.number == number)
        admitted = admitted.where(LateAnswer.number == number)
    for statement in (stored, admitted):
        for sitting_id, of_number, labels in db.session.execute(statement):
            chosen.setdefault(sitting_id, {})[of_number] = labels
    return chosen
