"""Acts on 缓考, 免考, rolls and batches."""

from tests.site.moves.move import Move
from tests.site.moves.samples import SIGNED

REASONED = {"values": {"reason": "窗口排得开。"}, "texts": ("reason",)}

MOVES = {
    "exams.new_excuse": Move(
        who="lead",
        name="roll",
        page="exams.new_excuse",
        values={"people": "SY001", "kind": "deferral", "cause": "other", "note": "外出办事"},
        texts=("note",),
    ),
    "exams.approve_excuse": Move(who="chief", name="excuse", page="exams.approve_excuse"),
    "exams.sign_approve_excuse": Move(
        who="clerk",
        name="excuse",
        page="exams.sign_approve_excuse",
        values={**SIGNED, "signed_by": "SY004"},
        texts=("reason", "meeting"),
    ),
    "exams.refuse_excuse": Move(who="chief", name="excuse", page="exams.refuse_excuse", **REASONED),
    "exams.withdraw_excuse": Move(who="lead", name="excuse", page="exams.withdraw_excuse"),
    "exams.swap_batches": Move(
        who="lead",
        name="roll",
        page="exams.show_roll",
        made={"first": ("roll", "first"), "second": ("roll", "second")},
    ),
    "exams.edit_batches": Move(
        who="clerk", name="draft", page="exams.edit_batches", values={"propose": "yes"}
    ),
}
