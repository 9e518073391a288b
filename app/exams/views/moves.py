"""Moves of a paper: sent, published, sent back, graded, released; each goes back to its page."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.exams.forms import ReasonForm
from app.exams.service import grading, papers
from app.exams.views import blueprint
from app.exams.views.papers import (
    PUBLISH_QUESTION,
    RELEASE_QUESTION,
    load,
    paper_url,
    render_paper,
)
from app.jobs import service as jobs
from app.kernel import db
from app.kernel.acts import move
from app.kernel.declared import require
from app.kernel.forms import RefusedError, ask_first, text_in
from app.kernel.permissions import Permission, signed_in


@blueprint.post("/papers/<int:exam_id>/submit")
@require(Permission.EXAMS_PAPER_DRAFT)
def submit_paper(exam_id: int) -> ResponseReturnValue:
    """Send a draft for approval."""
    load(exam_id)

    def act() -> None:
        papers.submit_paper(exam_id=exam_id, submitted_by_id=signed_in().person_id)

    return move(act, done="已送审，等业务科室负责人审核。", to=paper_url(exam_id))


@blueprint.post("/papers/<int:exam_id>/publish")
@require(Permission.EXAMS_PAPER_PUBLISH)
def publish_paper(exam_id: int) -> ResponseReturnValue:
    """Approve and publish: the paper is frozen and everybody on the roll gets a sitting."""
    load(exam_id)
    asked = ask_first(
        title="确认发布？", question=PUBLISH_QUESTION, label="确认发布", back_url=paper_url(exam_id)
    )
    if asked is not None:
        return asked

    def act() -> None:
        papers.publish_paper(
            exam_id=exam_id,
            published_by_id=signed_in().person_id,
            seen=request.form.get("seen", ""),
        )

    return move(act, done="已发布。试卷已经定稿，应考人员到时就能进入。", to=paper_url(exam_id))


@blueprint.post("/papers/<int:exam_id>/send-back")
@require(Permission.EXAMS_PAPER_PUBLISH)
def send_back_paper(exam_id: int) -> ResponseReturnValue:
    """Give a submitted paper back with a reason."""
    exam = load(exam_id)
    form = ReasonForm()
    if not form.validate():
        return render_paper(exam, form, status=422)

    def act() -> None:
        papers.send_back_paper(
            exam_id=exam_id, reason=text_in(form.reason), sent_back_by_id=signed_in().person_id
        )

    return move(act, done="已退回，起草人会看到原因。", to=paper_url(exam_id))


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


@blueprint.post("/papers/<int:exam_id>/release")
@require(Permission.EXAMS_RESULT_RELEASE)
def release_results(exam_id: int) -> ResponseReturnValue:
    """Let everybody see his own marks."""
    load(exam_id)
    asked = ask_first(
        title="确认公布？", question=RELEASE_QUESTION, label="确认公布", back_url=paper_url(exam_id)
    )
    if asked is not None:
        return asked

    def act() -> None:
        grading.release_results(exam_id=exam_id, released_by_id=signed_in().person_id)

    return move(act, done="已公布，每个人可以看到自己的成绩。", to=paper_url(exam_id))
