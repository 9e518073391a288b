"""Whether a question can be answered and marked: its options, and a key that fits its kind.

Asked by the form, by readers of files, by the linter and by the demonstration's bank: one shape for
all. Pure; the sentences are for whoever wrote the question.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from app.questions.kinds import (
    CHOICES,
    FALSE,
    MAX_OPTIONS,
    MIN_OPTIONS,
    TRUE,
    QuestionKind,
)
from app.questions.likeness import fold

if TYPE_CHECKING:
    # The readers ask here too: at run time this page must not need theirs.
    from app.questions.parsing.result import Option

NO_KEY = "没有答案，请补上。"
BAD_KEY = {
    QuestionKind.TRUE_FALSE: "判断题的答案请写 对 或 错。",
    QuestionKind.BLANK: (
        "分不清哪一段答案填哪个空：题干里用 ____ 标出每一个空，答案用“；”隔开各空，"
        "用“/”隔开同一空的不同写法。"
    ),
    QuestionKind.NUMERIC: "数值题的答案请写一个数，要有误差的写成 15±0.5。",
    QuestionKind.SHORT: "请写一份参考答案。",
    QuestionKind.ESSAY: "请写一份参考答案。",
}


def option_faults(kind: QuestionKind | None, options: "Sequence[Option]") -> Iterator[str]:
    """Say what is wrong with number and difference of the options."""
    if kind not in CHOICES:
        return
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
        yield f"选项要有{MIN_OPTIONS}到{MAX_OPTIONS}个，这里是{len(options)}个。"
    seen: dict[str, str] = {}
    for each in options:
        folded = fold(each.text) or each.text.strip()
        if folded in seen:
            yield f"选项{seen[folded]}和{each.label}是一样的，请改掉其中一个。"
        seen.setdefault(folded, each.label)


def key_faults(
    kind: QuestionKind | None, options: "Sequence[Option]", answer: Sequence[Any]
) -> Iterator[str]:
    """Say what is wrong with a key, as the contract of `questions parse` writes it."""
    if not answer or all(each in ("", []) for each in answer):
        yield NO_KEY
    elif kind in CHOICES:
        yield from choice_faults(kind, [each.label for each in options], answer)
    elif kind is not None and not FITS[kind](answer):
        yield BAD_KEY[kind]


def choice_faults(
    kind: QuestionKind | None, labels: Sequence[str], answer: Sequence[Any]
) -> Iterator[str]:
    """Say what is wrong with a key of letters."""
    if beyond := [str(each) for each in answer if each not in labels]:
        yield f"答案{'、'.join(beyond)}在选项里没有，请核对答案或者选项。"
    if len(set(map(str, answer))) < len(answer):
        yield "答案里有一个选项写了两次，请核对。"
    if kind is QuestionKind.SINGLE and len(answer) > 1:
        yield f"单选题写了{len(answer)}个答案，请核对题型或者答案。"
    if kind is QuestionKind.MULTIPLE and len(answer) == 1:
        yield "多选题只写了一个答案，请核对题型或者答案。"


def fits_truth(answer: Sequence[Any]) -> bool:
    """Tell whether it says 对 or 错."""
    return list(answer) in ([TRUE], [FALSE])


def fits_blanks(answer: Sequence[Any]) -> bool:
    """Tell whether each blank accepts at least one text, and no empty one."""
    return all(isinstance(each, list) and each and all(map(is_text, each)) for each in answer)


def fits_number(answer: Sequence[Any]) -> bool:
    """Tell whether it is one number with a tolerance that is not negative."""
    if len(answer) != 1 or not isinstance(answer[0], dict):
        return False
    if set(answer[0]) != {"value", "tolerance"}:
        return False
    value, tolerance = (number_of(answer[0][name]) for name in ("value", "tolerance"))
    return value is not None and tolerance is not None and tolerance >= 0


def fits_text(answer: Sequence[Any]) -> bool:
    """Tell whether it is one model answer."""
    return len(answer) == 1 and is_text(answer[0])


FITS = {
    QuestionKind.TRUE_FALSE: fits_truth,
    QuestionKind.BLANK: fits_blanks,
    QuestionKind.NUMERIC: fits_number,
    QuestionKind.SHORT: fits_text,
    QuestionKind.ESSAY: fits_text,
}


def is_text(value: object) -> bool:
    """Tell whether something is a text that says anything."""
    return isinstance(value, str) and bool(value.strip())


def number_of(value: object) -> Decimal | None:
    """Give the number of a text, None where it is none."""
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
