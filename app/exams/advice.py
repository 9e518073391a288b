"""What the figures of a question say in plain words, and which keys they make doubtful.

The bands are those that readers expect: 得分率 of 0.30 to 0.95, 区分指数 of 20 and more. Below
thirty answers a figure is a hint at most; below five nothing is said.
"""

from collections.abc import Sequence
from enum import StrEnum

from app.exams.statistics import ItemFigures, OptionFigures

LEAST_SAID, LEAST_SURE = 5, 30
HARD, EASY, WEAK = 0.30, 0.95, 20.0


class ItemFlag(StrEnum):
    """What somebody should look at, the most pressing first."""

    KEY = "key"
    NEGATIVE = "negative"
    HARD = "hard"
    WEAK = "weak"
    EASY = "easy"
    FINE = "fine"
    FEW = "few"
    VOID = "void"


ITEM_FLAG_LABELS = {
    ItemFlag.KEY: "疑似答案有误",
    ItemFlag.NEGATIVE: "区分为负",
    ItemFlag.HARD: "多数人答错",
    ItemFlag.WEAK: "区分不明显",
    ItemFlag.EASY: "几乎人人答对",
    ItemFlag.FINE: "正常",
    ItemFlag.FEW: "人数太少",
    ItemFlag.VOID: "已作废",
}
ADVICE = {
    ItemFlag.KEY: (
        "有一个不是答案的选项，选的人多，成绩也较好；选答案的人成绩反而较差。"
        "先核对答案，再看题干有没有歧义。"
    ),
    ItemFlag.NEGATIVE: "成绩好的人反而容易答错。请核对答案，看题干有没有歧义。",
    ItemFlag.HARD: "多数人答错。看题目有没有超出学习范围；没有的，放进下次课堂讲解。",
    ItemFlag.WEAK: "答对答错与整卷成绩关系不大。可以改写干扰项，让没有掌握的人选得到。",
    ItemFlag.EASY: "几乎人人答对，区分不出掌握的程度。必会的题可以保留，其他的换一种问法。",
    ItemFlag.FINE: "难易合适，能区分掌握的程度。",
    ItemFlag.FEW: f"作答不足{LEAST_SAID}人，不作分析。",
    ItemFlag.VOID: "本题已作废，全员得满分，不作分析。",
}
HINT = f"作答不足{LEAST_SURE}人，数字波动大，只作参考。"


def flag_of(
    item: ItemFigures, options: Sequence[OptionFigures] = (), *, is_void: bool = False
) -> ItemFlag:
    """Say what the figures of a question call for; `options` are those of a choice."""
    if is_void:
        return ItemFlag.VOID
    if item.n < LEAST_SAID or item.facility is None:
        return ItemFlag.FEW
    index = item.discrimination_index
    found = {
        ItemFlag.KEY: suspect(options) is not None,
        ItemFlag.NEGATIVE: index is not None and index < 0,
        ItemFlag.HARD: item.facility < HARD,
        ItemFlag.EASY: item.facility > EASY,
        ItemFlag.WEAK: index is not None and index < WEAK,
    }
    return next((flag for flag, holds in found.items() if holds), ItemFlag.FINE)


def suspect(options: Sequence[OptionFigures]) -> str | None:
    """Give the option that looks more like the key than the key does, where there is one.

    More people chose it than a right one, they are the stronger, and those who chose the right one
    are the weaker.
    """
    keys = [each for each in options if each.is_key and (each.point_biserial or 0) < 0]
    if not keys:
        return None
    fewest = min(each.count for each in keys)
    found = [
        each
        for each in options
        if not each.is_key and (each.point_biserial or 0) > 0 and each.count > fewest
    ]
    return max(found, key=lambda each: each.count).label if found else None


def write_advice(flag: ItemFlag, count: int) -> str:
    """Write what to do, with a caution where few have answered."""
    is_hint = flag not in {ItemFlag.FEW, ItemFlag.VOID} and count < LEAST_SURE
    return f"{ADVICE[flag]}{HINT}" if is_hint else ADVICE[flag]
