"""Acts on rules, versions, risks and lists of what must be read."""

from collections.abc import Mapping
from typing import Any

from tests.site.moves.move import Move
from tests.site.moves.samples import SIGNED

RULE = {
    "name": "收件登记办法",
    "kind": "rule",
    "part": "business",
    "class_": "handling",
    "department_id": "0",
    "effective_on": "2027-01-04",
    "note": "首版",
    "text": "第一条　当场核对。\n第二条　当日录入。",
}
RULE_TEXTS = ("name", "note", "text")
RISK = {
    "stage": "accept",
    "manifestation": "不按顺序。",
    "level": "low",
    "measures": "每日抽查。",
    "responsible_number": "SY004",
    "basis": "窗口行为规范第五条",
    "review_on": "2027-05-20",
}
RISK_TEXTS = ("manifestation", "measures", "basis")


def acts(signed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the acts as the arguments of a Move; `signed` is a sheet with its scan."""
    words = {key: RULE[key] for key in ("effective_on", "note", "text")}
    found: dict[str, dict[str, Any]] = {
        "new_rule": {"who": "clerk", "values": RULE, "texts": RULE_TEXTS},
        "new_version": {
            "who": "clerk", "name": "rule", "values": words, "texts": ("note", "text"),
        },
        "edit_version": {
            "who": "clerk", "name": "version_draft", "values": RULE, "texts": RULE_TEXTS,
        },
        "new_risk": {"who": "clerk", "values": RISK, "texts": RISK_TEXTS},
        "revise_risk": {
            "who": "clerk", "name": "risk_held", "values": RISK, "texts": RISK_TEXTS,
        },
        "new_item": {"who": "clerk", "values": {"days": "3", "post_id": "0"}},
        "end_item": {"who": "office", "name": "reading_item"},
        "confirm_reading": {
            "who": "staff", "name": "version", "values": {"is_understood": "y"},
        },
        # Both are printed already in the world, so that their pages offer to open them.
        "print_version": {"who": "staff", "name": "version", "page": ""},
        "print_risks": {"who": "leader", "name": "risks_of_post", "page": ""},
    }  # fmt: skip
    moves = (
        ("submit", "version", "draft", "clerk", False),
        ("drop", "version", "draft", "clerk", True),
        ("approve", "version", "reviewing", "chief", False),
        ("send_back", "version", "reviewing", "chief", True),
        ("withdraw", "version", "signed", "chief", True),
        ("approve", "risk", "reviewing", "chief", False),
        ("send_back", "risk", "reviewing", "chief", True),
        ("drop", "risk", "returned", "clerk", True),
        ("end", "risk", "held", "chief", True),
    )
    for name, word, state, who, has_reason in moves:
        found[f"{name}_{word}"] = {
            "who": who,
            "name": f"{word}_{state}",
            "values": {"reason": "按规定办理。"} if has_reason else {},
            "texts": ("reason",) if has_reason else (),
        }
    sheets = (("approve", "version", "reviewing"), ("withdraw", "version", "signed"),
              ("approve", "risk", "reviewing"))  # fmt: skip
    for name, word, state in sheets:
        found[f"sign_{name}_{word}"] = {
            "who": "clerk",
            "name": f"{word}_{state}",
            "values": {**signed, "signed_by": "SY004", "reason": "同意。"},
            "texts": ("reason", "meeting"),
        }
    return found


MOVES = {
    f"regulations.{name}": Move(**{"page": f"regulations.{name}", **given})
    for name, given in acts(SIGNED).items()
}
