"""The questions of a paper, line by line, as organisers read them with their keys.

Of a draft as the bank holds them now; of a published paper as they were frozen, whatever the bank
says of them since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.exams.models import Exam, PaperForm, PaperKey, PaperQuestion
from app.exams.service import papers
from app.exams.service.keys import select_keyed
from app.exams.service.papers import Item
from app.kernel import db
from app.questions.kinds import QuestionKind


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question with its key; `number` is its place, from 1."""

    number: int
    question_id: int
    kind: QuestionKind
    stem: str
    key: Sequence[Any]
    basis: str
    marks: Decimal


def line_of(item: Item) -> Line:
    """Give the line of a question of the bank."""
    return Line(
        number=item.number,
        question_id=item.question.id,
        kind=item.version.kind,
        stem=item.version.stem,
        key=item.version.key,
        basis=item.version.basis,
        marks=item.marks,
    )


def list_form_lines(exam: Exam, form: PaperForm) -> list[Line]:
    """Give the questions of one form in its order."""
    if not exam.is_frozen:
        return [line_of(each) for each in papers.list_form_items(exam.id, form)]
    asked = PaperQuestion.number.in_(form.numbers)
    rows = db.session.execute(select_keyed(exam.id).where(asked))
    found = {question.number: (question, key) for question, key in rows}
    return [
        frozen_line(place, *found[number]) for place, number in enumerate(form.numbers, start=1)
    ]


def frozen_line(place: int, question: PaperQuestion, key: PaperKey) -> Line:
    """Give the line of a question as it was published."""
    return Line(
        number=place,
        question_id=question.question_id,
        kind=question.kind,
        stem=question.stem,
        key=key.key,
        basis=key.basis,
        marks=question.marks,
    )
