"""What the pages of the room share: their blueprint, and the loaders of what they show."""

from flask import Blueprint, abort

from app.kernel.permissions import signed_in
from app.questions import service
from app.questions.models import Question, QuestionVersion

blueprint = Blueprint("questions", __name__, url_prefix="/questions")


def load(record_id: int) -> tuple[Question, QuestionVersion]:
    """Load a question whose key I may see, or answer 404."""
    found = service.get_question_for(signed_in(), record_id)
    if found is None:
        abort(404)
    return found


def load_question(*, record_id: int) -> Question:
    """Load a question for the pages of its moves."""
    return load(record_id)[0]
