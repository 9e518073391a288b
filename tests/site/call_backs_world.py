"""Call-backs of the hall of tests/site: one that waits for the lead, one that is confirmed."""

from collections.abc import Sequence
from datetime import timedelta

from app.exams import call_back_flow
from app.exams.service import call_backs
from app.kernel import clock, db
from app.workflow import service as workflow
from tests.site import exams_world
from tests.site.exams_world import NOW
from tests.support import cast


def objects(mark: str, question_ids: Sequence[int]) -> dict[str, dict[str, object]]:
    """Make them; gives the arguments of their addresses."""
    texts = {"notice": f"办件优先。{mark}"}
    asked = call(f"窗口月考{mark}", question_ids, texts)
    confirmed = call(f"夜班月考{mark}", question_ids, texts)
    with clock.frozen(NOW - timedelta(minutes=3)), db.write():
        workflow.execute(
            call_back_flow.FLOW, record_id=confirmed, name="confirm", user=cast.principal("lead")
        )
    return {"called_back": {"record_id": asked}, "confirmed_back": {"record_id": confirmed}}


def call(title: str, question_ids: Sequence[int], texts: dict[str, object]) -> int:
    """Let staff begin an exam and be called back; gives the id of the call-back."""
    exam_id = exams_world.open_exam(title, question_ids, **texts)
    exams_world.sit(exam_id, NOW - timedelta(minutes=9), answered=1)
    sitting_id = exams_world.sitting_of(exam_id).id
    with clock.frozen(NOW - timedelta(minutes=5)), db.write():
        return call_backs.ask(sitting_id=sitting_id, user=cast.principal("staff"))
