"""What is wrong with questions by themselves, whoever wrote them and wherever they came from.

"identical options, key beyond options, empty key, near-duplicates (at least 0.9) in file and bank,
missing 依据, stem that contains its answer, all-of-the-above traps". Errors keep a question out;
warnings are for whoever reviews it. Nothing here changes a question.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from app.questions.checking import key_faults, option_faults
from app.questions.kinds import QuestionKind
from app.questions.likeness import compared_text, find_alike, fold
from app.questions.parsing.result import ParsedQuestion, Problem, Severity
from app.questions.phrases import find_wrong

# A shorter answer stands in many a stem without giving anything away.
TELLING = 4
ALL_OF_THEM = re.compile(
    r"^(以上|上述|前面|前述|前[两二三四]项|以上各项|[A-H]+[、和及]?[A-H]?)?"
    r"(说法|选项|几项|各项|三项|两项|内容)?(全部|全都|全|都|皆|均)?"
    r"(不是|不对|不正确|错误|正确|对|是|有|包括)$"
)
ANY_OF_THEM = re.compile(r"以上|上述|前述|全部|全都|都|皆|均")

ERROR, WARNING = Severity.ERROR, Severity.WARNING
Finding = tuple[Severity, str]
Known = tuple[str, ParsedQuestion]
"""A question of the bank, with the words that name it: 题库第12题."""


def lint(questions: Sequence[ParsedQuestion], known: Sequence[Known] = ()) -> list[Problem]:
    """Give what is wrong with questions, compared with each other and with those of the bank."""
    found = [
        Problem(where=each.where, severity=severity, message=message, place=each.place)
        for each in questions
        for rule in RULES
        for severity, message in rule(each)
    ]
    return [*found, *find_repeated(questions, known)]


def find_repeated(questions: Sequence[ParsedQuestion], known: Sequence[Known]) -> Iterator[Problem]:
    """Say of what is nearly the same as another question which one that is."""
    names = [*(name for name, _ in known), *(each.where for each in questions)]
    texts = [text_of(each) for each in (*(old for _, old in known), *questions)]
    for alike in find_alike(texts, since=len(known)):
        question = questions[alike.second - len(known)]
        is_same = fold(texts[alike.first]) == fold(texts[alike.second])
        word = "完全一样" if is_same else f"有{int(alike.share * 100)}%相同"
        yield Problem(
            where=question.where,
            severity=ERROR if is_same else WARNING,
            message=f"和{names[alike.first]}{word}，请核对是不是重复的题。",
            place=question.place,
        )


def text_of(question: ParsedQuestion) -> str:
    """Give what of a question is compared."""
    return compared_text(question.stem, (each.text for each in question.options))


def check_options(question: ParsedQuestion) -> Iterator[Finding]:
    """Number and difference of the options."""
    yield from ((ERROR, each) for each in option_faults(question.kind, question.options))


def check_key(question: ParsedQuestion) -> Iterator[Finding]:
    """Whether there is a key, and whether it fits."""
    faults = key_faults(question.kind, question.options, question.answer)
    yield from ((ERROR, each) for each in faults)


def check_basis(question: ParsedQuestion) -> Iterator[Finding]:
    """Whether it says what it rests on."""
    if not (question.basis or "").strip():
        yield WARNING, "没有写依据：审核以前请补上制度或方案的名称和条款。"


def check_given_away(question: ParsedQuestion) -> Iterator[Finding]:
    """Whether the stem contains the answer, and none of the wrong options."""
    stem = fold(question.stem)
    if question.kind is QuestionKind.SINGLE:
        inside = [each for each in question.options if is_telling(each.text, stem)]
        if inside and [each.label for each in inside] == question.answer:
            yield WARNING, f"题干里已经有答案“{inside[0].text}”。"
    if question.kind is QuestionKind.BLANK:
        for accepted in question.answer:
            for text in accepted:
                if is_telling(text, stem):
                    yield WARNING, f"题干里已经有答案“{text}”。"


def is_telling(text: str, stem: str) -> bool:
    """Tell whether an answer that is long enough to be recognised stands in a folded stem."""
    folded = fold(text)
    return len(folded) >= TELLING and folded in stem


def check_all_of_them(question: ParsedQuestion) -> Iterator[Finding]:
    """Options about the other options: they mean something else once options are shuffled."""
    for each in question.options:
        text = re.sub(r"[\s，。,.、]", "", each.text)
        if ALL_OF_THEM.match(text) and (ANY_OF_THEM.search(text) or re.match("[A-H]", text)):
            yield WARNING, f"选项{each.label}“{each.text}”说的是别的选项，打乱选项以后会出错。"


def check_phrases(question: ParsedQuestion) -> Iterator[Finding]:
    """Set phrases that are not as they are set. A wrong option may be wrong on purpose."""
    right = [each.text for each in question.options if each.label in question.answer]
    for text in (question.stem, *right, question.analysis):
        for written, phrase in find_wrong(text):
            yield WARNING, f"“{written}”的规范表述是“{phrase}”，请核对。"


RULES: tuple[Callable[[ParsedQuestion], Iterator[Finding]], ...] = (
    check_options,
    check_key,
    check_basis,
    check_given_away,
    check_all_of_them,
    check_phrases,
)
