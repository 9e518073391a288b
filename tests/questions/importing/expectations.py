"""What a careful clerk reads in a file, and how a result is compared with it.

"what is sure is taken, what is doubtful is shown side by side with the source, nothing is guessed":
a question without an error must equal the expected one in every field.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.questions.kinds import QuestionKind
from app.questions.parsing.result import ParsedQuestion, ParseResult

POINTER = re.compile(r"[（(]?根据[^。]*回答[^。]*题[。）)]*$")
EMPTY_BRACKETS = re.compile(r"\s*[（(][\s　_]*[）)]")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One question of the source. `doubt` names the fault for which a person must look at it.

    `may_mend`: the fault leaves only one reading, so that an exact result may also be sure.
    """

    kind: QuestionKind
    stem: str
    answer: list[Any]
    options: tuple[tuple[str, str], ...] = ()
    number: str = ""
    marks: Decimal | None = None
    basis: str | None = None
    analysis: str = ""
    group: str | None = None
    doubt: str = ""
    may_mend: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file, the file of keys beside it if there is one, and what must come of them.

    `is_littered`: the file also holds text that belongs to no question, which has to be told.
    """

    name: str
    content: bytes
    questions: tuple[Expected, ...]
    answers: tuple[bytes, str] | None = None
    is_littered: bool = False


def choice(number, stem, options, key, **more):
    """Give a single choice for one letter, a multiple choice for more; options stand between |."""
    kind = QuestionKind.SINGLE if len(key) == 1 else QuestionKind.MULTIPLE
    pairs = tuple(zip("ABCDEFGH", options.split("|"), strict=False))
    values = {"kind": kind, "options": pairs, "answer": list(key), **more}
    return Expected(number=str(number), stem=stem, **values)


def judgement(number, stem, is_true, **more):
    answer = ["true" if is_true else "false"]
    return Expected(
        number=str(number), kind=QuestionKind.TRUE_FALSE, stem=stem, answer=answer, **more
    )


def blanks(number, stem, *answers, **more):
    """Give a 填空 with one accepted text for each blank."""
    return Expected(
        number=str(number),
        kind=QuestionKind.BLANK,
        stem=stem,
        answer=[[each] for each in answers],
        **more,
    )


def written(number, stem, answer, **more):
    values = {"kind": QuestionKind.SHORT, **more}
    return Expected(number=str(number), stem=stem, answer=[answer], **values)


def marked(marks, questions):
    """Give the questions of a section whose heading states the marks of each."""
    return tuple(replace(each, marks=Decimal(marks)) for each in questions)


def bare(stem: str) -> str:
    """Give a stem in one line, its empty brackets written one way, and none at its ends.

    Whether （　） keeps its width when the key is taken out of it is a matter of taste, and so is
    the line break of a stem that ran on.
    """
    one_way = EMPTY_BRACKETS.sub("（）", stem.replace("\n", "").strip())
    return re.sub(r"^（）|（）(?=[。？?.．]?$)", "", one_way)


def fields_of(question: ParsedQuestion) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "stem": bare(question.stem),
        "options": tuple((each.label, each.text.replace("\n", "")) for each in question.options),
        "answer": question.answer,
        "marks": question.marks,
        "basis": question.basis,
        "analysis": question.analysis,
        "group": POINTER.sub("", question.group.stem).strip() if question.group else None,
    }


def differences(question: ParsedQuestion, expected: Expected) -> list[str]:
    """Name each field that was read otherwise than a clerk reads it."""
    found = fields_of(question)
    wanted = {name: getattr(expected, name) for name in found} | {"stem": bare(expected.stem)}
    told = [
        f"{name}: wanted {wanted[name]!r}, read {found[name]!r}"
        for name in found
        if found[name] != wanted[name]
    ]
    if expected.number and question.number != expected.number:
        told.append(f"number: wanted {expected.number!r}, read {question.number!r}")
    return told


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a result stands against the source; each list holds sentences for a person.

    `silent`: wrong or doubtful, and yet given as sure. `missed`: sound, and yet not given as sure.
    """

    silent: list[str]
    missed: list[str]
    sound: int

    @property
    def share_right(self) -> float:
        return 1 - len(self.missed) / self.sound


def compare(result: ParseResult, questions: tuple[Expected, ...]) -> Verdict:
    """Compare by stem: the numbers repeat from section to section."""
    by_stem = {bare(each.stem): each for each in questions}
    sure = [each for each in result.questions if result.is_sure(each)]
    silent = [told for each in sure if (told := fault_of(each, by_stem))]
    exact = {bare(each.stem) for each in sure if not fault_of(each, by_stem)}
    sound = [each for each in questions if not each.doubt]
    missed = [miss(result, each) for each in sound if bare(each.stem) not in exact]
    return Verdict(silent=silent, missed=missed, sound=len(sound))


def fault_of(question: ParsedQuestion, by_stem: dict[str, Expected]) -> str:
    """Say why a question that was given as sure should not have been; "" if it is right."""
    expected = by_stem.get(bare(question.stem))
    if expected is None:
        return f"sure, but no question of the source: {question.stem!r}"
    if expected.doubt and not expected.may_mend:
        return f"sure in spite of {expected.doubt}: {question.source!r}"
    told = differences(question, expected)
    return f"sure, but {'; '.join(told)}: {question.source!r}" if told else ""


def miss(result: ParseResult, expected: Expected) -> str:
    """Say what became of a sound question."""
    for question in result.questions:
        if bare(question.stem) == bare(expected.stem):
            messages = [each.message for each in result.problems_of(question)]
            told = differences(question, expected)
            return f"not taken: {expected.stem!r} {messages} {told} {question.source!r}"
    return f"not found: {expected.number} {expected.stem!r}"


def unplaced(result: ParseResult) -> list[str]:
    """Give the errors that belong to no question."""
    return [each.message for each in result.problems if each.place is None]
