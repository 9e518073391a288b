"""Acts on questions of the bank."""

from tests.site.moves.move import Move
from tests.site.moves.samples import QUESTION, QUESTION_TEXTS, SIGNED

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
    "questions.edit_group": Move(
        who="clerk",
        name="question_group",
        page="questions.edit_group",
        values={"stem": "另一段案例。"},
        texts=("stem",),
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
    "questions.tag_questions": Move(
        who="clerk",
        values={"tags": "首问与告知", "act": "add"},
        made={"question": ("question_draft", "record_id")},
    ),
    "questions.new_review": Move(who="clerk", made={"question": ("question_draft", "record_id")}),
    "questions.print_review": Move(who="chief", name="review_waiting"),
    "questions.return_line": Move(
        who="chief",
        name="review_waiting",
        page="questions.show_review",
        values={"reason": "第二项和依据不一致。"},
        texts=("reason",),
    ),
    "questions.withdraw_line": Move(
        who="clerk", name="review_waiting", page="questions.show_review"
    ),
    "questions.approve_review": Move(
        who="chief", name="review_waiting", page="questions.approve_review"
    ),
    "questions.send_back_review": Move(
        who="chief",
        name="review_waiting",
        page="questions.send_back_review",
        values={"reason": "依据要写到条款。"},
        texts=("reason",),
    ),
    "questions.withdraw_review": Move(
        who="clerk", name="review_waiting", page="questions.withdraw_review"
    ),
    "questions.sign_approve_review": Move(
        who="clerk",
        name="review_waiting",
        page="questions.sign_approve_review",
        values={**SIGNED, "signed_by": "SY004", "reason": "同意。"},
        texts=("reason", "meeting"),
    ),
}
