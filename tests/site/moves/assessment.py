"""Acts on schemes, cycles, portraits and objections."""

from typing import Any

from tests.site.moves.move import Move
from tests.site.moves.samples import SIGNED


def assess(
    who: str,
    name: str,
    word: str,
    page: str = "",
    **given: Any,
) -> dict[str, Move]:
    """Give an act of the assessment whose form stands on a page of it, or on its own."""
    shown = f"assessment.{page or word}"
    return {f"assessment.{word}": Move(who=who, name=name, page=shown, **given)}


REASONED: dict[str, Any] = {"values": {"reason": "按规定办理。"}, "texts": ("reason",)}


SAID: dict[str, Any] = {"values": {"text": "讲解耐心。"}, "texts": ("text",)}


SHEET_SIGNED: dict[str, Any] = {
    "values": {**SIGNED, "reason": "同意。"},
    "texts": ("reason", "meeting"),
}


MOVES = {
    **assess("clerk", "", "new_scheme", values={"period": "2027-3"}),
    # Its texts are shorter than the canary.
    **assess("clerk", "scheme_draft", "edit_scheme"),
    **assess("office", "scheme_over", "open_cycle", "show_scheme"),
    **assess("clerk", "scheme_draft", "submit_scheme", "show_scheme"),
    **assess("clerk", "scheme_draft", "drop_scheme"),
    **assess("leader", "scheme_waiting", "approve_scheme"),
    **assess("leader", "scheme_waiting", "send_back_scheme", **REASONED),
    **assess("leader", "scheme_locked", "revoke_scheme", **REASONED),
    **assess("clerk", "scheme_waiting", "sign_approve_scheme", **SHEET_SIGNED),
    **assess("office", "cycle_collecting", "collect_cycle", "show_cycle"),
    **assess("office", "cycle_current", "order_package", "show_cycle"),
    **assess("office", "cycle_collecting", "preview_cycle"),
    **assess("leader", "cycle_ready", "approve_cycle"),
    **assess("office", "cycle_approved", "release_cycle"),
    **assess("clerk", "cycle_ready", "sign_approve_cycle", **SHEET_SIGNED),
    **assess("lead", "portrait", "edit_comment", **SAID),
    **assess("lead", "portrait", "edit_opinion", values={"opinion": "agreed"}, texts=("text",)),
    **assess("staff", "portrait", "edit_own_opinion", **SAID),
    **assess(
        "staff",
        "portrait",
        "new_objection",
        values={"ground": "fact", "reason": "当时在引导。"},
        texts=("reason",),
    ),
    "assessment.print_portrait": Move(who="staff", name="portrait"),
    "assessment.print_letter": Move(who="other", name="letter"),
    "assessment.print_sheet": Move(who="office", name="department_sheet"),
    **assess("leader", "objection", "uphold_objection", **REASONED),
    **assess("leader", "objection", "reject_objection", **REASONED),
    **assess("staff", "objection", "withdraw_objection"),
}
