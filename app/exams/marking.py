"""From answers to marks: pure, so that any grading can be repeated and checked.

"All-or-nothing, 少选得一半, 少选得部分分 (with the published rounding: an item of one mark or less
gives 0, odd or fractional halves round up), per-option marks, true/false, blanks with synonyms and
free order, numeric range; exact marks." A wrong option always earns nothing, so that choosing
everything never gains. What the paper's 须知 says of it stands in `kinds`; how texts are compared,
in `comparing`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType
from typing import Any

from app.exams.answer_shapes import is_answered
from app.exams.comparing import count_right_blanks, is_right_number
from app.exams.kinds import PartRule
from app.questions.kinds import QuestionKind

BY_HAND = frozenset({QuestionKind.SHORT, QuestionKind.ESSAY})
NOTHING, ONE = Decimal(0), Decimal(1)
NO_HAND_MARKS: Mapping[int, Decimal] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class KeyedQuestion:
    """What marking needs of a frozen question; keys as QuestionVersion has them.

    Of `key` and its `alternatives` the one that earns most counts. A void question earns everybody
    who sat its full marks.
    """

    number: int
    kind: QuestionKind
    marks: Decimal
    key: Sequence[Any]
    is_free_order: bool = False
    alternatives: Sequence[Sequence[Any]] = ()
    is_void: bool = False


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """What an exam says of a part of a 多选题; `option_marks` only with PER_OPTION."""

    part_rule: PartRule = PartRule.ALL_OR_NOTHING
    option_marks: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Marked:
    """The outcome of one sitting; `by_number` gives marks per question, None: not yet marked.

    `marks` is the sum of what is marked, `correct_count` how many questions earned full marks.
    """

    marks: Decimal
    correct_count: int
    by_number: Mapping[int, Decimal | None]
    is_complete: bool


def mark(
    paper: Sequence[KeyedQuestion],
    scheme: Scheme,
    chosen: Mapping[int, Sequence[str]],
    hand_marks: Mapping[int, Decimal] = NO_HAND_MARKS,
) -> Marked:
    """Mark one sitting; whatever is not on the paper counts for nothing."""
    by_number = {
        each.number: mark_question(
            each, scheme, chosen.get(each.number, ()), hand_marks.get(each.number)
        )
        for each in paper
    }
    earned = [each for each in by_number.values() if each is not None]
    return Marked(
        marks=sum(earned, NOTHING),
        correct_count=sum(1 for each in paper if by_number[each.number] == each.marks),
        by_number=by_number,
        is_complete=len(earned) == len(by_number),
    )


def mark_question(
    question: KeyedQuestion, scheme: Scheme, chosen: Sequence[str], by_hand: Decimal | None
) -> Decimal | None:
    """Mark one answer: 0 to the question's marks; None where somebody has yet to mark it."""
    if question.is_void:
        return question.marks
    if not is_answered(chosen):
        return NOTHING
    if question.kind in BY_HAND:
        return None if by_hand is None else min(max(by_hand, NOTHING), question.marks)
    rule = RULES[question.kind]
    return max(
        rule(question, scheme, key, chosen) for key in (question.key, *question.alternatives)
    )


def mark_exact(
    question: KeyedQuestion, scheme: Scheme, key: Sequence[Any], chosen: Sequence[str]
) -> Decimal:
    """Give all for exactly the key, nothing for anything else."""
    del scheme
    return question.marks if set(chosen) == set(key) else NOTHING


def mark_multiple(
    question: KeyedQuestion, scheme: Scheme, key: Sequence[Any], chosen: Sequence[str]
) -> Decimal:
    """Give nothing for a wrong option, all for the key, and for a part what the exam says."""
    given, right = set(chosen), set(key)
    if given == right:
        return question.marks
    if given - right:
        return NOTHING
    return part_marks(question.marks, scheme, len(given), len(right))


def part_marks(marks: Decimal, scheme: Scheme, chosen: int, right: int) -> Decimal:
    """Give the marks for so many of the right options, but not all of them."""
    if scheme.part_rule is PartRule.PER_OPTION:
        return min((scheme.option_marks or NOTHING) * chosen, marks)
    if scheme.part_rule is PartRule.ALL_OR_NOTHING or marks <= ONE:
        return NOTHING
    if scheme.part_rule is PartRule.HALF:
        return (marks / 2).to_integral_value(ROUND_CEILING)
    # In steps of half a mark, rounded down; whole numbers of steps divide without a rest.
    return (marks * 2 * chosen // right) / 2


def mark_blanks(
    question: KeyedQuestion, scheme: Scheme, key: Sequence[Any], chosen: Sequence[str]
) -> Decimal:
    """Give each blank its equal share, in hundredths; the last right ones get the rest."""
    del scheme
    right = count_right_blanks(chosen, key, is_free_order=question.is_free_order)
    return (question.marks * 100 * right // len(key)) / 100


def mark_number(
    question: KeyedQuestion, scheme: Scheme, key: Sequence[Any], chosen: Sequence[str]
) -> Decimal:
    """Give all for a number within the tolerance, bounds included."""
    del scheme
    is_right = is_right_number(chosen[0], value=key[0]["value"], tolerance=key[0]["tolerance"])
    return question.marks if is_right else NOTHING


Rule = Callable[[KeyedQuestion, Scheme, Sequence[Any], Sequence[str]], Decimal]
RULES: Mapping[QuestionKind, Rule] = {
    QuestionKind.SINGLE: mark_exact,
    QuestionKind.TRUE_FALSE: mark_exact,
    QuestionKind.MULTIPLE: mark_multiple,
    QuestionKind.BLANK: mark_blanks,
    QuestionKind.NUMERIC: mark_number,
}
