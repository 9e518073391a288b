"""Acts on commitments, plates and rating codes."""

from tests.site.moves.move import Move, Upload
from tests.site.moves.samples import SIGNED
from tests.site.world import photo

MOVES = {
    "commitments.new_sheet": Move(who="clerk", page="commitments.new_sheet"),
    "commitments.edit_sheet": Move(
        who="clerk",
        name="sheet_draft",
        page="commitments.edit_sheet",
        values={"text_1": "材料齐全，12分钟内完成收件"},
        texts=("measure_1", "standard_basis_1"),
    ),
    "commitments.submit_sheet": Move(
        who="clerk", name="sheet_draft", page="commitments.show_sheet"
    ),
    "commitments.take_over_sheet": Move(
        who="lead", name="sheet_draft", page="commitments.take_over_sheet"
    ),
    "commitments.drop_sheet": Move(who="clerk", name="sheet_draft", page="commitments.drop_sheet"),
    "commitments.review_sheet": Move(
        who="chief", name="sheet_review", page="commitments.review_sheet"
    ),
    "commitments.sign_review_sheet": Move(
        who="clerk",
        name="sheet_review",
        page="commitments.sign_review_sheet",
        values={**SIGNED, "signed_by": "SY004"},
    ),
    "commitments.send_back_sheet": Move(
        who="chief",
        name="sheet_review",
        page="commitments.send_back_sheet",
        values={"reason": "第1条的用时不对。"},
        texts=("reason",),
    ),
    "commitments.approve_sheet": Move(
        who="leader", name="sheet_approval", page="commitments.approve_sheet"
    ),
    "commitments.sign_approve_sheet": Move(
        who="clerk",
        name="sheet_approval",
        page="commitments.sign_approve_sheet",
        values={**SIGNED, "signed_by": "SY010"},
    ),
    "commitments.turn_down_sheet": Move(
        who="leader",
        name="sheet_approval",
        page="commitments.turn_down_sheet",
        values={"reason": "请再核一次用时。"},
        texts=("reason",),
    ),
    "commitments.withdraw_sheet": Move(
        who="office",
        name="sheet_public",
        page="commitments.withdraw_sheet",
        values={"reason": "窗口合并。"},
        texts=("reason",),
    ),
    "commitments.copy_sheet": Move(
        who="clerk",
        name="sheet_public",
        page="commitments.copy_sheet",
        values={"window_ids": "2"},
    ),
    **{
        f"commitments.print_{word}": Move(
            who="clerk", name="sheet_public", page="commitments.show_sheet"
        )
        for word in ("desk_card", "poster", "notice")
    },
    "workflow.new_batch": Move(who="clerk", name="batch_kind", page="workflow.new_batch"),
    "workflow.decide_batch": Move(
        who="leader", name="batch", page="workflow.show_batch", values={"confirmed": "yes"}
    ),
    "workflow.sign_batch": Move(
        who="clerk",
        name="batch",
        page="workflow.show_batch",
        values={**SIGNED, "signed_by": "SY010"},
    ),
    "workflow.drop_batch": Move(
        who="clerk", name="batch", page="workflow.show_batch", values={"confirmed": "yes"}
    ),
    "workflow.print_batch": Move(who="clerk", name="batch"),
    "commitments.collect_print": Move(
        who="clerk", name="sheet_withdrawn", page="commitments.show_sheet"
    ),
    "commitments.new_plate": Move(
        who="clerk",
        page="commitments.new_plate",
        values={"staff_number": "SY002", "grounds": "无有责投诉。"},
        texts=("grounds",),
    ),
    "commitments.confirm_plate": Move(
        who="branch", name="plate_asked", page="commitments.confirm_plate"
    ),
    "commitments.sign_confirm_plate": Move(
        who="clerk",
        name="plate_asked",
        page="commitments.sign_confirm_plate",
        values={**SIGNED, "signed_by": "SY007"},
    ),
    "commitments.refuse_plate": Move(
        who="branch",
        name="plate_asked",
        page="commitments.refuse_plate",
        values={"reason": "到岗不满半年。"},
        texts=("reason",),
    ),
    "commitments.end_plate": Move(
        who="branch",
        name="plate_confirmed",
        page="commitments.end_plate",
        values={"reason": "本人申请。"},
        texts=("reason",),
    ),
    "commitments.edit_rating_code": Move(
        who="clerk",
        name="rating_window",
        page="commitments.edit_rating_code",
        values={"file": Upload(photo(), "码.png"), "is_unclassified": "y", "is_official": "y"},
    ),
    "commitments.remove_rating_code": Move(
        who="clerk",
        name="rating_window",
        page="commitments.edit_rating_code",
        values={"confirmed": "yes"},
    ),
}
