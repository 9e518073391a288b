"""What is said where a plan can't be drawn: "an impossible blueprint names the short cell before
publishing". Why it can't is found out in `explaining`.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.exams.drawing.plan import Plan, Row
from app.kernel import formats
from app.questions.kinds import DIFFICULTY_LABELS, QUESTION_KIND_LABELS, QuestionDifficulty
from app.questions.models import QUESTION_CATEGORY_LABELS, QuestionCategory

DIFFICULTY_OF = {
    1: QuestionDifficulty.EASY,
    2: QuestionDifficulty.MEDIUM,
    3: QuestionDifficulty.HARD,
}


class ShortReason(StrEnum):
    """Why there are not enough questions."""

    TOTAL = "total"
    USED = "used"
    SHARED = "shared"
    EXPOSURE = "exposure"
    DIFFICULTY = "difficulty"


SHORT_REASON_LABELS = {
    ShortReason.TOTAL: "总数不足",
    ShortReason.USED: "近期用过",
    ShortReason.SHARED: "几行要用同样的题",
    ShortReason.EXPOSURE: "同一题出现的份数有上限",
    ShortReason.DIFFICULTY: "各份卷难度要一致",
}


@dataclass(frozen=True, kw_only=True)
class Short:
    """The short cell. `wanted` and `found` count questions of one form.

    With EXPOSURE, and with DIFFICULTY under a limit, they count places in all forms together.
    `rows` has several only where they compete; `difficulty` stands for a weight and is None where
    any will do; `lately` counts what would fit too but was used on `reuse_since` or later.
    """

    reason: ShortReason
    rows: tuple[Row, ...]
    post_groups: tuple[PostGroup | None, ...]
    difficulty: QuestionDifficulty | None
    wanted: int
    found: int
    lately: int
    plan: Plan

    @property
    def is_over_all_forms(self) -> bool:
        """Whether the numbers count places in all forms together."""
        return self.reason is ShortReason.EXPOSURE or (
            self.reason is ShortReason.DIFFICULTY and self.plan.most_forms is not None
        )


class ShortError(Exception):
    """There is no such set of forms; `short` says why."""

    def __init__(self, short: Short) -> None:
        super().__init__(say_short(short))
        self.short = short


def say_short(short: Short) -> str:
    """Say in one or two sentences what is short, why, and what can be done."""
    says = {
        ShortReason.TOTAL: say_total,
        ShortReason.USED: say_used,
        ShortReason.SHARED: say_shared,
        ShortReason.EXPOSURE: say_exposure,
        ShortReason.DIFFICULTY: say_difficulty,
    }
    return says[short.reason](short)


def say_total(short: Short) -> str:
    return (
        f"{say_place(short)}要{short.wanted}道，合用的题只有{short.found}道{say_lately(short)}。"
        "请补充题目，或者减少这一行的题数。"
    )


def say_used(short: Short) -> str:
    return (
        f"{say_place(short)}要{short.wanted}道，合用的题有{short.found + short.lately}道，"
        f"其中{say_use(short)}，只剩{short.found}道。"
        "请缩短不重复使用的月数、补充题目，或者减少这一行的题数。"
    )


def say_shared(short: Short) -> str:
    return (
        f"{say_place(short)}合起来要{short.wanted}道，可用的题一共只有{short.found}道"
        f"{say_lately(short)}；一道题在一份卷里只出现一次。请补充题目，或者减少其中一行的题数。"
    )


def say_exposure(short: Short) -> str:
    return (
        f"{say_limit(short)}：{say_place(short)}在全部{short.plan.all_forms}份卷里共要{short.wanted}道次，"
        f"只够{short.found}道次{say_lately(short)}。请提高这个比例、减少份数，或者补充题目。"
    )


def say_difficulty(short: Short) -> str:
    difficulty = DIFFICULTY_LABELS[short.difficulty] if short.difficulty else ""
    unit = "道次" if short.is_over_all_forms else "道"
    limit = f"（{say_limit(short)}）" if short.is_over_all_forms else ""
    return (
        f"各份卷的易、中、难题数要一致：{say_place(short)}要难度为“{difficulty}”的题"
        f"{short.wanted}{unit}，只有{short.found}{unit}{limit}{say_lately(short)}。"
        "请补充题目，或者减少这一行的题数。"
    )


def say_limit(short: Short) -> str:
    """Say in how many forms a question may stand."""
    plan = short.plan
    return f"一道题最多出现在{plan.most_exposure}%的卷（{plan.most_forms}份）里"


def say_lately(short: Short) -> str:
    """Say how many more there would be but for their use."""
    return f"，另有{say_use(short)}" if short.lately else ""


def say_use(short: Short) -> str:
    """2道自2026年5月20日以来用过."""
    since = short.plan.reuse_since
    return f"{short.lately}道{f'自{formats.day(since)}以来' if since else ''}用过"


def say_place(short: Short) -> str:
    """Name the rows, and for whom the form is where that matters."""
    rows = "、".join(say_row(row) for row in short.rows)
    has_posts = any(row.category is QuestionCategory.POST for row in short.rows)
    if not has_posts:
        return rows
    named = "、".join(POST_GROUP_LABELS[each] for each in short.post_groups if each)
    if None not in short.post_groups:
        return f"{named}卷的{rows}"
    if named:
        return f"{named}卷和没有岗位组的人的卷的{rows}"
    return f"没有岗位组的人的卷以公共题代替岗位题，{rows}"


def say_row(row: Row) -> str:
    """第3行（岗位题、单选题、知识点“保密”、难度“难”）."""
    words = [QUESTION_CATEGORY_LABELS[row.category], QUESTION_KIND_LABELS[row.kind]]
    words += [f"知识点“{row.tag}”"] if row.tag else []
    words += [f"难度“{DIFFICULTY_LABELS[row.difficulty]}”"] if row.difficulty else []
    return f"第{row.number}行（{'、'.join(words)}）"
