"""The words by which a question names its basis: plan and number, or rule and article.

Measures are numbered through the whole plan, three to a part: 三（四）10 is the tenth, in part
four.
"""

from typing import Any

from app.questions.demo_bank.shape import BankFaultError, Cited, Measure

PLAN_NAMES = {2023: "2023年清廉窗口创建实施方案", 2025: "2025年效能提升方案"}
GOALS = "二"
MEASURES_OF_A_PART = 3
PARTS = "一二三四五"


def place_of(code: str) -> str:
    """Give the number under which a measure stands in its plan, 二 for an overall goal."""
    if code.startswith("G"):
        return GOALS
    if not code.isdecimal() or not 0 < int(code) <= len(PARTS) * MEASURES_OF_A_PART:
        raise BankFaultError(f"no measure has the code {code!r}")
    return f"三（{PARTS[(int(code) - 1) // MEASURES_OF_A_PART]}）{code}"


def read_basis(row: dict[str, Any]) -> tuple[str, Measure | None, Cited | None]:
    """Give the words of a row's basis, and what they point at.

    A row says `plan` with `measure`, `plan` with `place`, or `rule` with `article`.
    """
    match row:
        case {"plan": int(plan), "measure": str(code)} if plan in PLAN_NAMES:
            return PLAN_NAMES[plan] + place_of(code), Measure(plan=plan, code=code), None
        case {"plan": int(plan), "place": str(place)} if plan in PLAN_NAMES:
            return PLAN_NAMES[plan] + place, None, None
        case {"rule": str(rule), "article": str(label)}:
            return rule + label, None, Cited(rule=rule, label=label)
    raise BankFaultError("the basis is neither a plan with its number nor a rule with its article")
