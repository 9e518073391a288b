"""The frozen questions of a published paper together with their keys."""

from sqlalchemy import Select, and_, select

from app.exams.models import PaperKey, PaperQuestion


def select_keyed(exam_id: int) -> Select[PaperQuestion, PaperKey]:
    """Select the questions of a paper, each with its key, by number."""
    is_its_own = and_(
        PaperKey.exam_id == PaperQuestion.exam_id, PaperKey.number == PaperQuestion.number
    )
    return (
        select(PaperQuestion, PaperKey)
        .join(PaperKey, is_its_own)
        .where(PaperQuestion.exam_id == exam_id)
        .order_by(PaperQuestion.number)
    )
