"""Acts on plans, measures and their readings."""

from typing import Any

from tests.site.moves.move import Move
from tests.site.moves.samples import SIGNED, TASK_TABLE


def of_task(word: str, who: str, state: str, **given: Any) -> dict[str, Move]:
    """Give an act on a measure whose form stands on the page of its own address."""
    page = f"measures.{word}"
    return {page: Move(who=who, name=f"task_{state}", page=page, **given)}


TASK_SIGNED = {**SIGNED, "reason": "同意。"}


REASONED = {"values": {"reason": "看过佐证。"}, "texts": ("reason",)}


READING = {"read_on": "2026-11-20", "value": "5", "text": "又签一家。", "source": "协议"}


MOVES = {
    **of_task("assign_task", "office", "pending",
              values={"department_id": "1", "partners": "区税务局", "ends_on": "2026-12-31"},
              texts=("partners",)),
    **of_task("extend_task", "lead", "running",
              values={"until_on": "2027-01-10", "reason": "设备未到。"}, texts=("reason",)),
    **of_task("new_note", "office", "running", values={"text": "提醒过。"}, texts=("text",)),
    **of_task("receive_task", "lead", "receiving"),
    **of_task("report_task", "lead", "running", **REASONED),
    **of_task("pass_task", "office", "reviewing", **REASONED),
    **of_task("return_task", "office", "reviewing", **REASONED),
    **of_task("close_task", "leader", "closing"),
    **of_task("grant_task", "leader", "extending"),
    **of_task("refuse_task", "leader", "extending", **REASONED),
    **of_task("sign_close_task", "clerk", "closing", values=TASK_SIGNED,
              texts=("reason", "meeting")),
    **of_task("sign_grant_task", "clerk", "extending", values=TASK_SIGNED,
              texts=("reason", "meeting")),
    **of_task("sign_refuse_task", "clerk", "extending", values=TASK_SIGNED,
              texts=("reason", "meeting")),
    "measures.new_reading": Move(
        who="lead", name="indicator", page="measures.new_reading", values=READING,
        texts=("text", "source"),
    ),
    "measures.correct_reading": Move(
        who="lead", name="reading", page="measures.correct_reading",
        values={**READING, "reason": "抄错了。"}, texts=("text", "source", "reason"),
    ),
    "measures.edit_indicator": Move(
        who="office", name="pending_indicator", page="measures.edit_indicator",
        values={"target": "3"},
    ),
    "measures.load_plan": Move(who="office", name="plan_file", page="measures.list_plans"),
    "measures.copy_plan": Move(
        who="office", name="measure_plan", page="measures.copy_plan",
        values={"year": "2027", "starts_on": "2027-02-01", "ends_on": "2028-01-31"},
        texts=("title",),
    ),
    "measures.close_plan": Move(
        who="office", name="spare_plan", page="measures.show_plan", values={"confirmed": "yes"}
    ),
    "measures.new_import": Move(
        who="office", name="measure_plan", page="measures.new_import",
        values={"file": TASK_TABLE, "is_unclassified": "y"},
    ),
    "measures.apply_import": Move(
        who="office", name="measure_import", page="measures.show_import"
    ),
    "measures.print_board": Move(
        who="office", name="measure_plan", page="measures.show_plan"
    ),
    "measures.print_changes": Move(who="office", name="past_day", page="measures.show_changes"),
}  # fmt: skip
