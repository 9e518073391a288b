"""Acts on questions that may be wrong."""

from tests.site.moves.move import Move
from tests.site.moves.samples import SIGNED

SHEET = {**SIGNED, "signed_by": "SY004"}

MOVES = {
    "exams.raise_doubt": Move(
        who="staff",
        name="doubted",
        page="exams.raise_doubt",
        values={"reason": "选项甲也对。"},
        texts=("reason",),
    ),
    "exams.open_correction": Move(who="clerk", name="doubted", page="exams.show_person_result"),
    "exams.check_correction": Move(
        who="clerk",
        name="correction_raised",
        page="exams.check_correction",
        values={"kind": "void", "opinion": "题干有歧义。"},
        texts=("opinion",),
    ),
    "exams.apply_correction": Move(
        who="chief", name="correction_proposed", page="exams.apply_correction"
    ),
    "exams.sign_apply_correction": Move(
        who="clerk",
        name="correction_proposed",
        page="exams.sign_apply_correction",
        values=SHEET,
        texts=("meeting",),
    ),
    "exams.keep_correction": Move(
        who="chief", name="correction_kept", page="exams.keep_correction"
    ),
    "exams.sign_keep_correction": Move(
        who="clerk",
        name="correction_kept",
        page="exams.sign_keep_correction",
        values=SHEET,
        texts=("meeting",),
    ),
    "exams.send_back_correction": Move(
        who="chief",
        name="correction_proposed",
        page="exams.send_back_correction",
        values={"reason": "请补依据。"},
        texts=("reason",),
    ),
    "exams.revoke_correction": Move(
        who="chief",
        name="correction_applied",
        page="exams.revoke_correction",
        values={"reason": "原答案没有错。"},
        texts=("reason",),
    ),
    "exams.mark_again": Move(who="clerk", name="correction_behind", page="exams.show_correction"),
}
