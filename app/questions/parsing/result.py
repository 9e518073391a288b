"""What reading a file of questions gives: questions, each with its source and its doubts.

"what is sure is taken, what is doubtful is shown side by side with the source, nothing is guessed":
a question without doubts is sure; one with any waits for a person.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.questions.kinds import QuestionKind


class Severity(StrEnum):
    """Whether a question can be taken as it was read."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that a person has to look at. `where` names the place in the file, in Chinese.

    `place` is the position of the question in the result, None where none came of the source. An
    error keeps the question from being taken; a warning is shown and takes nothing away.
    """

    where: str
    severity: Severity
    message: str
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice: its letter A to H, and its text."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """A shared stem (共用题干, 案例) of the questions that name it. `id` is unique in the file."""

    id: str
    stem: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that stood in a stem; `marker` is its place in the stem's text, [图1]."""

    marker: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ParsedQuestion:
    """One question as it was read.

    `answer` is as the contract of `questions parse` writes it: single and multiple, labels in
    order; true_false, ["true"] or ["false"]; blank, one list of accepted texts per blank; numeric,
    [{"value", "tolerance"}]; short and essay, a list with the model answer; [] when the source has
    none. `source` is the text of the file from which all of it was read.
    """

    place: int
    number: str
    kind: QuestionKind | None
    stem: str
    options: tuple[Option, ...] = ()
    answer: list[Any]
    marks: Decimal | None = None
    tags: tuple[str, ...] = ()
    difficulty: str = ""
    basis: str | None = None
    analysis: str = ""
    group: Group | None = None
    pictures: tuple[Picture, ...] = ()
    source: str = ""
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class ParseResult:
    """All that a file gave."""

    questions: tuple[ParsedQuestion, ...]
    problems: tuple[Problem, ...]

    def problems_of(self, question: ParsedQuestion) -> list[Problem]:
        """Give what was found about one question."""
        return [each for each in self.problems if each.place == question.place]

    def is_sure(self, question: ParsedQuestion) -> bool:
        """Tell whether a question can be taken as it was read."""
        return all(each.severity is not Severity.ERROR for each in self.problems_of(question))
