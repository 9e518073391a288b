"""What a question of the demonstration's bank is: a parsed question, for whom, and its basis.

"试卷由公共题和岗位题组成，题目写明依据": a question without a post group is for everybody.
"""

from dataclasses import dataclass

from app.accounts.roster.models import PostGroup
from app.questions.models import QuestionCategory
from app.questions.parsing.result import ParsedQuestion

# Every tag that a question of the bank may carry.
TAGS = frozenset(
    {
        "清廉窗口",
        "总体目标",
        "制度建设",
        "三亮行动",
        "首问与告知",
        "收件与审查",
        "窗口礼仪",
        "便民服务",
        "帮办代办",
        "网上办理",
        "集成办理",
        "就近办理",
        "评价整改",
        "学习培训",
        "数据管理",
        "品牌宣传",
        "廉洁从业",
        "保密与网络安全",
        "组织保障",
    }
)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A row of a plan: 2025 with G5, or 2023 with 10."""

    plan: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Cited:
    """An article of a rule of the demonstration: its name and 第三条."""

    rule: str
    label: str


@dataclass(frozen=True, kw_only=True)
class BankQuestion:
    """A question of the bank. `post_group` is None for 公共题; one of the last two may be None.

    Both are None where a question rests on a part of a plan that is no measure.
    """

    parsed: ParsedQuestion
    post_group: PostGroup | None
    measure: Measure | None
    cited: Cited | None

    @property
    def category(self) -> QuestionCategory:
        """Say whether it is a 公共题 or a 岗位题."""
        return QuestionCategory.POST if self.post_group else QuestionCategory.COMMON


class BankFaultError(ValueError):
    """A file of the bank that cannot be taken as it stands."""
