"""The page of one result, for the person himself and for an organiser who looks at it."""

from flask import render_template

from app.accounts.models import Person
from app.exams.service import doubts, makeups
from app.exams.service.results import Result
from app.exams.views import pictures
from app.kernel import clock
from app.questions.kinds import QUESTION_KIND_LABELS


def render_own(result: Result) -> str:
    """Render one's own result, with one's doubts and the way to raise another."""
    exam, sitting = result.exam, result.sitting
    return render(
        result,
        person=None,
        pictures_at=pictures.of_sitting(sitting.public_id),
        doubts=doubts.list_own(sitting),
        may_doubt=doubts.is_time(exam, clock.now()),
        doubt_until=doubts.ends_at(exam),
        may_correct=False,
    )


def render_of(person: Person, result: Result, *, may_correct: bool) -> str:
    """Render somebody's result; his doubts are his own."""
    return render(
        result,
        person=person,
        pictures_at=pictures.of_paper(result.exam.id),
        doubts={},
        may_doubt=False,
        doubt_until=None,
        may_correct=may_correct,
    )


def render(result: Result, **context: object) -> str:
    """Render what both see."""
    exam, sitting = result.exam, result.sitting
    return render_template(
        "exams/show_result.html",
        exam=exam,
        sitting=sitting,
        result=result,
        kinds=QUESTION_KIND_LABELS,
        counted=makeups.write_counted(exam, sitting.person_id),
        **context,
    )
