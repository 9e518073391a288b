"""The page 「场次」 of a draft: when A and B may begin."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exams.excuse_forms import WindowForm
from app.exams.models import Exam, ExamState
from app.exams.service import batches, papers
from app.exams.views import blueprint
from app.exams.views.papers import MAX_VERSION_DIGITS, load, paper_url
from app.kernel import db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in


@blueprint.route("/papers/<int:exam_id>/batches", methods=["GET", "POST"])
@require(Permission.EXAMS_PAPER_DRAFT)
def edit_batches(exam_id: int) -> ResponseReturnValue:
    """Show the windows of a draft; add one, take one out, propose them all, take out all."""
    exam = load(exam_id)
    if exam.state is not ExamState.DRAFT:
        if request.method == "POST":
            flash(papers.NOT_A_DRAFT, "error")
        return redirect(paper_url(exam_id), 303)
    form = WindowForm()
    if request.method != "POST":
        return show_batches(exam, form)
    if "add" not in request.form:
        return change_windows(exam_id)
    user_id = signed_in().person_id

    def act() -> bool:
        batches.add(exam_id, form.window(), edited_by_id=user_id)
        return True

    if not save(form, act):
        return show_batches(exam, form, status=422)
    flash("已加入。", "success")
    return redirect(request.path, 303)


def change_windows(exam_id: int) -> ResponseReturnValue:
    """Do what a button without a form says; junk changes nothing."""
    user_id = signed_in().person_id
    number = request.form.get("remove", "")
    try:
        with db.write():
            if "propose" in request.form:
                count = batches.propose(exam_id, edited_by_id=user_id)
                flash(f"已按大厅开放日和时段拟定{count}个时段，可以修改。", "success")
            elif "clear" in request.form:
                batches.clear(exam_id, edited_by_id=user_id)
            elif number.isascii() and number.isdigit() and len(number) <= MAX_VERSION_DIGITS:
                batches.remove(exam_id, int(number), edited_by_id=user_id)
    except RefusedError as refused:
        flash(str(refused), "error")
    return redirect(url_for("exams.edit_batches", exam_id=exam_id), 303)


def show_batches(exam: Exam, form: WindowForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the page."""
    page = render_template(
        "exams/edit_batches.html", exam=exam, form=form, windows=batches.list_windows(exam.id)
    )
    return page, status
