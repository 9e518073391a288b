"""The beginning of an exam: drafted anew, or with the questions of another one."""

import secrets

from sqlalchemy import select

from app.accounts.acting import acting
from app.exams import exam_flow
from app.exams.models import Exam, ExamItem, ExamState
from app.exams.service import choosing, papers
from app.kernel import db
from app.questions import service as questions
from app.questions.models import Question, QuestionVersion
from app.workflow import service as workflow

MOST_SEED = 2**31


def draft_paper(*, settings: papers.Settings, drafted_by_id: int) -> int:
    """Add a draft; raises RefusedError. Returns its id."""
    papers.check_settings(settings)
    user = acting(drafted_by_id)
    exam = Exam(
        title=settings.title,
        notice=settings.notice,
        state=ExamState.DRAFT,
        opens_at=settings.opens_at,
        closes_at=settings.closes_at,
        minutes=settings.minutes,
        pass_marks=settings.pass_marks,
        releases_when_complete=settings.releases_when_complete,
        is_for_named=settings.is_for_named,
        needs_approval=settings.needs_approval,
        is_double_marked=settings.is_double_marked,
        # Whoever draws from it draws the same; nobody can guess it from the exam's number.
        seed=secrets.randbelow(MOST_SEED),
        drafted_by_id=drafted_by_id,
    )
    db.session.add(exam)
    workflow.begin(exam_flow.FLOW, exam, user=user)
    papers.set_departments(exam.id, settings.department_ids)
    papers.add_author(exam.id, drafted_by_id)
    return exam.id


def copy_items(*, exam_id: int, source_id: int, edited_by_id: int) -> int:
    """Fill a draft with the questions of another paper that are still in use; gives how many.

    Whoever copies sees neither a question nor a key by it, and can't publish the paper.
    """
    chosen = db.session.execute(
        select(ExamItem.question_id)
        .join(Question, Question.id == ExamItem.question_id)
        .join(QuestionVersion, questions.of_current())
        .where(ExamItem.exam_id == source_id, questions.drawable())
        .order_by(ExamItem.number)
    ).scalars()
    ids = chosen.all()
    for question_id in ids:
        choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=edited_by_id)
    return len(ids)
