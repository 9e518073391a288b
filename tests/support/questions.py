"""Questions of the bank that a second person has passed, for tests that put them into papers."""

from app.questions import service
from app.questions.question_flow import FLOW
from app.workflow import service as workflow
from tests.support import cast


def add_passed(content: service.Content) -> int:
    """Add a question in the open write as the 经办人's, and pass it; returns its id."""
    question_id = service.create_question(content=content, user=cast.principal("clerk"))
    pass_review(question_id)
    return question_id


def pass_review(question_id: int) -> None:
    """Make the move that the approval of its sheet makes, in the open write."""
    workflow.execute(FLOW, record_id=question_id, name="pass", user=None)


def retire(question_id: int) -> None:
    """Take a question out of use, in the open write."""
    user = cast.principal("clerk")
    workflow.execute(FLOW, record_id=question_id, name="retire", user=user, reason="条文已经修订")


def restore(question_id: int) -> None:
    """Take a question back and pass it once more, in the open write."""
    user = cast.principal("clerk")
    workflow.execute(FLOW, record_id=question_id, name="restore", user=user)
    pass_review(question_id)
