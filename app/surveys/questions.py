"""What a questionnaire asks, and whether an answered one is whole. No database, no request.

"Scale, single, multiple, text, conditions": a question may be asked only of those who answered an
earlier one in some way. The first question is the scale on which the whole is judged; everybody
answers it, so that every ballot counts in every figure of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.surveys.models import LONGEST_TEXT

SCALE = ("很满意", "满意", "一般", "不满意", "很不满意")
# 满意 and 很满意, by their places.
SATISFIED = frozenset({0, 1})
MOST_QUESTIONS = 20
MOST_OPTIONS = 10
LONGEST_QUESTION = 80
LONGEST_OPTION = 30

UNANSWERED = "请选一项。"
NONE_CHOSEN = "请至少选一项。"
UNWRITTEN = "请填写这一题。"
NO_OPTION = "没有这个选项，请重新选择。"
TOO_LONG = f"最多{LONGEST_TEXT}个字。"
FIRST_IS_SCALE = "第一题应当是必答的满意度题，全部结果都按它计算。"
NO_QUESTION = "至少要有一道题。"
TOO_MANY = f"最多{MOST_QUESTIONS}道题，题多了没有人填得完。"
NO_CONDITION = "第{place}题的条件要指向它前面的一道选择题，并且选项在那道题里。"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"


KIND_LABELS = {
    QuestionKind.SCALE: "满意度",
    QuestionKind.SINGLE: "单选",
    QuestionKind.MULTIPLE: "多选",
    QuestionKind.TEXT: "文字",
}


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Asked only of those who chose one of these places of the options of an earlier question."""

    code: str
    chosen: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `code` is unique in its questionnaire and stays with it in later versions."""

    code: str
    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()
    is_required: bool = True
    condition: Condition | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """Give what can be chosen."""
        return SCALE if self.kind is QuestionKind.SCALE else self.options


# What was chosen, by code: places of options.
Chosen = Mapping[str, Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """An answered questionnaire: what was chosen and what was written, by the questions' codes."""

    chosen: dict[str, list[int]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)


class UnfilledError(Exception):
    """A questionnaire is not whole: `errors` says by question what is missing."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


def load(stored: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Read questions as they are stored."""
    return [
        Question(
            code=each["code"],
            kind=QuestionKind(each["kind"]),
            text=each["text"],
            options=tuple(each["options"]),
            is_required=each["is_required"],
            condition=Condition(code=each["asked_if"], chosen=tuple(each["asked_of"]))
            if each["asked_if"]
            else None,
        )
        for each in stored
    ]


