"""The page that a point of the assessment opens: one mark, for the person and who assesses him."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.models import Department, Person
from app.exams import attendance
from app.exams.models import Exam, Sitting
from app.exams.service import results
from app.exams.views import blueprint
from app.kernel import clock, db
from app.kernel.declared import require
from app.kernel.evidence import may_open
from app.kernel.permissions import Permission, signed_in


@blueprint.get("/marks/<string:public_id>")
@require(Permission.ASSESSMENT_OWN_READ)
def show_mark(public_id: str) -> ResponseReturnValue:
    """Show what somebody got in a released exam: no question, no key."""
    found = db.session.execute(
        results.with_marks(
            select(Exam, Sitting)
            .join(Sitting, Sitting.exam_id == Exam.id)
            .where(Sitting.public_id == public_id, Exam.released_at.is_not(None))
        )
    ).one_or_none()
    if found is None:
        abort(404)
    exam, sitting, result = found
    user = signed_in()
    if not may_open(user, person_id=sitting.person_id, department_id=sitting.department_id):
        abort(404)
    return render_template(
        "exams/show_mark.html",
        exam=exam,
        sitting=sitting,
        result=result,
        state=attendance.state_of(exam, sitting, clock.now()),
        person=db.session.get_one(Person, sitting.person_id),
        department=db.session.get_one(Department, sitting.department_id),
        is_own=user.person_id == sitting.person_id and user.can(Permission.EXAMS_SITTING_SIT),
    )
