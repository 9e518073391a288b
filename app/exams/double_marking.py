"""What several markers give together: pure, so that a settlement can be repeated and checked.

"Short and essay answers marked by question with names hidden, a second marker where the exam asks
for one." One marker's marks count as they are. Two who are near each other share: the mean, rounded
up to half a mark. Two who are apart are settled by a third, whose marks alone count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

FIRST, SECOND, THIRD = 1, 2, 3
STEP = Decimal("0.5")
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Whether two people mark each answer, and by how many percent of its marks they may differ."""

    is_double: bool
    percent: int


def are_apart(rounds: Mapping[int, Decimal], full: Decimal, rule: Rule) -> bool:
    """Tell whether two markers differ by more than the rule allows."""
    if FIRST not in rounds or SECOND not in rounds:
        return False
    return abs(rounds[FIRST] - rounds[SECOND]) * HUNDRED > full * rule.percent


def settle(rounds: Mapping[int, Decimal], full: Decimal, rule: Rule) -> Decimal | None:
    """Give what an answer earns, from marks by round; None where somebody has yet to mark it."""
    if FIRST not in rounds:
        return None
    if not rule.is_double:
        return rounds[FIRST]
    if SECOND not in rounds:
        return None
    if are_apart(rounds, full, rule):
        return rounds.get(THIRD)
    return to_step((rounds[FIRST] + rounds[SECOND]) / 2)


def next_round(rounds: Mapping[int, Decimal], full: Decimal, rule: Rule) -> int | None:
    """Give which marker an answer waits for; None where it waits for nobody."""
    if settle(rounds, full, rule) is not None:
        return None
    return next((each for each in (FIRST, SECOND) if each not in rounds), THIRD)


def to_step(marks: Decimal) -> Decimal:
    """Round up to half a mark."""
    return (marks / STEP).to_integral_value(ROUND_CEILING) * STEP
