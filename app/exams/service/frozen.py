"""The questions of a published paper as a sitting needs them: read once, then kept in the process.

"Papers are frozen and sittings created when an exam is published": what lies here can't change, and
it stands under the hash of the paper. No key is read here. A paper of four hundred forms holds
thousands of questions; a page of one person must not read them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.exams.answer_shapes import AnswerShape
from app.exams.models import Exam, PaperForm, PaperQuestion
from app.kernel import db
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory

MOST_PAPERS = 16


@dataclass(frozen=True, kw_only=True)
class FrozenQuestion:
    """A question as it is put to people, column by column as it is stored."""

    number: int
    kind: QuestionKind
    category: QuestionCategory
    group_key: int | None
    group_stem: str
    stem: str
    pictures: Sequence[Mapping[str, Any]]
    options: Sequence[Mapping[str, str]]
    blank_count: int
    marks: Decimal
    is_demonstration: bool
    content_hash: str

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Give the labels of the options as the bank has them."""
        return tuple(option["label"] for option in self.options)

    @cached_property
    def shape(self) -> AnswerShape:
        """Give what an answer may be."""
        return AnswerShape(kind=self.kind, labels=self.labels, blank_count=self.blank_count)


@dataclass(frozen=True, kw_only=True)
class FrozenPaper:
    """The questions of all forms by their numbers, and the numbers of each form by its code."""

    questions: Mapping[int, FrozenQuestion]
    forms: Mapping[int, Sequence[int]]

    def of_form(self, code: int) -> list[FrozenQuestion]:
        """Give the questions of a form in its order."""
        return [self.questions[number] for number in self.forms[code]]


_papers: dict[tuple[int, str], FrozenPaper] = {}
_COLUMNS = [getattr(PaperQuestion, each.name) for each in fields(FrozenQuestion)]


def paper_of(exam: Exam) -> FrozenPaper:
    """Give the frozen paper of an exam; it has no questions before the publication."""
    key = (exam.id, exam.paper_hash)
    paper = _papers.get(key)
    if paper is None:
        paper = read_paper(exam.id)
        if len(_papers) >= MOST_PAPERS:
            _papers.clear()
        if exam.is_frozen:
            _papers[key] = paper
    return paper


def read_paper(exam_id: int) -> FrozenPaper:
    """Read a frozen paper."""
    rows = db.session.execute(
        select(*_COLUMNS).where(PaperQuestion.exam_id == exam_id).order_by(PaperQuestion.number)
    )
    forms = db.session.execute(
        select(PaperForm.code, PaperForm.numbers).where(PaperForm.exam_id == exam_id)
    )
    return FrozenPaper(
        questions={row.number: FrozenQuestion(**row._mapping) for row in rows},  # noqa: SLF001 - a row's public face.
        forms={row.code: tuple(row.numbers) for row in forms},
    )
