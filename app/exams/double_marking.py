"""What several markers give together: pure, so that a settlement can be repeated and checked.

"Short and essay answers marked by question with names hidden, a second marker where the exam asks
for one." One marker's marks count as they are. Two who are near each other share: the mean, rounded
up to half a mark. Two who are apart are settled by a third, whose marks alone count.
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

FIRST, SECOND, THIRD = 1, 2, 3
STEP = Decimal("0.5")
HUNDRED = Decimal(100)


def are_apart(rounds: Mapping[int, Decimal], full: Decimal, percent: int) -> bool:
    """Tell whether two markers differ by more than so many percent of the full marks."""
    if FIRST not in rounds or SECOND not in rounds:
        return False
    return abs(rounds[FIRST] - rounds[SECOND]) * HUNDRED > full * percent


def settle(
    rounds: Mapping[int, Decimal], full: Decimal, *, is_double: bool, percent: int
) -> Decimal | None:
    """Give what an answer earns, from marks by round; None where somebody has yet to mark it."""
    if FIRST not in rounds:
        return None
    if not is_double:
        return rounds[FIRST]
    if SECOND not in rounds:
        return None
    if are_apart(rounds, full, percent):
        return rounds.get(THIRD)
    return to_step((rounds[FIRST] + rounds[SECOND]) / 2)


def next_round(
    rounds: Mapping[int, Decimal], full: Decimal, *, is_double: bool, percent: int
) -> int | None:
    """Give which marker an answer waits for; None where it waits for nobody."""
    if settle(rounds, full, is_double=is_double, percent=percent) is not None:
        return None
    return next((each for each in (FIRST, SECOND) if each not in rounds), THIRD)


def to_step(marks: Decimal) -> Decimal:
    """Round up to half a mark."""
    return (marks / STEP).to_integral_value(ROUND_CEILING) * STEP
