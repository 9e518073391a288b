"""The answer of a row, in the shape that the contract of `questions parse` gives to each kind.

A key outside the options, a blank without its answer or a lonely key of a 多选题 is refused.
"""

from collections.abc import Iterator
from typing import Any

from app.questions.checking import key_faults, option_faults
from app.questions.demo_bank.shape import BankFaultError
from app.questions.kinds import CHOICES, FALSE, LETTERS, TRUE, QuestionKind
from app.questions.parsing.result import Option

# How a stem marks a blank.
BLANK = "____"


def read_options(kind: QuestionKind, texts: list[str]) -> tuple[Option, ...]:
    """Give the options of a row their letters; only questions with a choice have any."""
    refuse_unless(kind in CHOICES or not texts, f"{kind} has no options")
    options = tuple(
        Option(label=each, text=text) for each, text in zip(LETTERS, texts, strict=False)
    )
    refuse_any(option_faults(kind, options))
    return options


def read_answer(kind: QuestionKind, row: dict[str, Any], options: tuple[Option, ...]) -> list[Any]:
    """Give the answer of a row as the contract writes it."""
    answer = written(kind, row)
    if kind in CHOICES:
        refuse_unless(answer == sorted(answer), f"the key {answer} is not in order")
    if kind is QuestionKind.BLANK:
        refuse_unless(row["stem"].count(BLANK) == len(answer), "blanks and answers do not agree")
    refuse_any(key_faults(kind, options, answer))
    return answer


def written(kind: QuestionKind, row: dict[str, Any]) -> list[Any]:
    """Take what a row says about its key: ABD, true, a number, a text, texts per blank."""
    answer = row["answer"]
    if kind in CHOICES:
        return list(str(answer))
    if kind is QuestionKind.TRUE_FALSE:
        return [TRUE if answer else FALSE] if isinstance(answer, bool) else [answer]
    if kind is QuestionKind.BLANK:
        return list(answer)
    if kind is QuestionKind.NUMERIC:
        return [{"value": str(answer), "tolerance": str(row.get("tolerance", 0))}]
    return [answer]


def refuse_any(faults: Iterator[str]) -> None:
    """Refuse the row for the first fault."""
    for each in faults:
        raise BankFaultError(each)


def refuse_unless(holds: bool, message: str) -> None:  # noqa: FBT001 - it reads as a sentence
    """Refuse the row unless a condition holds."""
    if not holds:
        raise BankFaultError(message)
