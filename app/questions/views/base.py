"""What the pages of the room share: their blueprint, and the loaders of what they show."""

from flask import Blueprint, abort, request

from app.kernel.permissions import signed_in
from app.questions import service
from app.questions.models import Question, QuestionVersion

blueprint = Blueprint("questions", __name__, url_prefix="/questions")

# Digits of a number that any database takes.
MOST = 10


def load(record_id: int) -> tuple[Question, QuestionVersion]:
    """Load a question whose key I may see, or answer 404."""
    found = service.get_question_for(signed_in(), record_id)
    if found is None:
        abort(404)
    return found


def load_question(*, record_id: int) -> Question:
    """Load a question for the pages of its moves."""
    return load(record_id)[0]


def read_chosen() -> list[int]:
    """Give the numbers of the questions that were ticked; what is no number is left out."""
    sent = request.form.getlist("question")
    return [int(each) for each in sent if each.isascii() and each.isdigit() and len(each) < MOST]
