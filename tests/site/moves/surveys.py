"""Acts on surveys and their questionnaires."""

from tests.site.moves.move import Move
from tests.site.moves.samples import QUESTION_SHEET, SIGNED

MOVES = {
    "surveys.answer_survey": Move(
        who="staff",
        name="survey_open",
        page="surveys.answer_survey",
        values={
            **{f"answer_q{number}": "0" for number in range(1, 6)},
            "answer_q6": "1",
        },
    ),
    "surveys.release_comments": Move(
        who="branch",
        name="survey_closed",
        values={"release": "yes", "confirmed": "yes"},
    ),
    "surveys.print_report": Move(who="branch", name="survey_closed", page="surveys.show_survey"),
    "surveys.draft_questionnaire": Move(who="clerk", page="surveys.list_questionnaires"),
    "surveys.edit_questionnaire": Move(
        who="clerk",
        name="questionnaire_draft",
        page="surveys.edit_questionnaire",
        texts=("title",),
    ),
    "surveys.new_question": Move(
        who="clerk",
        name="questionnaire_draft",
        page="surveys.new_question",
        values={"text": "您对课后练习满意吗？"},
    ),
    "surveys.import_questions": Move(
        who="clerk",
        name="questionnaire_draft",
        page="surveys.import_questions",
        values={"file": QUESTION_SHEET, "is_unclassified": "y"},
    ),
    "surveys.edit_question": Move(
        who="clerk",
        name="questionnaire_question",
        page="surveys.edit_question",
        values={"text": "您对讲义满意吗？"},
    ),
    "surveys.drop_question": Move(
        who="clerk",
        name="questionnaire_question",
        page="surveys.show_questionnaire",
        values={"confirmed": "yes"},
    ),
    "surveys.submit_questionnaire": Move(
        who="clerk", name="questionnaire_draft", page="surveys.show_questionnaire"
    ),
    "surveys.drop_questionnaire": Move(
        who="clerk", name="questionnaire_draft", page="surveys.drop_questionnaire"
    ),
    "surveys.approve_questionnaire": Move(
        who="chief", name="questionnaire_review", page="surveys.approve_questionnaire"
    ),
    "surveys.sign_approve_questionnaire": Move(
        who="clerk",
        name="questionnaire_review",
        page="surveys.sign_approve_questionnaire",
        values={**SIGNED, "signed_by": "SY004"},
    ),
    "surveys.send_back_questionnaire": Move(
        who="branch",
        name="questionnaire_review",
        page="surveys.send_back_questionnaire",
        values={"reason": "第3题问了两件事。"},
        texts=("reason",),
    ),
}
