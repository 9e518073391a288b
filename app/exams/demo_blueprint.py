"""组卷 of the demonstration: next month's draft lets its 判断题 be drawn, in two forms."""

from datetime import datetime, timedelta

from app.exams.demo_papers import MIX
from app.exams.drawing import Row
from app.exams.models import Exam
from app.exams.service import blueprints
from app.exams.service.blueprints import Way
from app.kernel import clock, db
from app.questions.kinds import USUAL_MARKS, QuestionKind
from app.questions.models import QuestionCategory

KIND = QuestionKind.TRUE_FALSE
WAY = Way(form_count=2, is_shuffled=True, reuse_months=1)


def order_judged(exam_id: int, drafted: datetime, *, drafted_by_id: int, seed: int) -> None:
    """Write the blueprint of a draft half an hour after it was begun, and order the drawing."""
    row = Row(
        number=1,
        category=QuestionCategory.COMMON,
        kind=KIND,
        tag="",
        difficulty=None,
        count=sum(MIX[KIND]),
        marks=USUAL_MARKS[KIND],
    )
    with clock.frozen(drafted + timedelta(minutes=30)), db.write():
        blueprints.change_seed(exam_id=exam_id, seed=seed, edited_by_id=drafted_by_id)
        blueprints.set_blueprint(
            exam_id=exam_id,
            seen_version=db.session.get_one(Exam, exam_id).version,
            rows=[row],
            way=WAY,
            edited_by_id=drafted_by_id,
        )
    with clock.frozen(drafted + timedelta(minutes=40)), db.write():
        blueprints.order_drawing(exam_id=exam_id, ordered_by_id=drafted_by_id)
