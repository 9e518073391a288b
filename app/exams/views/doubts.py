"""对本题有疑问: the page on which somebody who sat a paper says what is wrong with a question."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exams.correction_forms import DoubtForm
from app.exams.models import Exam, Sitting
from app.exams.service import doubts, results
from app.exams.service.results import ResultItem
from app.exams.views import blueprint, pictures
from app.exams.views.own import load
from app.kernel import clock
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.kinds import QUESTION_KIND_LABELS


@blueprint.route("/sittings/<string:public_id>/doubts/<int:number>", methods=["GET", "POST"])
@require(Permission.EXAMS_SITTING_SIT)
def raise_doubt(public_id: str, number: int) -> ResponseReturnValue:
    """Say what is wrong with a question of my released result."""
    exam, sitting = load(public_id)
    item = find_item(exam, sitting, number)
    back = f"{url_for('exams.show_result', public_id=public_id)}#question-{item.place}"
    is_said = number in doubts.list_own(sitting)
    if is_said or not doubts.is_time(exam, clock.now()):
        flash(doubts.ALREADY_SAID if is_said else doubts.TOO_LATE, "error")
        return redirect(back, 303)
    form = DoubtForm()

    def act() -> int:
        return doubts.raise_doubt(sitting=sitting, number=number, reason=text_in(form.reason))

    if request.method == "POST" and save(form, act) is not None:
        flash("已提出，核对和决定以后会通知你。", "success")
        return redirect(back, 303)
    page = render_template(
        "exams/raise_doubt.html",
        exam=exam,
        sitting=sitting,
        item=item,
        form=form,
        back=back,
        until=doubts.ends_at(exam),
        kinds=QUESTION_KIND_LABELS,
        pictures_at=pictures.of_sitting(public_id),
    )
    return page, 422 if form.errors else 200


def find_item(exam: Exam, sitting: Sitting, number: int) -> ResultItem:
    """Give a question of one's result that one sees, or answer 404."""
    hidden = questions.hidden_from(signed_in())
    result = results.get_result(exam, sitting, hidden=hidden) if exam.released_at else None
    found = [each for each in result.items if each.number == number] if result else []
    return found[0] if found else abort(404)
