"""Acts on files of questions, into the bank and out of it."""

from tests.site.moves.move import Move, Upload
from tests.site.moves.samples import QUESTION, QUESTION_TEXTS

FILE = Upload("1. 首问责任人负责到底。（√）\n依据：方案\n".encode(), "题库.txt")
SHOWN = "questions.show_import"

MOVES = {
    "questions.new_import": Move(
        who="clerk",
        page="questions.new_import",
        values={"file": FILE, "is_unclassified": "y", "bank": "窗口题库", "answers": ""},
        texts=("bank",),
    ),
    "questions.take_import": Move(who="clerk", name="question_import", page=SHOWN),
    "questions.take_item": Move(who="clerk", name="question_item", page=SHOWN),
    "questions.drop_item": Move(who="clerk", name="question_item_doubtful", page=SHOWN),
    "questions.restore_item": Move(who="clerk", name="question_item_dropped", page=SHOWN),
    "questions.edit_item": Move(
        who="clerk",
        name="question_item_doubtful",
        page="questions.edit_item",
        values=QUESTION,
        texts=QUESTION_TEXTS,
    ),
    "questions.order_export": Move(
        who="clerk", page="questions.list_questions", values={"form": "json"}
    ),
}
