"""The answer of a row, in the shape that the contract of `questions parse` gives to each kind.

A key outside the options, a blank without its answer or a lonely key of a 多选题 is refused.
"""

from typing import Any, NoReturn

from app.questions.demo_bank.shape import BankFaultError
from app.questions.kinds import MAX_OPTIONS, MIN_OPTIONS, OPTION_LABELS, QuestionKind
from app.questions.models import FALSE, TRUE
from app.questions.parsing.result import Option

# How a stem marks a blank.
BLANK = "____"
LEAST_KEYS = {QuestionKind.SINGLE: 1, QuestionKind.MULTIPLE: 2}


def read_options(kind: QuestionKind, texts: list[str]) -> tuple[Option, ...]:
    """Give the options of a row their letters; only questions with a choice have any."""
    if kind not in LEAST_KEYS:
        refuse_unless(not texts, f"{kind} has no options")
        return ()
    refuse_unless(MIN_OPTIONS <= len(texts) <= MAX_OPTIONS, "too few or too many options")
    refuse_unless(len(set(texts)) == len(texts), "two options read the same")
    return tuple(
        Option(label=label, text=text) for label, text in zip(OPTION_LABELS, texts, strict=False)
    )


def read_answer(kind: QuestionKind, row: dict[str, Any], options: tuple[Option, ...]) -> list[Any]:
    """Give the answer of a row as the contract writes it."""
    answer = row["answer"]
    if kind in LEAST_KEYS:
        return labels(kind, str(answer), options)
    if kind is QuestionKind.TRUE_FALSE:
        return [TRUE if answer is True else FALSE] if isinstance(answer, bool) else refuse(answer)
    if kind is QuestionKind.BLANK:
        return blanks(row["stem"], answer)
    if kind is QuestionKind.NUMERIC:
        return [{"value": str(answer), "tolerance": str(row.get("tolerance", 0))}]
    return [answer] if isinstance(answer, str) and answer else refuse(answer)


def labels(kind: QuestionKind, key: str, options: tuple[Option, ...]) -> list[str]:
    """Take a key such as ABD apart; its letters are options, in order, each once."""
    known = [each.label for each in options]
    refuse_unless([each for each in known if each in key] == list(key), f"the key {key!r} is wrong")
    least = LEAST_KEYS[kind]
    refuse_unless(len(key) >= least, f"{kind} has at least {least} keys")
    refuse_unless(kind is not QuestionKind.SINGLE or len(key) == least, "单选题 has one key")
    return list(key)


def blanks(stem: str, answer: list[list[str]]) -> list[list[str]]:
    """Give the accepted texts of each blank of the stem."""
    refuse_unless(stem.count(BLANK) == len(answer) > 0, "blanks and answers do not agree")
    refuse_unless(all(answer), "a blank accepts no text")
    return answer


def refuse_unless(holds: bool, message: str) -> None:  # noqa: FBT001 - it reads as a sentence
    """Refuse the row unless a condition holds."""
    if not holds:
        raise BankFaultError(message)


def refuse(answer: object) -> NoReturn:
    """Refuse an answer of the wrong shape."""
    raise BankFaultError(f"the answer {answer!r} does not fit its kind")
