"""What is sure in a file, and what a person has to look at: the reader's doubts and the linter's.

"what is sure is taken, what is doubtful is shown side by side with the source, nothing is guessed".
Slow for large files: never inside a write.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.kernel import db
from app.questions import service
from app.questions.checking import key_faults, option_faults
from app.questions.imports.conversion import BROKEN_LETTERS, faults_of, numbered_anew
from app.questions.linting import Known, lint
from app.questions.models import Question, QuestionState, QuestionVersion
from app.questions.parsing.result import (
    Option,
    ParsedQuestion,
    ParseResult,
    Problem,
    Severity,
)

SOME_QUESTION = "题库里的一道题"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A question that was read, with all that is to say about it."""

    question: ParsedQuestion
    problems: tuple[Problem, ...]

    @property
    def is_sure(self) -> bool:
        """Tell whether it can be taken as it was read."""
        return all(each.severity is not Severity.ERROR for each in self.problems)


@dataclass(frozen=True, kw_only=True)
class Examination:
    """All questions of a file, and what belongs to none of them."""

    items: tuple[Examined, ...]
    problems: tuple[Problem, ...]

    @property
    def said(self) -> list[Problem]:
        """Give everything that was found, what belongs to no question first."""
        return [*self.problems, *(each for item in self.items for each in item.problems)]


def examine(result: ParseResult, known: Sequence[Known] = ()) -> Examination:
    """Look at what a file gave, compared with the questions of the bank that it goes to."""
    questions = [numbered_anew(each) for each in result.questions]
    further = [each for one in questions for each in faults_of(one)] + lint(questions, known)
    by_place = problems_by_place([*result.problems, *not_said_yet(result, questions, further)])
    return Examination(
        items=tuple(
            Examined(question=each, problems=tuple(by_place.get(each.place, ())))
            for each in questions
        ),
        problems=tuple(by_place.get(None, ())),
    )


def not_said_yet(
    result: ParseResult, questions: Sequence[ParsedQuestion], further: Sequence[Problem]
) -> list[Problem]:
    """Leave out what is wrong with keys and options where the reader has doubts of its own.

    It says the same in words that fit the file.
    """
    doubted = {each.place for each in result.problems if each.severity is Severity.ERROR}
    said = {
        (each.place, fault)
        for each in questions
        if each.place in doubted
        for fault in (
            *key_faults(each.kind, each.options, each.answer),
            *option_faults(each.kind, each.options),
            BROKEN_LETTERS,
        )
    }
    return [each for each in further if (each.place, each.message) not in said]


def problems_by_place(found: Sequence[Problem]) -> Mapping[int | None, list[Problem]]:
    """Sort problems by their question; several checks may say the same once."""
    by_place: defaultdict[int | None, list[Problem]] = defaultdict(list)
    heard: set[tuple[int | None, str, str]] = set()
    for each in found:
        said = (each.place, each.where if each.place is None else "", each.message)
        if said not in heard:
            heard.add(said)
            by_place[each.place].append(each)
    return by_place


def known_in(bank: str, *, hidden: frozenset[int] = frozenset()) -> list[Known]:
    """Give the questions of a bank as far as likeness asks; who may not see one is told no number.

    What was taken out of use is no reason against a new question.
    """
    rows = db.session.execute(
        select(Question.id, QuestionVersion.stem, QuestionVersion.options, QuestionVersion.kind)
        .join(QuestionVersion, service.of_current())
        .where(Question.bank == bank, Question.state != QuestionState.RETIRED)
        .order_by(Question.id)
    )
    return [
        (
            SOME_QUESTION if row.id in hidden else f"题库第{row.id}题",
            ParsedQuestion(
                place=0,
                number=str(row.id),
                kind=row.kind,
                stem=row.stem,
                options=tuple(Option(**each) for each in row.options if len(each["label"]) == 1),
                answer=[],
            ),
        )
        for row in rows
    ]
