"""The questions of a draft that are chosen by hand: taken in, taken out, put in order."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import delete, func, select

from app.exams.models import ExamItem
from app.exams.service import papers
from app.kernel import db
from app.kernel.forms import RefusedError
from app.questions import service as questions
from app.questions.kinds import USUAL_MARKS
from app.questions.models import Question, QuestionVersion

MAX_QUESTIONS = 100


def marks_of(version: QuestionVersion) -> Decimal:
    """Give the marks that a question starts with in a paper: its own, or the usual of its kind."""
    return USUAL_MARKS[version.kind] if version.marks is None else version.marks


def add_item(*, exam_id: int, question_id: int, edited_by_id: int) -> None:
    """Put a question at the end of a draft, with its own marks; raises RefusedError.

    A question of a case brings the whole case along: one of them alone could not be understood.
    """
    exam = papers.get_draft(exam_id)
    found = db.session.execute(
        questions.select_current().where(Question.id == question_id, questions.drawable())
    ).one_or_none()
    if found is None:
        raise RefusedError(form="这道题没有审核或者已经停用，不能选入试卷。")
    if db.session.get(ExamItem, (exam_id, question_id)) is not None:
        return
    last = db.session.scalar(select(func.max(ExamItem.number)).where(ExamItem.exam_id == exam_id))
    versions = list_case(found[1])
    if (last or 0) + len(versions) > MAX_QUESTIONS:
        raise RefusedError(form=f"一张试卷最多{MAX_QUESTIONS}道题。")
    for number, version in enumerate(versions, start=(last or 0) + 1):
        db.session.add(
            ExamItem(
                exam_id=exam_id,
                question_id=version.question_id,
                number=number,
                marks=marks_of(version),
            )
        )
    papers.log_edit(exam, edited_by_id)


def list_case(version: QuestionVersion) -> list[QuestionVersion]:
    """Give a question with all others of its case that may be put into a paper, in their order."""
    if version.group_id is None:
        return [version]
    found = db.session.execute(
        questions.select_current()
        .where(QuestionVersion.group_id == version.group_id, questions.drawable())
        .order_by(Question.id)
    )
    return [each for _, each in found]


def remove_item(*, exam_id: int, question_id: int, edited_by_id: int) -> None:
    """Take a question, with its case, out of a draft and close the gap; raises RefusedError."""
    exam = papers.get_draft(exam_id)
    version = db.session.scalar(
        select(QuestionVersion)
        .join(Question, questions.of_current())
        .where(Question.id == question_id)
    )
    ids = [each.question_id for each in list_case(version)] if version else []
    db.session.execute(
        delete(ExamItem).where(
            ExamItem.exam_id == exam_id, ExamItem.question_id.in_([question_id, *ids])
        )
    )
    renumber(exam_id)
    papers.log_edit(exam, edited_by_id)


def move_item_up(*, exam_id: int, question_id: int, edited_by_id: int) -> None:
    """Swap a question with the one before it; raises RefusedError."""
    exam = papers.get_draft(exam_id)
    order = read_order(exam_id)
    place = order.index(question_id) if question_id in order else 0
    if place == 0:
        return
    order[place - 1], order[place] = order[place], order[place - 1]
    renumber(exam_id, order)
    papers.log_edit(exam, edited_by_id)


def read_order(exam_id: int) -> list[int]:
    """Give the question ids of a draft in their order."""
    return list(
        db.session.scalars(
            select(ExamItem.question_id)
            .where(ExamItem.exam_id == exam_id)
            .order_by(ExamItem.number)
        )
    )


def renumber(exam_id: int, order: Sequence[int] | None = None) -> None:
    """Number the questions from 1; in two steps, because every number is unique at any time."""
    wanted = order if order is not None else read_order(exam_id)
    for offset in (1000, 1):
        for place, question_id in enumerate(wanted):
            item = db.session.get_one(ExamItem, (exam_id, question_id))
            item.number = offset + place
        db.session.flush()
