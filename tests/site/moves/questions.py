"""Acts on questions of the bank."""

from tests.site.moves.move import Move
from tests.site.moves.samples import QUESTION, QUESTION_TEXTS

MOVES = {
    "questions.new_question": Move(
        who="clerk", page="questions.new_question", values=QUESTION, texts=QUESTION_TEXTS
    ),
    "questions.edit_question": Move(
        who="clerk",
        name="question",
        page="questions.edit_question",
        values=QUESTION,
        texts=QUESTION_TEXTS,
    ),
    "questions.retire_question": Move(
        who="clerk",
        name="question",
        page="questions.retire_question",
        values={"reason": "条文已经修订。"},
        texts=("reason",),
    ),
    "questions.restore_question": Move(
        who="clerk", name="question_retired", page="questions.restore_question"
    ),
}