def dump(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Give questions as they are stored."""
    return [
        {
            "code": each.code,
            "kind": each.kind.value,
            "text": each.text,
            "options": list(each.options),
            "is_required": each.is_required,
            "asked_if": each.condition.code if each.condition else "",
            "asked_of": list(each.condition.chosen) if each.condition else [],
        }
        for each in questions
    ]


def is_asked(question: Question, chosen: Chosen) -> bool:
    """Tell whether somebody who has answered so far is asked this."""
    if question.condition is None:
        return True
    return bool(set(chosen.get(question.condition.code, ())) & set(question.condition.chosen))


def condition_text(question: Question, questions: Sequence[Question]) -> str:
    """Say of whom a question is asked, as the beginning of a sentence; empty for everybody."""
    if question.condition is None:
        return ""
    places = {each.code: place for place, each in enumerate(questions, start=1)}
    labels = next(each for each in questions if each.code == question.condition.code).labels
    said = "、".join(f"“{labels[each]}”" for each in question.condition.chosen)
    return f"第{places[question.condition.code]}题选了{said}的"


def read_filled(questions: Sequence[Question], typed: Callable[[str], Sequence[str]]) -> Filled:
    """Read what was typed; what was not asked is left out. Raises UnfilledError."""
    filled, errors = Filled(), dict[str, str]()
    for question in questions:
        if not is_asked(question, filled.chosen):
            continue
        values = [each.replace("\r\n", "\n").strip() for each in typed(question.code)]
        if question.kind is QuestionKind.TEXT:
            error = take_text(question, values, filled)
        else:
            error = take_choice(question, values, filled)
        if error:
            errors[question.code] = error
    if errors:
        raise UnfilledError(errors)
    return filled


def take_text(question: Question, values: Sequence[str], filled: Filled) -> str:
    """Take an answer in words; gives what is wrong with it."""
    body = next(iter(values), "")
    if len(body) > LONGEST_TEXT:
        return TOO_LONG
    if not all(each.isprintable() or each == "\n" for each in body):
        return "含有看不见的控制字符，请重新输入这一项。"
    if body:
        filled.written[question.code] = body
    return UNWRITTEN if question.is_required and not body else ""


def take_choice(question: Question, values: Sequence[str], filled: Filled) -> str:
    """Take an answer that was chosen; gives what is wrong with it."""
    known = {str(place) for place in range(len(question.labels))}
    if not set(values) <= known or (question.kind is not QuestionKind.MULTIPLE and values[1:]):
        return NO_OPTION
    if values:
        filled.chosen[question.code] = sorted({int(each) for each in values})
        return ""
    if not question.is_required:
        return ""
    return NONE_CHOSEN if question.kind is QuestionKind.MULTIPLE else UNANSWERED


def problems_of(questions: Sequence[Question]) -> list[str]:
    """Give what keeps a questionnaire from being sent on, as sentences."""
    if not questions:
        return [NO_QUESTION]
    found = [TOO_MANY] if len(questions) > MOST_QUESTIONS else []
    first = questions[0]
    if first.kind is not QuestionKind.SCALE or not first.is_required or first.condition:
        found.append(FIRST_IS_SCALE)
    for place, question in enumerate(questions, start=1):
        if not holds(question, questions[: place - 1]):
            found.append(NO_CONDITION.format(place=place))
    return found


def holds(question: Question, before: Sequence[Question]) -> bool:
    """Tell whether the condition of a question looks at an earlier one that can be chosen from."""
    if question.condition is None:
        return True
    asked = {each.code: each for each in before}.get(question.condition.code)
    if asked is None or asked.kind is QuestionKind.TEXT or not question.condition.chosen:
        return False
    return all(0 <= each < len(asked.labels) for each in question.condition.chosen)


def next_code(questions: Sequence[Question]) -> str:
    """Give a code that no question has."""
    taken = {each.code for each in questions}
    return next(code for n in range(1, len(taken) + 2) if (code := f"q{n}") not in taken)


STANDARD = (
    Question(code="q1", kind=QuestionKind.SCALE, text="您对这次培训总体上满意吗？"),
    Question(code="q2", kind=QuestionKind.SCALE, text="您对培训内容与窗口工作的贴合程度满意吗？"),
    Question(code="q3", kind=QuestionKind.SCALE, text="您对授课人的讲解满意吗？"),
    Question(code="q4", kind=QuestionKind.SCALE, text="您对时间安排（不影响办件）满意吗？"),
    Question(
        code="q5", kind=QuestionKind.SINGLE, text="这次培训的时长怎么样？",
        options=("偏短", "合适", "偏长"),
    ),
    Question(
        code="q6", kind=QuestionKind.MULTIPLE, text="哪些内容回到窗口就能用上？（可多选）",
        options=("业务政策", "服务礼仪", "廉洁纪律", "系统操作", "应急处置", "暂时用不上"),
    ),
    Question(
        code="q7", kind=QuestionKind.MULTIPLE, text="哪些方面最需要改进？（可多选）",
        options=("内容", "讲解", "时间", "场地和设备", "组织"), is_required=False,
        condition=Condition(code="q1", chosen=(2, 3, 4)),
    ),
    Question(
        code="q8", kind=QuestionKind.TEXT, text="对下一次培训，您有什么建议？", is_required=False,
    ),
)  # fmt: skip
