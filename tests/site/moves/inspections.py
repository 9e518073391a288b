"""Acts on rounds, findings and rectification orders."""

from tests.site.moves.move import Move
from tests.site.moves.samples import PHOTO, SIGNED

ORDER_TEXTS = ("fact", "basis", "requirement")


def decide(name: str, who: str, state: str, *, has_reason: bool = False) -> Move:
    """Make a move of an order on its own page."""
    return Move(
        who=who,
        name=f"order_{state}",
        page=f"rectifications.{name}_order",
        values={"reason": "按规定办理。"} if has_reason else {},
        texts=("reason",) if has_reason else (),
    )


def sign_on_paper(name: str, signer: str, state: str) -> Move:
    """Enter a decision about an order that was signed on paper."""
    return Move(
        who="clerk",
        name=f"order_{state}",
        page=f"rectifications.sign_{name}_order",
        values={**SIGNED, "signed_by": signer, "reason": "同意。"},
        texts=("reason", "meeting"),
    )


def enter_sheet(name: str, state: str) -> Move:
    """Enter a sheet that somebody of the department has signed, and that decides nothing."""
    values = {each: SIGNED[each] for each in SIGNED if each not in {"meeting", "minute_number"}}
    return Move(
        who="clerk",
        name=f"order_{state}",
        page=f"rectifications.sign_{name}_order",
        values={**values, "signed_by": "SY001", "reason": "见纸质单。"},
        texts=("reason",),
    )


MOVES = {
    "inspections.start_inspection": Move(
        who="inspector",
        page="inspections.start_inspection",
        values={"is_unclassified": "y"},
        texts=("areas",),
    ),
    "inspections.check_window": Move(
        who="inspector", name="running_round", page="inspections.list_windows"
    ),
    "inspections.record_finding": Move(
        who="inspector",
        name="running_round",
        page="inspections.record_finding",
        values={"track": "reminder"},
    ),
    "inspections.fix_finding": Move(
        who="inspector",
        name="open_finding",
        page="inspections.fix_finding",
        values={"staff_number": "SY001", "file": PHOTO},
    ),
    "inspections.escalate_finding": Move(
        who="inspector",
        name="open_finding",
        page="inspections.fix_finding",
        values={"confirmed": "yes", "severity": "minor"},
    ),
    "inspections.finish_inspection": Move(
        who="inspector",
        name="ending_round",
        page="inspections.finish_inspection",
        values={"confirmed": "yes"},
        texts=("opinion_note",),
    ),
    "inspections.new_remark": Move(
        who="inspector",
        name="round",
        page="inspections.new_remark",
        values={"text": "在岗的是替岗人员。", "reason": "核对考勤。"},
        texts=("text", "reason"),
    ),
    "inspections.print_record": Move(
        who="office", name="round", page="inspections.show_inspection"
    ),
    "inspections.new_duty": Move(
        who="clerk",
        page="inspections.new_duty",
        values={"since": "2026-12-07", "until": "2026-12-11", "period": "afternoon"},
        texts=("areas",),
    ),
    "inspections.edit_duty": Move(
        who="office",
        name="duty",
        page="inspections.edit_duty",
        values={"areas": "B区"},
        texts=("areas",),
    ),
    "inspections.copy_week": Move(who="clerk", page="inspections.copy_week"),
    "inspections.new_item": Move(
        who="clerk",
        page="inspections.new_item",
        values={"name": "母婴室", "phrases": "母婴室未开放", "basis": "任务举措8"},
        texts=("name", "phrases", "basis"),
    ),
    "inspections.edit_item": Move(
        who="clerk",
        name="checklist_item",
        page="inspections.edit_item",
        values={"basis": "任务举措10"},
        texts=("phrases", "basis"),
    ),
    # The one of the cast who receives, beside the visitors of the demonstration.
    "inspections.new_handover": Move(
        who="inspector", page="inspections.new_handover", values={"receiver_id": "14"}
    ),
    "rectifications.new_order": Move(
        who="clerk",
        page="rectifications.new_order",
        values={"fact": "承诺牌过期。", "basis": "任务举措10", "requirement": "更换。"},
        texts=ORDER_TEXTS,
    ),
    "rectifications.edit_order": Move(
        who="inspector",
        name="order_returned",
        page="rectifications.edit_order",
        values={"requirement": "更换承诺牌。"},
        texts=ORDER_TEXTS,
    ),
    "rectifications.reply_order": Move(
        who="lead",
        name="order_mending",
        page="rectifications.reply_order",
        values={
            "cause": "person",
            "measure": "班前检查。",
            "responsible_number": "SY001",
            "is_unclassified": "y",
            "file": PHOTO,
        },
        texts=("measure",),
    ),
    "rectifications.new_photo": Move(
        who="lead",
        name="order_mending",
        page="rectifications.new_photo",
        values={"is_unclassified": "y", "file": PHOTO},
    ),
    "rectifications.print_order": Move(
        who="chief", name="order_signed", page="rectifications.show_order"
    ),
    "rectifications.sign_order": decide("sign", "chief", "to_sign"),
    "rectifications.send_back_order": decide("send_back", "chief", "to_sign", has_reason=True),
    "rectifications.resubmit_order": decide("resubmit", "inspector", "returned"),
    "rectifications.withdraw_order": decide("withdraw", "inspector", "returned", has_reason=True),
    "rectifications.receive_order": decide("receive", "lead", "to_receive"),
    "rectifications.appeal_order": decide("appeal", "lead", "mending", has_reason=True),
    "rectifications.uphold_order": decide("uphold", "leader", "appealed", has_reason=True),
    "rectifications.dismiss_order": decide("dismiss", "leader", "appealed", has_reason=True),
    "rectifications.pass_order": decide("pass", "inspector", "to_recheck", has_reason=True),
    "rectifications.fail_order": decide("fail", "inspector", "to_recheck", has_reason=True),
    "rectifications.close_order": decide("close", "chief", "to_close"),
    "rectifications.sign_sign_order": sign_on_paper("sign", "SY004", "to_sign"),
    "rectifications.sign_uphold_order": sign_on_paper("uphold", "SY010", "appealed"),
    "rectifications.sign_dismiss_order": sign_on_paper("dismiss", "SY010", "appealed"),
    "rectifications.sign_receive_order": enter_sheet("receive", "to_receive"),
    "rectifications.sign_appeal_order": enter_sheet("appeal", "mending"),
    "rectifications.sign_reply_order": Move(
        who="clerk",
        name="order_mending",
        page="rectifications.sign_reply_order",
        values={
            "signed_by": "SY001",
            "signed_on": SIGNED["signed_on"],
            "cause": "person",
            "measure": "班前检查。",
            "responsible_number": "SY001",
            "done_on": SIGNED["signed_on"],
            "is_unclassified": "y",
            "file": PHOTO,
            "photo": PHOTO,
        },
        texts=("measure",),
    ),
    "rectifications.sign_close_order": sign_on_paper("close", "SY004", "to_close"),
}
