"""The choices that an exam makes for all its questions: how a part is marked, what 补考 counts.

Published with the paper: whoever sits knows before he answers what a part of an answer is worth.
"""

from decimal import Decimal
from enum import StrEnum

from app.kernel import formats


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
# What the 须知 of a paper says of each; {each} is what one right option earns.
PART_RULE_NOTICES = {
    PartRule.ALL_OR_NOTHING: "多选题少选、错选均不得分。",
    PartRule.HALF: (
        "多选题错选、不选不得分；少选得该题分值的一半，一半不是整分的进为整分，"
        "1分及以下的题少选不得分。"
    ),
    PartRule.PARTIAL: (
        "多选题错选、不选不得分；少选按选对的比例得分，不足0.5分的部分舍去，"
        "1分及以下的题少选不得分。"
    ),
    PartRule.PER_OPTION: (
        "多选题错选、不选不得分；少选每选对一项得{each}分，不超过该题分值，全部选对得满分。"
    ),
}


def write_part_rule(rule: PartRule, option_marks: Decimal | None = None) -> str:
    """Write what a part of a 多选题 earns, as the 须知 of a paper says it."""
    return PART_RULE_NOTICES[rule].format(each=formats.marks(option_marks))


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
