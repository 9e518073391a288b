"""Acts on pairs of master and apprentice."""

from tests.site.moves.move import Move
from tests.site.moves.samples import SIGNED


def pair_move(name: str, who: str, state: str, *, has_reason: bool = False) -> Move:
    """Make a move of a pair on its own page."""
    return Move(
        who=who,
        name=f"pair_{state}",
        page=f"mentoring.{name}_pair",
        values={"reason": "按科室意见办理。"} if has_reason else {},
        texts=("reason",) if has_reason else (),
    )


def sign_pair(name: str, signer: str, state: str) -> Move:
    """Enter a decision about a pair that was signed on paper."""
    return Move(
        who="clerk",
        name=f"pair_{state}",
        page=f"mentoring.sign_{name}_pair",
        values={**SIGNED, "signed_by": signer, "reason": "同意。"},
        texts=("reason", "meeting"),
    )


SHEET = {each: SIGNED[each] for each in SIGNED if each not in {"meeting", "minute_number"}}


def agree_on_paper(name: str, signer: str, state: str) -> Move:
    """Enter the sheet on which one of the two has agreed."""
    return Move(
        who="clerk",
        name=f"pair_{state}",
        page=f"mentoring.sign_{name}_pair",
        values={**SHEET, "signed_by": signer, "reason": "见纸质单。"},
        texts=("reason",),
    )


WORDS = {"taught": "看了三件。", "progress": "会了。", "plan_next": "陪办。"}


FINAL = {f"result_{place}": "passed" for place in range(1, 6)}


MOVES = {
    "mentoring.take_back_pair": pair_move("take_back", "clerk", "to_master", has_reason=True),
    "mentoring.take_back_final_pair": pair_move(
        "take_back_final", "clerk", "assessing", has_reason=True
    ),
    "mentoring.ask_final_department_pair": pair_move(
        "ask_final_department", "clerk", "ready", has_reason=True
    ),
    "mentoring.sign_final_pair": Move(
        who="clerk",
        name="pair_assessing",
        page="mentoring.sign_final_pair",
        values={**SHEET, **FINAL, "signed_by": "SY004", "opinion": "办得稳。"},
        texts=("opinion",),
    ),
    "mentoring.sign_record": Move(
        who="clerk",
        name="record_due",
        page="mentoring.sign_record",
        values={**SHEET, **WORDS, "signed_by": "SY001", "is_signed_by_both": "y"},
        texts=tuple(WORDS),
    ),
    "mentoring.sign_confirm_record": Move(
        who="clerk",
        name="record_to_confirm",
        page="mentoring.sign_confirm_record",
        values={**SHEET, "signed_by": "SY001", "reason": "见纸质单。"},
        texts=("reason",),
    ),
}


MOVES |= {
    "mentoring.new_pair": Move(
        who="clerk",
        name="newcomer",
        page="mentoring.new_pair",
        values={"goals": "到期能独立受理。"},
        texts=("goals",),
        made={"assessor_id": ("newcomer", "assessor_id")},
    ),
    "mentoring.edit_plan": Move(
        who="clerk",
        name="pair_draft",
        page="mentoring.edit_plan",
        values={"goals": "先看后做。"},
        texts=("goals",),
    ),
    "mentoring.submit_pair": Move(who="clerk", name="pair_draft", page="mentoring.show_pair"),
    "mentoring.drop_pair": pair_move("drop", "clerk", "draft", has_reason=True),
    "mentoring.agree_master_pair": pair_move("agree_master", "staff", "to_master"),
    "mentoring.decline_master_pair": pair_move(
        "decline_master", "staff", "to_master", has_reason=True
    ),
    "mentoring.agree_apprentice_pair": pair_move("agree_apprentice", "staff", "to_apprentice"),
    "mentoring.decline_apprentice_pair": pair_move(
        "decline_apprentice", "staff", "to_apprentice", has_reason=True
    ),
    "mentoring.approve_pair": pair_move("approve", "chief", "to_approve"),
    "mentoring.send_back_pair": pair_move("send_back", "chief", "to_approve", has_reason=True),
    "mentoring.ask_final_pair": Move(who="staff", name="pair_ready", page="mentoring.show_pair"),
    "mentoring.extend_pair": pair_move("extend", "chief", "ready", has_reason=True),
    "mentoring.end_pair": Move(
        who="staff",
        name="pair_running",
        page="mentoring.end_pair",
        values={"reason": "other", "note": "岗位有调整。"},
        texts=("note",),
    ),
    "mentoring.confirm_end_pair": pair_move("confirm_end", "chief", "ending"),
    "mentoring.keep_pair": pair_move("keep", "chief", "ending", has_reason=True),
    "mentoring.assess_pair": Move(
        who="chief",
        name="pair_assessing",
        page="mentoring.assess_pair",
        values={**FINAL, "opinion": "办得稳。"},
        texts=("opinion",),
    ),
    "mentoring.graduate_pair": pair_move("graduate", "chief", "to_graduate"),
    "mentoring.send_back_final_pair": pair_move(
        "send_back_final", "chief", "to_graduate", has_reason=True
    ),
    "mentoring.sign_agree_master_pair": agree_on_paper("agree_master", "SY001", "to_master"),
    "mentoring.sign_agree_apprentice_pair": agree_on_paper(
        "agree_apprentice", "SY001", "to_apprentice"
    ),
    "mentoring.sign_approve_pair": sign_pair("approve", "SY004", "to_approve"),
    "mentoring.sign_extend_pair": sign_pair("extend", "SY004", "ready"),
    "mentoring.sign_confirm_end_pair": sign_pair("confirm_end", "SY004", "ending"),
    "mentoring.sign_graduate_pair": sign_pair("graduate", "SY004", "to_graduate"),
    "mentoring.sign_item": Move(who="staff", name="pair_running", page="mentoring.show_pair"),
    "mentoring.assess_item": Move(
        who="chief",
        name="pair_solo",
        page="mentoring.assess_item",
        values={"action": "受理一件。", "standard": "一次告知。", "result": "passed"},
        texts=("action", "standard", "opinion"),
    ),
    "mentoring.write_record": Move(
        who="staff",
        name="record_due",
        page="mentoring.write_record",
        values=WORDS,
        texts=tuple(WORDS),
    ),
    "mentoring.confirm_record": Move(
        who="staff", name="record_to_confirm", page="mentoring.confirm_record"
    ),
    "mentoring.send_back_record": Move(
        who="staff",
        name="record_to_confirm",
        page="mentoring.send_back_record",
        values={"reason": "少写了一件。"},
        texts=("reason",),
    ),
    **{
        f"mentoring.print_{word}": Move(who="staff", name="pair_assessing", page="")
        for word in ("agreement", "archive")
    },
    "mentoring.print_certificate": Move(who="staff", name="pair_graduated", page=""),
}
