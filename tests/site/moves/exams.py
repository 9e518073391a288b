"""Acts on exams and papers."""

from tests.site.moves.move import Move
from tests.site.moves.samples import PAPER, PAPER_TEXTS, SIGNED

# A decision that came on paper: the object that waits for it, and who signed.
SIGNERS = (
    ("pass", "submitted", "SY004"),
    ("review", "monthly", "SY004"),
    ("approve", "reviewed", "SY010"),
)

MOVES = {
    "exams.start_sitting": Move(who="staff", name="waiting", page="exams.show_notice"),
    "exams.save_answer": Move(
        who="staff", name="running", values={"answer": "A", "revision": "9"}, status=200
    ),
    "exams.save_answers": Move(
        who="staff", name="running", page="exams.show_sitting", values={"answer-1": "C"}
    ),
    "exams.hand_in": Move(who="staff", name="running", page="exams.hand_in"),
    "exams.make_sheet": Move(who="staff", name="unprinted", page="exams.show_result"),
    "exams.new_paper": Move(who="clerk", page="exams.new_paper", values=PAPER, texts=PAPER_TEXTS),
    "exams.edit_paper": Move(
        who="clerk", name="draft", page="exams.edit_paper", values=PAPER, texts=PAPER_TEXTS
    ),
    "exams.choose_questions": Move(who="clerk", name="draft", values={"add": "6"}),
    "exams.submit_paper": Move(who="clerk", name="draft", page="exams.show_paper"),
    "exams.pass_paper": Move(who="chief", name="submitted", page="exams.pass_paper"),
    "exams.review_paper": Move(who="chief", name="monthly", page="exams.review_paper"),
    "exams.approve_paper": Move(who="leader", name="reviewed", page="exams.approve_paper"),
    **{
        f"exams.sign_{name}_paper": Move(
            who="clerk",
            name=waiting,
            page=f"exams.sign_{name}_paper",
            values={**SIGNED, "signed_by": signer, "reason": "同意。"},
            texts=("reason", "meeting"),
        )
        for name, waiting, signer in SIGNERS
    },
    "exams.publish_paper": Move(who="clerk", name="passed", page="exams.publish_paper"),
    "exams.send_back_paper": Move(
        who="chief",
        name="submitted",
        page="exams.send_back_paper",
        values={"reason": "第2题不清楚。"},
        texts=("reason",),
    ),
    "exams.refuse_paper": Move(
        who="leader",
        name="reviewed",
        page="exams.refuse_paper",
        values={"reason": "岗位题太少。"},
        texts=("reason",),
    ),
    "exams.reopen_paper": Move(
        who="clerk",
        name="passed",
        page="exams.reopen_paper",
        values={"reason": "换一道题。"},
        texts=("reason",),
    ),
    "exams.cancel_paper": Move(
        who="clerk",
        name="draft",
        page="exams.cancel_paper",
        values={"reason": "改期。"},
        texts=("reason",),
    ),
    "exams.edit_blueprint": Move(
        who="clerk",
        name="draft",
        page="exams.edit_blueprint",
        values={"tag": "", "count": "1", "marks": "10"},
    ),
    "exams.remove_row": Move(who="clerk", name="drawn", page="exams.edit_blueprint"),
    "exams.edit_drawing": Move(
        who="clerk", name="draft", page="exams.edit_blueprint", values={"form_count": "2"}
    ),
    "exams.copy_paper": Move(who="clerk", name="draft", page="exams.show_paper"),
    "exams.draft_makeup": Move(who="clerk", name="failed", page="exams.draft_makeup"),
    "exams.draw_forms": Move(who="clerk", name="drawn", page="exams.edit_blueprint"),
    "exams.grade_paper": Move(who="clerk", name="late", page="exams.show_paper"),
    "exams.release_paper": Move(who="chief", name="late", page="exams.release_paper"),
    "exams.edit_notice": Move(
        who="clerk",
        name="released",
        page="exams.edit_notice",
        values={"arrangement": "补考另行通知。", "dated_on": "2026-11-20"},
        texts=("arrangement",),
    ),
    "exams.order_package": Move(who="clerk", name="released", page="exams.show_report"),
    **{
        f"exams.print_{word}": Move(who="clerk", name="released", page=page)
        for word, page in (
            ("notice", "exams.show_report"),
            ("department", "exams.show_department"),
            ("pages", "exams.show_printing"),
            ("booklet", "exams.show_printing"),
            ("answer_sheet", "exams.show_printing"),
            ("keys", "exams.show_printing"),
            ("evidence", "exams.show_person_result"),
        )
    },
    "exams.admit_late_answer": Move(
        who="clerk",
        name="late",
        page="exams.list_late_answers",
        values={"reason": "停电，有记录。"},
        texts=("reason",),
    ),
}
