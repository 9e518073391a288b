"""From answers to marks: pure, so that any grading can be repeated and checked.

In this form a question is right or wrong as a whole: 多选题少选、错选均不得分.
The paper's 须知 says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class KeyedQuestion:
    """What marking needs of a frozen question."""

    number: int
    marks: Decimal
    key: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """The outcome of one sitting; `by_number` gives marks per question."""

    marks: Decimal
    correct_count: int
    by_number: Mapping[int, Decimal]


def mark(paper: Sequence[KeyedQuestion], chosen: Mapping[int, Sequence[str]]) -> Marked:
    """Mark one sitting: full marks for exactly the key, none for anything else or nothing."""
    by_number = {
        question.number: question.marks
        if frozenset(chosen.get(question.number, ())) == question.key
        else Decimal(0)
        for question in paper
    }
    return Marked(
        marks=sum(by_number.values(), Decimal(0)),
        correct_count=sum(1 for marks in by_number.values() if marks),
        by_number=by_number,
    )
