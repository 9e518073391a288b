"""The choices that an exam makes for all its questions: how a part is marked, what 补考 counts.

Published with the paper: whoever sits knows before he answers what a part of an answer is worth.
"""

from enum import StrEnum


class PartRule(StrEnum):
    """What a choice earns from which right options are missing; a wrong one never earns."""

    ALL_OR_NOTHING = "all_or_nothing"
    HALF = "half"
    PARTIAL = "partial"
    PER_OPTION = "per_option"


PART_RULE_LABELS = {
    PartRule.ALL_OR_NOTHING: "少选不得分",
    PartRule.HALF: "少选得一半",
    PartRule.PARTIAL: "少选得部分分",
    PartRule.PER_OPTION: "按选项计分",
}


class MakeupRule(StrEnum):
    """Which mark counts for somebody who sat the exam and then its 补考."""

    PASS_ONLY = "pass_only"  # noqa: S105 - a rule about marks.
    BETTER = "better"
    MAKEUP = "makeup"


MAKEUP_RULE_LABELS = {
    MakeupRule.PASS_ONLY: "补考合格的，按合格分计",
    MakeupRule.BETTER: "两次成绩取高的一次",
    MakeupRule.MAKEUP: "以补考成绩为准",
}
