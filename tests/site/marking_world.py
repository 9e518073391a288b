"""人工评卷 of the hall of tests/site: an exam that is over, with an answer that waits for marks."""

from datetime import timedelta
from decimal import Decimal

from app.exams.service import sittings
from app.kernel import clock, db
from app.questions.kinds import QuestionKind
from tests.site import exams_world
from tests.support import cast


def fill(mark):
    """Make it; gives the arguments of its addresses by name."""
    essay = exams_world.add_question(
        90, mark, kind=QuestionKind.ESSAY, options=(), key=[f"减环节、减材料。{mark}"]
    )
    begin = exams_world.NOW - timedelta(days=2)
    with clock.frozen(begin - timedelta(days=3)):
        exam_id = exams_world.draft_exam(
            f"论述月考{mark}", [essay], days=3, notice=f"办件优先。{mark}", pass_marks=Decimal(5)
        )
        exams_world.publish(exam_id)
    with clock.frozen(begin), db.write():
        sittings.start_sitting(exam_id=exam_id, person_id=cast.person_id("staff"))
    text = f"先告知，再办件。{mark}"
    exams_world.save(exam_id, number=1, chosen=[text], at=begin + timedelta(minutes=5))
    end = begin + timedelta(minutes=20)
    with clock.frozen(end), db.write():
        sitting = exams_world.sitting_of(exam_id)
        sittings.hand_in(sitting_id=sitting.id, received_at=end)
    return {"to_mark": {"exam_id": exam_id, "number": 1}}
