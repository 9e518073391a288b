"""Which questions of a released result wait: those that this person sits elsewhere, unreleased.

Pure. The total mark and the number of right answers stay on the page, so leaving a question out
would tell by subtraction whether it was right, and with it the key. Each is therefore left out
together with one of the same marks that went the other way: of the two, one earned all and one
nothing, and nobody can tell which. One that earned a part has no such partner: the sum of a pair
would say that it was not right. Which one covers is drawn from a key that no reader has: by a
known order the questions still shown would tell which could not have been taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What withholding needs of a marked question."""

    number: int
    marks: Decimal
    earned: Decimal

    @property
    def is_right(self) -> bool:
        """Tell whether it earned all its marks."""
        return self.earned == self.marks

    @property
    def is_in_part(self) -> bool:
        """Tell whether it earned some of its marks, but not all."""
        return 0 < self.earned < self.marks


def withhold(outcomes: Sequence[Outcome], hidden: frozenset[int]) -> frozenset[int]:
    """Give the numbers to leave out: the hidden ones and their covers.

    All of them where a hidden question has no cover, as with everything right, or with a part of
    its marks. The first that fits covers: the caller gives the questions in an order of a key that
    is the same at every look, so that two looks never show what the other one left out.
    """
    left_out = set(hidden)
    for outcome in outcomes:
        if outcome.number in hidden:
            cover = find_cover(outcome, outcomes, left_out)
            if cover is None:
                return frozenset(each.number for each in outcomes)
            left_out.add(cover)
    return frozenset(left_out)


def find_cover(outcome: Outcome, outcomes: Sequence[Outcome], taken: set[int]) -> int | None:
    """Give the first question of the same marks that went the other way, or None."""
    if outcome.is_in_part:
        return None
    wanted = (outcome.marks, outcome.marks - outcome.earned)
    for each in outcomes:
        if each.number not in taken and (each.marks, each.earned) == wanted:
            return each.number
    return None
