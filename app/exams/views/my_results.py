"""What comes after handing in: receipt, result, and the result sheet."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.exams import attendance
from app.exams.models import Exam
from app.exams.printing import RESULT_SHEET
from app.exams.service import grading, results, sittings
from app.exams.views import blueprint, result_page
from app.exams.views.own import load
from app.files import papers as printed
from app.kernel import clock, db, htmx
from app.kernel.declared import polling, require
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions

# How often a receipt asks for the marks: while they are being made, and while others still sit,
# for whose answers the site must have room.
POLL_SECONDS = 1
WAIT_SECONDS = 15
SHEET_WAITS = "成绩单里有题正用于尚未公布成绩的考试，等那场考试公布成绩后再打开。"


@blueprint.get("/sittings/<string:public_id>/receipt")
@require(Permission.EXAMS_SITTING_SIT)
@polling
def show_receipt(public_id: str) -> ResponseReturnValue:
    """Show the proof of handing in; where marks come by themselves, wait for them here."""
    exam, sitting = load(public_id)
    receipt = sittings.get_receipt(sitting, exam)
    if receipt is None:
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    context = {
        "exam": exam,
        "sitting": sitting,
        "receipt": receipt,
        "is_released": exam.released_at is not None,
        "poll_seconds": POLL_SECONDS if grading.is_finished(exam, clock.now()) else WAIT_SECONDS,
        "late": sittings.list_late_answers(sitting.id),
    }
    if not htmx.is_fragment_request():
        return render_template("exams/show_receipt.html", **context)
    body = render_template("exams/_release_state.html", **context)
    return htmx.respond(body, status=htmx.STOP_POLLING if exam.released_at else 200)


@blueprint.get("/sittings/<string:public_id>/result")
@require(Permission.EXAMS_SITTING_SIT)
def show_result(public_id: str) -> ResponseReturnValue:
    """Show my released result with wrong questions and what they rest on."""
    exam, sitting = load(public_id)
    if exam.released_at is None:
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    result = results.get_result(exam, sitting, hidden=questions.hidden_from(signed_in()))
    if result is None:
        state = attendance.state_of(exam, sitting, clock.now())
        return render_template("exams/show_absence.html", exam=exam, state=state)
    return result_page.render_own(result)


@blueprint.post("/sittings/<string:public_id>/sheet")
@require(Permission.EXAMS_SITTING_SIT)
def make_sheet(public_id: str) -> ResponseReturnValue:
    """Order my result sheet; one that exists opens at once."""
    exam, sitting = load(public_id)
    if exam.released_at is None or not results.has_result(exam, sitting):
        abort(409)
    if is_asked_elsewhere(exam):
        return refuse_sheet(public_id)
    if printed.can_open(RESULT_SHEET, sitting.id):
        return redirect(url_for("exams.show_sheet", public_id=public_id), 303)
    by = signed_in().person_id
    with db.write():
        job_id = printed.order(
            RESULT_SHEET, sitting.id, values={"public_id": public_id}, ordered_by_id=by
        )
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)


@blueprint.get("/sittings/<string:public_id>/sheet.pdf")
@require(Permission.EXAMS_SITTING_SIT)
def show_sheet(public_id: str) -> ResponseReturnValue:
    """Open my result sheet."""
    exam, sitting = load(public_id)
    if exam.released_at is None or not results.has_result(exam, sitting):
        abort(404)
    if is_asked_elsewhere(exam):
        return refuse_sheet(public_id)
    return printed.open_file(printed.get_present(RESULT_SHEET, sitting.id))


def is_asked_elsewhere(exam: Exam) -> bool:
    """Tell whether the paper holds a question that I sit in an exam without released marks."""
    return results.is_asked_elsewhere(exam.id, questions.hidden_from(signed_in()))


def refuse_sheet(public_id: str) -> ResponseReturnValue:
    """Lead back to the result: a sheet is whole or not given, its check code covers all of it."""
    flash(SHEET_WAITS, "error")
    return redirect(url_for("exams.show_result", public_id=public_id), 303)
