"""In which published papers a question of the bank stands: 用在哪里, on the question's page."""

from flask import url_for
from sqlalchemy import select

from app.exams.models import Exam, PaperQuestion
from app.exams.service import analysis, papers
from app.kernel import clock, db
from app.kernel.feature import QuestionUse
from app.kernel.permissions import Principal


def list_uses(question_id: int, user: Principal) -> list[QuestionUse]:
    """Give the papers with a question that this person may see, the newest first."""
    mine = papers.select_papers_for(user).with_only_columns(Exam.id)
    found = db.session.scalars(
        select(Exam)
        .join(PaperQuestion, PaperQuestion.exam_id == Exam.id)
        .where(PaperQuestion.question_id == question_id, Exam.id.in_(mine))
        .order_by(Exam.opens_at.desc(), Exam.id.desc())
    )
    asked = analysis.list_of_question(question_id)
    return [
        QuestionUse(
            title=each.title,
            on=clock.local(each.opens_at).date(),
            url=url_for("exams.show_paper", exam_id=each.id),
            asked=asked[each.id].n if each.id in asked else 0,
            facility=asked[each.id].facility if each.id in asked else None,
        )
        for each in found
    ]
