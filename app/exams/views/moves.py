"""Moves of an exam: the pages of its flow, publication with what it does, another grading run."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exams.exam_flow import FLOW
from app.exams.models import ExamState
from app.exams.service import batches, grading, papers, publishing, readiness
from app.exams.views import blueprint
from app.exams.views.papers import load, paper_url
from app.jobs import service as jobs
from app.kernel import db
from app.kernel.acts import move
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.workflow.pages import register_moves

register_moves(blueprint, FLOW, rule="/papers/<int:exam_id>", load=load)


@blueprint.route("/papers/<int:exam_id>/publish", methods=["GET", "POST"])
@require(Permission.EXAMS_PAPER_PUBLISH)
def publish_paper(exam_id: int) -> ResponseReturnValue:
    """Show what publication will do; then freeze the paper and give everybody a sitting."""
    exam = load(exam_id)
    if request.method != "POST":
        if exam.state is not ExamState.APPROVED:
            flash(papers.WRONG_STATE, "error")
            return redirect(paper_url(exam_id), 303)
        return render_template(
            "exams/publish_paper.html",
            exam=exam,
            roll=publishing.preview_roll(exam, signed_in().person_id),
            windows=[batches.read(each) for each in batches.list_windows(exam_id)],
            question_count=readiness.count_questions(exam_id),
            full_marks=readiness.full_marks_of(exam_id),
        )

    def act() -> None:
        publishing.publish_paper(exam_id=exam_id, published_by_id=signed_in().person_id)

    return move(act, done=FLOW.move("publish").done, to=paper_url(exam_id))


@blueprint.post("/papers/<int:exam_id>/grade")
@require(Permission.EXAMS_RESULT_GRADE)
def grade_paper(exam_id: int) -> ResponseReturnValue:
    """Order another grading run; its job shows how far it is."""
    load(exam_id)
    try:
        with db.write():
            job_id = grading.order_grading(exam_id=exam_id, ordered_by_id=signed_in().person_id)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(paper_url(exam_id), 303)
    flash("正在评卷。", "success")
    is_mine = jobs.get_job_for(signed_in(), job_id) is not None
    target = url_for("jobs.show_job", public_id=job_id)
    return redirect(target if is_mine else paper_url(exam_id), 303)
