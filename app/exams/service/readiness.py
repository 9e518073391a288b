"""Whether a draft can be sat as it is, what it is worth, and by which sign it is decided on."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from app.exams.models import Exam, PaperQuestion
from app.exams.service import papers
from app.exams.service.papers import Item
from app.kernel import clock, db
from app.kernel.formats import marks
from app.kernel.forms import RefusedError
from app.kernel.types import json_digest
from app.questions import service as questions
from app.questions.models import Question

# Of a hundred questions of a 补考 so many may have stood in the exam for which it makes up.
MOST_SAME = 30


def check_ready(exam: Exam, items: Sequence[Item]) -> None:
    """Refuse a paper that can't be sat; raises RefusedError."""
    rows = papers.list_rows(exam.id)
    if not items and not rows:
        raise RefusedError(form="试卷还没有题，请先选题或者组卷。")
    check_drawable(exam.id, items)
    if rows and not papers.list_forms(exam.id):
        raise RefusedError(form="还没有按现在的要求组卷，请先组卷。")
    check_others(exam, items)
    full = full_marks_of(exam.id)
    if exam.pass_marks > full:
        raise RefusedError(form=f"合格分高于满分（{marks(full)}分），请修改合格分或者加题。")
    if exam.closes_at <= clock.now():
        raise RefusedError(form="结束时间已经过去，请先修改开放时间。")


def asked_before(exam: Exam) -> frozenset[int]:
    """Give the questions of the exam for which this one makes up; none where it is no 补考."""
    asked = select(PaperQuestion.question_id).where(PaperQuestion.exam_id == exam.makeup_of_id)
    return frozenset(db.session.scalars(asked)) if exam.makeup_of_id is not None else frozenset()


def check_others(exam: Exam, items: Sequence[Item]) -> None:
    """Refuse a 补考 that asks too much of the same: "at least 70 % other questions"."""
    asked = asked_before(exam)
    same = sum(1 for item in items if item.question.id in asked)
    if same * 100 > count_questions(exam.id) * MOST_SAME:
        most = count_questions(exam.id) * MOST_SAME // 100
        raise RefusedError(form=f"有{same}道题在原考试里出过，补考最多可以有{most}道，请换掉一些。")


def check_drawable(exam_id: int, items: Sequence[Item]) -> None:
    """Refuse a paper with questions that are not reviewed, or no longer in use."""
    drawn = papers.drawn_ids(exam_id)
    chosen = Question.id.in_(drawn | {item.question.id for item in items})
    usable = set(db.session.scalars(questions.select_drawable_ids().where(chosen)))
    if lost := [item.number for item in items if item.question.id not in usable]:
        numbers = "、".join(map(str, lost))
        raise RefusedError(form=f"第{numbers}题没有审核或者已经停用，请换掉。")
    if gone := drawn - usable:
        raise RefusedError(form=f"组卷抽到的题有{len(gone)}道已经停用或者改过，请重新组卷。")


def fingerprint(exam_id: int) -> str:
    """Give a short hash of the questions of a paper, so that only what was sent is decided on.

    Settings can't change once it was sent; a version of a question never changes. Keys are no part
    of it: a hash of them would tell them to whoever tries all.
    """
    items, forms = papers.list_items(exam_id), papers.list_forms(exam_id)
    ids = {each for form in forms for each in form.question_ids}
    wordings = dict(
        db.session.execute(select(Question.id, Question.wording).where(Question.id.in_(ids))).all()
    )
    shown = [
        [[item.question.id, item.version.number, str(item.marks)] for item in items],
        [[form.code, [[each, wordings[each]] for each in form.question_ids]] for form in forms],
    ]
    return json_digest(shown)[:16]


def count_questions(exam_id: int) -> int:
    """Count the questions that one person gets."""
    return len(papers.list_items(exam_id)) + sum(row.count for row in papers.list_rows(exam_id))


def full_marks_of(exam_id: int) -> Decimal:
    """Give the sum of the marks of what one person gets."""
    chosen = sum((item.marks for item in papers.list_items(exam_id)), Decimal(0))
    return chosen + sum((row.count * row.marks for row in papers.list_rows(exam_id)), Decimal(0))
